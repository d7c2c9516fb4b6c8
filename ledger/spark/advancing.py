"""The driver: one step of a lake, from its last commit to a position of the log, and its repetition."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from threading import Event
from typing import Any, NamedTuple

import pysqlite3 as sqlite3

from ledger.book.book import Book, create_book
from ledger.book.connection import columns_of, table_names
from ledger.book.digest import IDENTITIES, Digest, Part, rows_in_order
from ledger.book.errors import BeyondLog
from ledger.book.parts import SUMS, TOPIC_OF
from ledger.book.recognition import firsts, recognise
from ledger.book.share import WHOLE, Share
from ledger.durable import sync
from ledger.spark.commits import COMMITS, ROWS, Commit, Files, LakePartition, last_commit, publish_commit
from ledger.spark.errors import LakeDamaged, LakeFault, OtherChoice
from ledger.spark.fragment import OF_PARTITION, LakeSource, load, source_of
from ledger.spark.session import run_tasks, summed
from ledger.spark.table_files import TableWriter, columns_with_types
from ledger.spark.task import Assignment, advance_fragment
from schemas.industry import SHIPPED, IndustryMap
from schemas.topics import TOPICS, TopicPartition
from streams.cluster import Cluster
from streams.reader import Bounds, Reader
from streams.retention import require_uncompacted
from streams.shape import log_in_shape

NO_PARTITION: LakePartition = (None, None)
"""The key of constants, and of the sums of all partitions."""


@dataclass(frozen=True, slots=True)
class LakeChoice:
    """The choices for a new lake; None for the default, or for what an existing lake has."""

    industry_map: IndustryMap | None = None
    share: Share | None = None
    from_earliest: bool = False


class LakeStep(NamedTuple):
    """A step of a lake: its commit, whether it is new, and the number of records read."""

    commit: Commit
    is_new: bool
    records: int


def take_step(
    spark: Any,
    cluster: Cluster,
    lake: Path,
    to: Mapping[TopicPartition, int] | None = None,
    choice: LakeChoice | None = None,
) -> LakeStep:
    """Fold new records of the log into the lake, up to a position or to the log's end at the call. Commit them. Without
    anything new there is no new commit.

    Raise NotALake, LakeFault, LakeDamaged, LakeOfOtherVersion, OtherChoice, CommitLost, TaskFailed, BeyondLog,
    LogIncomplete, LogShapeDiffers, TopicCompacted, BrokerUnavailable, and as a worker if the log is not the lake's.
    """
    before = last_commit(lake)
    with _head(cluster, lake, before, choice or LakeChoice()) as (head, bounds):
        source = source_of(cluster, head, lake)
        assignments = _assignments(head, before, bounds, to)
        if before and not assignments:
            return LakeStep(before, is_new=False, records=0)
        try:
            for directory in (lake / COMMITS, lake / ROWS):
                directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LakeFault(path=lake, reason=error.strerror) from error
        found = [*run_tasks(spark, source, assignments, advance_fragment)]
        commit = _commit(spark, source, head, before, found)
        publish_commit(lake, commit)
    return LakeStep(commit, is_new=True, records=sum(document["records"] for _, document in found))


def steps(
    spark: Any, cluster: Cluster, lake: Path, stop: Event, seconds: float, choice: LakeChoice
) -> Iterator[LakeStep]:
    """Take a step every `seconds`, until `stop` is set. Yield those with a new commit. Raise like `take_step`."""
    while not stop.is_set():
        taken = take_step(spark, cluster, lake, None, choice)
        if taken.is_new:
            yield taken
        stop.wait(seconds)


@contextmanager
def _head(
    cluster: Cluster, lake: Path, before: Commit | None, choice: LakeChoice
) -> Iterator[tuple[Book, dict[TopicPartition, Bounds]]]:
    """Yield a temporary book with the constants and positions of the lake, and the bounds of its partitions; of the new
    lake, if there is no commit. Check that the log is the lake's."""
    log, shape = log_in_shape(cluster)
    require_uncompacted(cluster)
    with tempfile.TemporaryDirectory(prefix="ip-ledger-") as made, Reader(cluster) as reader:
        path = Path(made) / "head.db"
        if before is None:
            share = choice.share or WHOLE
            bounds = _held(reader, share.topic_partitions(shape.partitions))
            begin = firsts(bounds, from_earliest=choice.from_earliest)
            create_book(path, log, begin, choice.industry_map or SHIPPED, shape.unpacked_bytes, share, views=())
        else:
            _require_same(lake, before, choice)
            share = Share.parse(before.share)
            create_book(path, before.log, {}, SHIPPED, before.unpacked_bytes, share, views=())
            restore_head(path, lake, before)
        with Book(path) as head:
            head.path = lake  # for messages
            if before is not None:
                positions = head.positions()
                bounds = _held(reader, [(one.topic, one.partition) for one in positions])
                recognise(head, positions, log, shape, bounds, reader.record)
            yield head, bounds


def restore_head(path: Path, lake: Path, commit: Commit) -> None:
    """Give a new book the industry map and the positions of a lake. Raise LakeDamaged."""
    try:
        with Book(path, writable=True) as head:
            head.connection.execute("DELETE FROM industry_rule")
            head.connection.execute("UPDATE meta SET value = ? WHERE name = 'industry_map'", (commit.industry_map,))
            load(lake, head, {table: commit.files_of(table) for table in ("industry_rule", "position")})
    except (OSError, ValueError, TypeError, sqlite3.Error) as error:
        raise LakeDamaged(path=lake, reason=f"its industry map and positions: {error}") from error


def constant_parts(head: Book, digest: Digest, lake: Path | None = None) -> Files:
    """Add the tables of constants to a digest, and write them to a lake, if there is one. Return their files."""
    files: Files = {}
    for table in table_names(head.connection):
        types = columns_with_types(head.connection, table)
        if table in SUMS or table in TOPIC_OF or "partition" in types:
            continue
        rows = digest.through(table, *rows_in_order(head.connection, table))
        own = (row for row in rows if not (table == "meta" and row[0].startswith(IDENTITIES)))
        files |= _file_of(lake, table, types, own)
    return files


def sum_parts(spark: Any, head: Book, digest: Digest, lake: Path, of_partitions: list[Files], *, write: bool) -> Files:
    """Add the sums of all partitions, added up from those of each, to a digest, and write them, if asked. Return their
    files."""
    files: Files = {}
    for table in SUMS:
        columns, key = columns_of(head.connection, table)
        paths = [lake / path for known in of_partitions for path in known.get(table + OF_PARTITION, [])]
        rows = digest.through(table, columns, summed(spark, paths, columns, key))
        files |= _file_of(lake if write else None, table, columns_with_types(head.connection, table), rows)
    return files


def _file_of(lake: Path | None, table: str, types: dict[str, str], rows: Iterable[tuple[Any, ...]]) -> Files:
    """Write rows to a new file of a lake, or only read them. Return the files: none without rows."""
    if lake is None:
        for _ in rows:
            pass
        return {}
    writer = TableWriter(lake / ROWS / f"{table}-{token_hex(4)}.parquet", types)
    for row in rows:
        writer.add(row)
    return {table: [str(writer.path.relative_to(lake))]} if writer.close() else {}


def _require_same(lake: Path, before: Commit, choice: LakeChoice) -> None:
    by, share = choice.industry_map, choice.share
    if by and by.cited != before.industry_map:
        raise OtherChoice(path=lake, what="the industry map", found=before.industry_map, wanted=by.cited)
    if share and share.text != before.share:
        raise OtherChoice(path=lake, what="the share", found=before.share, wanted=share.text)


def _held(reader: Reader, topic_partitions: Collection[TopicPartition]) -> dict[TopicPartition, Bounds]:
    everywhere = reader.bounds(TOPICS)
    return {topic_partition: everywhere[topic_partition] for topic_partition in topic_partitions}


def _assignments(
    head: Book,
    before: Commit | None,
    bounds: Mapping[TopicPartition, Bounds],
    to: Mapping[TopicPartition, int] | None,
) -> list[Assignment]:
    """Return the range that each partition lacks; of a new lake also empty ones, for their positions."""
    found = []
    for one in head.positions():
        topic_partition, bound = (one.topic, one.partition), bounds[one.topic, one.partition]
        end = bound.end if to is None else to.get(topic_partition, one.next)
        if not one.next <= end <= bound.end:
            raise BeyondLog(topic=one.topic, partition=one.partition, offset=end, first=one.next, end=bound.end)
        if end > one.next or before is None:
            files = dict(before.files.get(topic_partition, {})) if before else {}
            found.append(Assignment(topic_partition, one.first, one.next, end, files))
    return found


def _commit(
    spark: Any,
    source: LakeSource,
    head: Book,
    before: Commit | None,
    found: list[tuple[Assignment, dict[str, Any]]],
) -> Commit:
    """Return the next commit: the one before, with what tasks have found instead, and new sums."""
    files: dict[LakePartition, Files] = dict(before.files) if before else {}
    positions = dict(before.positions) if before else {}
    changed = {assignment.topic_partition for assignment, _ in found}
    parts = [part for part in before.parts if (part.topic, part.partition) not in changed] if before else []
    sums = [part for part in before.sums if (part.topic, part.partition) not in changed] if before else []
    for assignment, document in found:
        files[assignment.topic_partition] = document["files"]
        positions[assignment.topic_partition] = (assignment.first, assignment.end)
        for part in (Part(*part) for part in document["parts"]):
            (sums if part.table.endswith(OF_PARTITION) else parts).append(part)
    digest, lake = Digest(), source.lake
    of_partitions = [known for topic_partition, known in files.items() if topic_partition != NO_PARTITION]
    try:
        files[NO_PARTITION] = constant_parts(head, digest, lake) if before is None else dict(before.files[NO_PARTITION])
        for table in SUMS:
            files[NO_PARTITION].pop(table, None)
        files[NO_PARTITION] |= sum_parts(spark, head, digest, lake, of_partitions, write=True)
        sync(lake / ROWS)
    except OSError as error:
        raise LakeFault(path=lake, reason=error.strerror or error) from error
    parts = [part for part in parts if part.table not in SUMS] + digest.parts()
    return Commit(
        before.number + 1 if before else 1,
        head.log,
        head.meta["industry_map"],
        head.shape.unpacked_bytes,
        head.share.text,
        positions,
        files,
        in_order(parts),
        in_order(sums),
    )


def in_order(parts: Iterable[Part]) -> list[Part]:
    """Return parts in the order of a digest."""
    return sorted(parts, key=lambda part: (part.table, part.topic or "", part.partition or 0))
