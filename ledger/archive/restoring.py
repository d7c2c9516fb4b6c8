"""Restore a book or a log from an archive."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ledger.archive.errors import LogNotEmpty
from ledger.archive.manifest import Manifest, Segment, read_manifest
from ledger.archive.writing import check_archive, records_of
from ledger.book import book as books
from ledger.book.book import Book
from ledger.book.draft import draft_of, faults_of_making
from ledger.book.errors import LogIncomplete
from ledger.book.share import Share
from ledger.book.sink import BookSink, rare_collections
from schemas.industry import SHIPPED, IndustryMap
from schemas.topics import TOPICS, TopicPartition, partition_of
from streams import topics
from streams.batch import Batch, PostResult, Record
from streams.cluster import Cluster
from streams.copy import Sender
from streams.log_identity import LogIdentity
from streams.reader import Progress, Reader

_BATCH, _BATCH_BYTES = 8000, 16 * 2**20
"""Records, and bytes of their values, in a batch."""


class Restored(NamedTuple):
    """The result for one topic of a log: records sent, and what is left out: unreadable batches, and records in a wrong
    partition that the new log has no wrong partition for."""

    topic: str
    partitions: int
    records: int
    unreadable: int
    misrouted: int


def restore_book(
    archive: Path,
    path: Path,
    *,
    from_earliest: bool = False,
    industry_map: IndustryMap = SHIPPED,
    progress: Progress = lambda done, whole: None,
) -> Manifest:
    """Build the book at `path` from only an archive; it equals a replay of the log up to the archive's end.

    Raise NoArchive, NotAnArchive, SegmentDamaged, LogIncomplete, BookExists, NotMade; then there is no book.
    """
    manifest = read_manifest(archive)
    firsts = manifest.firsts
    for (topic, partition), first in sorted(firsts.items()):
        if first > 0 and not from_earliest:
            raise LogIncomplete(topic=topic, partition=partition, start=first)
    whole, done = sum(one.end - one.start for one in manifest.segments), 0
    with draft_of(path) as draft:
        books.create_book(draft, manifest.log, firsts, industry_map, manifest.unpacked_bytes)
        with Book(draft, writable=True) as book, rare_collections():
            book.connection.execute("PRAGMA synchronous = OFF")  # a draft: completed and synced, or deleted
            for posted in _posted(book, archive, manifest.segments):
                done += posted
                progress(done, whole)
            book.connection.execute("PRAGMA synchronous = FULL")
    return manifest


@contextmanager
def book_of_partition(archive: Path, manifest: Manifest, topic_partition: TopicPartition) -> Iterator[Book]:
    """Yield a temporary book (in TMPDIR) of one partition of an archive. Raise SegmentDamaged, NotMade."""
    with tempfile.TemporaryDirectory(prefix="ip-ledger-archive-") as made, faults_of_making(Path(made), Path(made)):
        path, share = Path(made, "book.db"), Share.listing([topic_partition])
        firsts = {topic_partition: manifest.firsts[topic_partition]}
        books.create_book(path, manifest.log, firsts, SHIPPED, manifest.unpacked_bytes, share, views=())
        with Book(path, writable=True) as book:
            book.connection.execute("PRAGMA synchronous = OFF")
            for _ in _posted(book, archive, manifest.of(topic_partition)):
                pass
            yield book


def _posted(book: Book, archive: Path, segments: Iterable[Segment]) -> Iterator[int]:
    """Post segments to a draft; yield the number of offsets of each batch."""
    sink = BookSink(book)
    for segment in segments:
        for batch in _batches(segment, records_of(archive, segment)):
            result = sink.post(batch)
            assert result is PostResult.POSTED, "nobody else writes to a draft"
            yield batch.end - batch.start


def _batches(segment: Segment, records: Iterable[Record]) -> Iterator[Batch]:
    """Yield the records of a segment in batches that cover all its offsets."""
    start, held, size = segment.start, list[Record](), 0
    for record in records:
        if len(held) == _BATCH or size > _BATCH_BYTES:
            yield Batch(*segment.topic_partition, start, record.offset, held)
            start, held, size = record.offset, [], 0
        held.append(record)
        size += len(record.value or b"")
    yield Batch(*segment.topic_partition, start, segment.end, held)


class ArchivedLog:
    """An archive as a part of a log, for a verification or a proof."""

    def __init__(self, archive: Path, log: LogIdentity, unpacked_bytes: int) -> None:
        """Raise NoArchive, NotAnArchive, ArchiveOfOtherLog."""
        self._archive, self._manifest = archive, read_manifest(archive)
        self._manifest.require_log(archive, log, unpacked_bytes)

    @property
    def ends(self) -> Mapping[TopicPartition, int]:
        """The offset up to which it has each partition."""
        return self._manifest.ends

    def records(self, topic_partition: TopicPartition, offsets: Collection[int]) -> Iterator[Record]:
        """Yield the records at these offsets, as far as the archive has them. Raise SegmentDamaged."""
        for segment in self._manifest.of(topic_partition):
            if any(segment.start <= offset < segment.end for offset in offsets):
                yield from (one for one in records_of(self._archive, segment) if one.offset in offsets)

    def batches(self, ranges: Mapping[TopicPartition, tuple[int, int]]) -> Iterator[Batch]:
        """Yield batches that cover these ranges. Raise SegmentDamaged."""
        for segment in self._manifest.segments:
            first, end = ranges.get(segment.topic_partition, (0, 0))
            for batch in _batches(segment, records_of(self._archive, segment)):
                start, until = max(batch.start, first), min(batch.end, end)
                if start < until:
                    records = [record for record in batch.records if start <= record.offset < until]
                    yield Batch(*segment.topic_partition, start, until, records)


def restore_log(
    archive: Path,
    target: Cluster,
    partitions: int | None = None,
    progress: Progress = lambda done, whole: None,
) -> list[Restored]:
    """Send all records of an archive to the empty log at `target`, which is created, by default in the shape of the
    archived one. Records of a subject keep their order.

    In the same shape each record goes to its own partition, in another one to that of its key. Raise NoArchive,
    NotAnArchive, SegmentDamaged, LogNotEmpty, LogShapeDiffers, NotCopied, BrokerUnavailable.
    """
    manifest = check_archive(archive)  # before anything is sent
    before = manifest.log.partitions
    count = partitions or max(before.values())
    shape = topics.create(target, count, manifest.unpacked_bytes).shape
    with Reader(target) as reader:
        if any(bound.high for bound in reader.bounds(TOPICS).values()):
            raise LogNotEmpty(brokers=target.brokers, prefix=target.prefix)
    sent, unreadable, misrouted = Counter[str](), Counter[str](), Counter[str]()
    whole, done = sum(one.end - one.start for one in manifest.segments), 0
    with Sender(target) as sender:
        for segment in manifest.segments:
            topic, partition = segment.topic_partition
            for record in records_of(archive, segment):
                there = new_partition(record.key, partition, before[topic], shape.partitions[topic])
                if record.fault is not None:  # no producer can send the bytes of such a batch again
                    unreadable[topic] += 1
                elif there is None:
                    misrouted[topic] += 1
                else:
                    sender.send(topic, there, record, f"{topic}:{partition}={record.offset}")
                    sent[topic] += 1
            done += segment.end - segment.start
            progress(done, whole)
    return [Restored(name, shape.partitions[name], sent[name], unreadable[name], misrouted[name]) for name in TOPICS]


def new_partition(key: bytes | None, partition: int, before: int, after: int) -> int | None:
    """Return the partition of a record in a log of another shape; None if it must be left out.

    A record that was not in the partition of its key was refused, and must not become valid.
    """
    if before == after:
        return partition
    if key is None:
        return partition % after
    home = partition_of(key, after)
    if partition == partition_of(key, before):
        return home
    return (home + 1) % after if after > 1 else None
