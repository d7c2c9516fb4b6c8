"""Recognition of the log (P9): whether it is the book's log, and still holds the book's last and next records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ledger.book.book import Book, PartitionState
from ledger.book.errors import LogChanged, LogIncomplete, LogRewound, LogTrimmed, LogUnrecognised, OtherLog
from schemas.modes import record_hash
from schemas.topics import TopicPartition
from streams.batch import Record
from streams.log_identity import LogIdentity
from streams.reader import Bounds
from streams.shape import Shape

RecordAt = Callable[[str, int, int], Record | None]
"""(topic, partition, offset) -> the record there, or None."""


def recognise(
    book: Book,
    positions: Iterable[PartitionState],
    log: LogIdentity,
    shape: Shape,
    bounds: Mapping[TopicPartition, Bounds],
    record_at: RecordAt,
) -> None:
    """Raise OtherLog, LogShapeDiffers, LogRewound, LogTrimmed, LogUnrecognised or LogChanged if the book must not
    continue from this log.

    Read the `positions` before the `bounds`: another worker may post in between, and would seem ahead of the log.
    """
    same_log(book, log)
    same_shape(book, shape, log.partitions)
    for position in positions:
        _holds_what_comes_next(position, bounds[position.topic, position.partition])
        _holds_what_came_last(position, bounds[position.topic, position.partition], record_at)


def firsts(bounds: Mapping[TopicPartition, Bounds], *, from_earliest: bool) -> dict[TopicPartition, int]:
    """Return the first offsets of a new book. Raise LogIncomplete if one is not 0, unless `from_earliest`."""
    for (topic, partition), bound in sorted(bounds.items()):
        if bound.first > 0 and not from_earliest:
            raise LogIncomplete(topic=topic, partition=partition, start=bound.first)
    return {topic_partition: bound.first for topic_partition, bound in bounds.items()}


def same_log(book: Book, log: LogIdentity) -> None:
    """Raise OtherLog if the cluster or a topic is not the book's."""
    _same(book, "the cluster id", book.log.cluster_id, log.cluster_id)
    _same_ids(book, log.topic_ids)


def same_topics(book: Book, ids: Mapping[str, str], partitions: Mapping[str, int]) -> None:
    """Raise OtherLog if a topic is not the book's, LogShapeDiffers if it has another number of partitions."""
    _same_ids(book, ids)
    book.shape.require(partitions)


def same_shape(book: Book, shape: Shape, partitions: Mapping[str, int]) -> None:
    """Raise LogShapeDiffers if a topic's number of partitions differs from the log's shape, OtherLog if the book's
    shape does."""
    shape.require(partitions)
    known = book.shape
    for topic, count in shape.partitions.items():
        _same(book, f"the number of partitions of {topic}", known.partitions[topic], count)
    _same(book, "the size that a batch may unpack to", known.unpacked_bytes, shape.unpacked_bytes)


def _same_ids(book: Book, ids: Mapping[str, str]) -> None:
    for topic, known in book.log.topic_ids.items():
        _same(book, f"the id of {topic}", known, ids.get(topic))


def _same(book: Book, what: str, known: object, found: object) -> None:
    if known != found:
        raise OtherLog(path=book.path, what=what, known=known, found=found)


def _holds_what_comes_next(position: PartitionState, bound: Bounds) -> None:
    topic, partition, offset = position.topic, position.partition, position.next
    if bound.end < offset:
        raise LogRewound(topic=topic, partition=partition, end=bound.end, next=offset)
    if bound.first > offset:
        raise LogTrimmed(topic=topic, partition=partition, start=bound.first, next=offset)


def _holds_what_came_last(position: PartitionState, bound: Bounds, record_at: RecordAt) -> None:
    if position.last_offset is None:
        return
    facts = {"topic": position.topic, "partition": position.partition, "offset": position.last_offset}
    offset = max(bound.first, position.last_offset)
    record = record_at(position.topic, position.partition, offset) if offset < position.next else None
    within_batch = record is not None and record.fault is not None  # an unreadable batch: one record for all offsets
    if offset > position.last_offset and not within_batch:
        raise LogUnrecognised(**facts, start=bound.first)
    if record is None or record_hash(record.value, record.headers) != position.last_hash:
        raise LogChanged(**facts)
