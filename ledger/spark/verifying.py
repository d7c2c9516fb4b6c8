"""Verify a lake: its files with the parts of its last commit, and these parts with a fold of the log.

Each task reads a partition twice, from the files and from the log, so that each difference has its cause.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from ledger.audit.passes import error_of
from ledger.book.book import Book, create_book
from ledger.book.digest import Digest, Part, root
from ledger.book.recognition import same_log, same_shape
from ledger.book.share import Share
from ledger.spark.advancing import NO_PARTITION, constant_parts, in_order, restore_head, sum_parts
from ledger.spark.commits import Commit, LakePartition, required_commit
from ledger.spark.fragment import OF_PARTITION, source_of
from ledger.spark.session import run_tasks
from ledger.spark.table_files import columns_with_types, read_rows
from ledger.spark.task import Assignment, check_fragment
from schemas.industry import SHIPPED
from streams.cluster import Cluster
from streams.shape import log_in_shape


class LakeDifference(NamedTuple):
    """A part that differs: its table and partition, and its digests in the commit, of the files, and from the log; None
    without rows. `files` of sums and constants are added up, or those of this program."""

    error: str
    table: str
    topic: str | None
    partition: int | None
    commit: str | None
    files: str | None
    log: str | None
    reason: str = ""


class LakeReport(NamedTuple):
    """The verdict `equal` or `different`; the commit, its root, and the root that the log gives."""

    verdict: str
    commit: int
    root: str
    root_of_log: str
    records: int
    differences: list[LakeDifference]


def verify_lake(spark: Any, cluster: Cluster, lake: Path) -> LakeReport:
    """Compare the last commit of a lake with its files and with the log.

    Raise NotALake, LakeFault, LakeDamaged, LakeOfOtherVersion, OtherLog, LogShapeDiffers, TaskFailed,
    BrokerUnavailable.
    """
    commit = required_commit(lake)
    log, shape = log_in_shape(cluster)
    with tempfile.TemporaryDirectory(prefix="ip-ledger-") as made:
        path = Path(made) / "head.db"
        create_book(path, commit.log, {}, SHIPPED, commit.unpacked_bytes, Share.parse(commit.share), views=())
        restore_head(path, lake, commit)
        with Book(path) as head:
            head.path = lake  # for messages
            same_log(head, log)
            same_shape(head, shape, log.partitions)
            source = source_of(cluster, head, lake)
            found = [*run_tasks(spark, source, _assignments(commit), check_fragment)]
            reasons: dict[LakePartition, str] = {
                one.topic_partition: known["reason"] for one, known in found if known["reason"]
            }
            of_files = _kept(head, commit, reasons)
            of_log = _computed(spark, head, commit, reasons)
    of_files += [Part(*part) for _, document in found for part in document["files"]]
    of_log += [Part(*part) for _, document in found for part in document["log"]]
    differences = [*_differences([*commit.parts, *commit.sums], of_files, of_log, reasons)]
    whole = in_order(part for part in of_log if not part.table.endswith(OF_PARTITION))
    records = sum(document["records"] for _, document in found)
    verdict = "different" if differences else "equal"
    return LakeReport(verdict, commit.number, commit.root, root(whole), records, differences)


def _assignments(commit: Commit) -> list[Assignment]:
    return [
        Assignment(topic_partition, first, first, following, dict(commit.files.get(topic_partition, {})))
        for topic_partition, (first, following) in commit.positions.items()
    ]


def _kept(head: Book, commit: Commit, reasons: dict[LakePartition, str]) -> list[Part]:
    """Return the parts of the files of constants and sums."""
    digest = Digest()
    try:
        for table, paths in commit.files.get(NO_PARTITION, {}).items():
            types = columns_with_types(head.connection, table)
            rows = chain.from_iterable(read_rows(head.path / path, types) for path in paths)
            for _ in digest.through(table, [*types], rows):
                pass
    except (OSError, ValueError, TypeError) as error:
        reasons[NO_PARTITION] = str(error)
    return digest.parts()


def _computed(spark: Any, head: Book, commit: Commit, reasons: dict[LakePartition, str]) -> list[Part]:
    """Return the parts of the constants of this program, and of the sums added up again from those of partitions, which
    tasks compare with the log; without sums, if not all of these can be read."""
    digest = Digest()
    constant_parts(head, digest)
    if not reasons:
        of_partitions = [files for topic_partition, files in commit.files.items() if topic_partition != NO_PARTITION]
        sum_parts(spark, head, digest, head.path, of_partitions, write=False)
    return digest.parts()


def _differences(
    commit: Iterable[Part], files: Iterable[Part], log: Iterable[Part], reasons: dict[LakePartition, str]
) -> Iterator[LakeDifference]:
    sides = [{part[:3]: part for part in parts} for parts in (commit, files, log)]
    for key in sorted({*sides[0], *sides[1], *sides[2]}, key=lambda key: (key[0], key[1] or "", key[2] or 0)):
        parts = [side.get(key) for side in sides]
        if any(part != parts[0] for part in parts):
            table, topic, partition = key
            name = error_of(table.removesuffix(OF_PARTITION))
            in_commit, in_files, in_log = (part.digest if part else None for part in parts)
            reason = reasons.get((topic, partition), "")
            yield LakeDifference(name, table, topic, partition, in_commit, in_files, in_log, reason)
