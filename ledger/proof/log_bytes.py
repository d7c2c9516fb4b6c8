"""The bytes of scattered records, read from the log in as few ranges as is sensible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.topics import TopicPartition
from streams.batch import Record
from streams.reader import Reader

_NEAR = 5_000
"""Offsets between two records that are read along: faster than another stretch."""


def records_at(reader: Reader, topic_partition: TopicPartition, offsets: Sequence[int]) -> Iterator[Record]:
    """Yield the records at these offsets, which are in order, as far as the log has them. Raise like Reader."""
    first = reader.bounds([topic_partition[0]])[topic_partition].first
    wanted = {offset for offset in offsets if offset >= first}
    for start, end in _stretches(sorted(wanted)):
        for batch in reader.batches({topic_partition: (start, end)}):
            yield from (record for record in batch.records if record.offset in wanted)


def _stretches(offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    if not offsets:
        return
    start = end = offsets[0]
    for offset in offsets:
        if offset > end + _NEAR:
            yield start, end + 1
            start = offset
        end = offset
    yield start, end + 1
