"""Verify: comparison of a snapshot of the book with a replay of the log to its position, row by row."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, Protocol

from ledger.audit.diff import Difference, first_differences
from ledger.audit.signed import copied_audit, differences_inside, last_statement, unsigned_statement
from ledger.audit.together import post_ranges
from ledger.book import book as books
from ledger.book.book import Book, PartitionState
from ledger.book.connection import snapshot, translated_errors
from ledger.book.digest import Part
from ledger.book.draft import faults_of_making
from ledger.book.installed_views import installed_version, views_version
from ledger.book.position import position_text
from ledger.book.recognition import same_log, same_shape
from ledger.book.sink import BookSink
from ledger.book.verified import Verified, heads_of, verified_now
from ledger.proof.audit_file import audit_path
from ledger.proof.note import Verifier
from ledger.queries.erasures import DemandedErasure, ErasedBytes, erasures
from schemas.topics import TOPICS, TopicPartition
from streams.batch import Batch, Record
from streams.cluster import Cluster
from streams.fetch import LogHasHoles
from streams.log_identity import identity
from streams.reader import Bounds, Progress, Reader
from streams.shape import LogShapeDiffers, read_shape


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The verdict is `equal`, `different`, or `incomplete`: no difference found, but the log no longer holds all of
    the book's records, or may have events outside the book; `reason` explains which."""

    verdict: str
    position: str
    records: int
    seconds: float
    digest: str
    tables: dict[str, int]
    differences: list[Difference]
    reason: str = ""
    views: str = ""
    """The version of the views in the book if it is not this program's; the verdict does not depend on it."""
    parts: list[Part] = field(default_factory=list)
    """The parts of the digest: one for each table and partition."""
    seed: int | None = None
    """The seed of the sample. Position, records, tables and digest are those of the sample alone."""
    verified: Verified | None = None
    """The position and roots to keep next to the book; only of a whole book that equals the log."""
    erased: list[FoundErasure] = field(default_factory=list)
    """Records of the archive whose names of persons are gone."""
    unsigned: int | None = None
    """The number of the last statement if its signer was ended before it signed: no difference, but no proof either."""

    def as_json(self) -> dict[str, Any]:
        """Return the output of `ip-ledger verify --json`."""
        document = asdict(self) | {"parts": [part._asdict() for part in self.parts]}
        document["differences"] = [asdict(one) | {"error": one.error} for one in self.differences]
        del document["verified"]
        document["erased"] = [one._asdict() for one in self.erased]
        position = document.pop("position")
        return {**document, "position": position}


class Sample(NamedTuple):
    """A number of partitions to verify, and the seed that they are drawn from."""

    partitions: int
    seed: int

    def drawn(self, positions: Iterable[PartitionState]) -> list[PartitionState]:
        """Return these partitions with records, or all of them if there are fewer, in their order."""
        filled = [position for position in positions if position.next > position.first]
        count = min(self.partitions, len(filled))
        chosen = sorted(Random(self.seed).sample(range(len(filled)), count))  # noqa: S311 - to be drawn again
        return [filled[number] for number in chosen]


class EarlierLog(Protocol):
    """The part of a log that an archive has: each partition up to its end."""

    @property
    def ends(self) -> Mapping[TopicPartition, int]:
        """The offset up to which it has each partition."""

    def batches(self, ranges: Mapping[TopicPartition, tuple[int, int]]) -> Iterator[Batch]:
        """Yield batches that cover these ranges, the partitions in any order."""


class FoundErasure(NamedTuple):
    """A record whose names of persons are gone: its place, the law, and the event that demands it."""

    place: str
    law: str
    event: str


def verify(
    cluster: Cluster,
    path: Path,
    progress: Progress = lambda done, whole: None,
    processes: int | None = 1,
    sample: Sample | None = None,
    keys: Sequence[Verifier] = (),
    earlier: EarlierLog | None = None,
) -> VerifyReport:
    """Compare the book with the log, or a `sample` of its partitions. A worker may continue meanwhile, as a snapshot is
    compared. `processes`: see `post_ranges`. `keys`: of the log, for its checkpoints. `earlier`: read first.
    This creates two temporary books (in TMPDIR): the snapshot, so that the book itself is not locked while the log is
    read, and the replay. Raise BookUnavailable, BookDamaged, NotMade, OtherLog, BrokerUnavailable.
    """
    began = time.monotonic()
    with _temporary() as directory:
        taken, again = directory / "book.db", directory / "log.db"
        audit = _taken(path, taken)
        with Book(taken) as book:
            book.path = path  # in errors: nobody knows the snapshot
            elsewhere = _recognised(cluster, book)
            positions = sample.drawn(book.positions()) if sample else book.positions()
            views = installed_version(book.connection)
            topic_partitions = [(position.topic, position.partition) for position in positions] if sample else None
            held = topic_partitions or book.share.topic_partitions(book.shape.partitions)
            inside = differences_inside(book, held, audit, directory, keys, sample=sample is not None)
            unsigned = None if sample else unsigned_statement(audit)
            read = _Archived(book, again, _ranges(positions, _bounds(cluster, held)), earlier)
            records, reason = _replayed(cluster, book, read, again, progress, processes)
            with translated_errors(path):
                compared = first_differences(book, again if records is not None else taken, topic_partitions)
            differences = [*compared.differences, *read.without_law, *inside]
            equal = not (differences or reason or elsewhere)
            verified = _verified(book, audit, compared.digest) if equal and not sample else None
    return VerifyReport(
        "equal" if equal else "different" if differences else "incomplete",
        position_text(positions),
        records or 0,
        round(time.monotonic() - began, 3),
        compared.digest,
        compared.tables,
        differences,
        reason or elsewhere,
        "" if views == views_version() else views,
        compared.parts,
        sample.seed if sample else None,
        verified,
        read.erased,
        unsigned,
    )


@contextmanager
def _temporary() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="ip-ledger-verify-") as made, faults_of_making(Path(made), Path(made)):
        yield Path(made)


def _taken(path: Path, taken: Path) -> Path:
    """Take a snapshot of a sound book, and of its file of checkpoints before; return the path of the latter."""
    audit = copied_audit(audit_path(path), taken.parent)
    snapshot(path, taken, of_sound=True)
    return audit


def _verified(book: Book, audit: Path, digest: str) -> Verified:
    heads = heads_of(book)
    checkpoint, _ = last_statement(book, audit, heads)  # all of them were compared
    return verified_now(book, heads, "verify", digest, checkpoint)


class _Archived:
    """The part of the ranges that an archive has, and what is erased in it."""

    def __init__(
        self, book: Book, again: Path, ranges: Mapping[TopicPartition, tuple[int, int]], earlier: EarlierLog | None
    ) -> None:
        self._book, self._again, self._earlier = book, again, earlier
        ends = earlier.ends if earlier else {}
        self.firsts = {topic_partition: first for topic_partition, (first, _) in ranges.items()}
        middles = {
            topic_partition: min(max(first, ends.get(topic_partition, first)), end)
            for topic_partition, (first, end) in ranges.items()
        }
        self._ranges = {
            topic_partition: (first, middles[topic_partition]) for topic_partition, first in self.firsts.items()
        }
        self.rest = {topic_partition: (middles[topic_partition], end) for topic_partition, (_, end) in ranges.items()}
        self.erased: list[FoundErasure] = []
        self.without_law: list[Difference] = []

    def post(self) -> int:
        """Post it to the second book, and return the number of records."""
        if self._earlier is None:
            return 0
        demanded, records = erasures(self._book), 0
        with Book(self._again, writable=True) as book:
            sink = BookSink(book)
            for batch in self._earlier.batches(self._ranges):
                sink.post(batch)
                records += len(batch.records)
                for record in batch.records:
                    if record.erased is not None:
                        self._note(demanded, batch, record, record.erased)
        return records

    def _note(
        self, demanded: Mapping[ErasedBytes, DemandedErasure], batch: Batch, record: Record, erased: bytes
    ) -> None:
        place = f"{batch.topic}:{batch.partition}={record.offset}"
        if erasure := demanded.get((batch.topic, batch.partition, record.offset, erased)):
            self.erased.append(FoundErasure(place, erasure.law, erasure.event))
        else:
            self.without_law.append(Difference("erasure", {"place": place}, None, {"erased": "by no event"}))


def _bounds(cluster: Cluster, held: Collection[TopicPartition]) -> dict[TopicPartition, Bounds]:
    with Reader(cluster) as reader:
        return {
            topic_partition: bound
            for topic_partition, bound in reader.bounds(TOPICS).items()
            if topic_partition in held
        }


def _replayed(
    cluster: Cluster, book: Book, archived: _Archived, path: Path, progress: Progress, processes: int | None
) -> tuple[int | None, str]:
    """Build a book at `path` from the archive, and from the log beyond it, up to the position.

    Return the number of records read, None if the log no longer holds all; and why the verdict cannot be `equal`, empty
    if it can.
    """
    bounds = _bounds(cluster, archived.rest)
    for (topic, partition), (start, end) in archived.rest.items():
        first = bounds[topic, partition].first
        if first > start and (start < end or start == archived.firsts[topic, partition]):
            return None, f"the log of {topic}:{partition} begins at {first}"
    firsts = archived.firsts
    books.create_book(path, book.log, firsts, book.industry_map, book.shape.unpacked_bytes, book.share, views=())
    try:
        records = archived.post()
        records += post_ranges(cluster, book.shape.unpacked_bytes, path, archived.rest, progress, processes)
    except LogHasHoles as error:
        facts = error.facts
        gone = f"[{facts['start']}, {facts['end']})"
        return None, f"the log of {facts['topic']}:{facts['partition']} no longer holds {gone}"
    partial = [f"{topic}:{partition}" for (topic, partition), first in firsts.items() if first]
    return records, f"the book begins after offset 0 in {', '.join(partial)}" if partial else ""


def _recognised(cluster: Cluster, book: Book) -> str:
    """Return why there may be events in partitions that the book does not have; empty if there are none. Raise
    OtherLog, LogShapeDiffers if the log is not the book's."""
    found = identity(cluster)
    same_log(book, found)
    shape = read_shape(cluster)
    same_shape(book, shape, shape.partitions)
    try:
        shape.require(found.partitions)
    except LogShapeDiffers as error:
        return str(error)
    return ""


def _ranges(
    positions: list[PartitionState], bounds: Mapping[TopicPartition, Bounds]
) -> dict[TopicPartition, tuple[int, int]]:
    """Return the range of each partition of the log to read. A book with more than the log holds, or with other
    partitions, is compared all the same: its positions will differ."""
    posted = {(position.topic, position.partition): (position.first, position.next) for position in positions}
    ranges = {}
    for topic_partition, bound in bounds.items():
        first, next_ = posted.get(topic_partition, (bound.first, bound.first))
        ranges[topic_partition] = (first, max(first, min(next_, bound.end)))
    return ranges
