"""Recognising the log: is this the log that the book was posted from, and does it still hold what comes next? (P9)"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ledger.book.book import Book, PartitionState
from ledger.book.errors import LogChanged, LogIncomplete, LogRewound, LogTrimmed, LogUnrecognised, OtherLog
from schemas.modes import record_hash
from schemas.topics import TopicPartition
from streams.batch import Record
from streams.cluster import LogIdentity
from streams.reader import Bounds
from streams.shape import Shape

RecordAt = Callable[[str, int, int], Record | None]
"""The record at (topic, partition, offset), if there is one."""


def recognise(
    book: Book,
    positions: Iterable[PartitionState],
    log: LogIdentity,
    shape: Shape,
    bounds: Mapping[TopicPartition, Bounds],
    record_at: RecordAt,
) -> None:
    """Raises the named error if the book must not go on from this log; changes nothing.

    The `positions` must be older than the `bounds`: another worker may post meanwhile, and would seem ahead of the log.
    """
    same_log(book, log)
    same_shape(book, shape, log.partitions)
    for position in positions:
        _holds_what_comes_next(position, bounds[position.topic, position.partition])
        _holds_what_came_last(position, bounds[position.topic, position.partition], record_at)


def firsts(bounds: Mapping[TopicPartition, Bounds], *, from_earliest: bool) -> dict[TopicPartition, int]:
    """Where a new book begins. Raises LogIncomplete where that is not offset 0, unless `from_earliest` allows it."""
    for (topic, partition), bound in sorted(bounds.items()):
        if bound.first > 0 and not from_earliest:
            raise LogIncomplete(topic=topic, partition=partition, start=bound.first)
    return {place: bound.first for place, bound in bounds.items()}


def same_log(book: Book, log: LogIdentity) -> None:
    """Raises OtherLog if the cluster or a topic is not the one that the book stands on."""
    _same(book, "the cluster id", book.log.cluster_id, log.cluster_id)
    _same_ids(book, log.topic_ids)


def same_topics(book: Book, ids: Mapping[str, str], partitions: Mapping[str, int]) -> None:
    """Raises OtherLog if a topic is not the one that the book stands on; LogShapeDiffers if it has another count of
    partitions."""
    _same_ids(book, ids)
    book.shape.require(partitions)


def same_shape(book: Book, shape: Shape, partitions: Mapping[str, int]) -> None:
    """Raises LogShapeDiffers if a topic has another count of partitions than the log is made for; OtherLog if the book
    was made for another shape."""
    shape.require(partitions)
    known = book.shape
    for topic, count in shape.partitions.items():
        _same(book, f"the count of partitions of {topic}", known.partitions[topic], count)
    _same(book, "what a batch of it may unpack to", known.unpacked_bytes, shape.unpacked_bytes)


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
    within_batch = record is not None and record.fault is not None  # one outcome for all of its offsets
    if offset > position.last_offset and not within_batch:
        raise LogUnrecognised(**facts, start=bound.first)
    if record is None or record_hash(record.value, record.headers) != position.last_hash:
        raise LogChanged(**facts)
