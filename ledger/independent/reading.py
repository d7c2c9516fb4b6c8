"""The log, read through kafka-python: another client than the ledger's own."""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import cramjam

from ledger.independent.terms import Log, PartitionLog, TopicPartition
from schemas.errors import Unavailable


class _Zstandard:
    """The part that kafka-python uses of the package zstandard, by cramjam."""

    class ZstdDecompressor:
        """Unpacks frames."""

        def stream_reader(self, packed: io.BytesIO, *, read_across_frames: bool) -> io.BytesIO:
            """Return the content of frames."""
            return io.BytesIO(bytes(cramjam.zstd.decompress(packed.read())))


class _Snappy:
    """The part that kafka-python uses of the package python-snappy, by cramjam."""

    @staticmethod
    def decompress(packed: bytes) -> bytes:
        """Return the content of a block."""
        return bytes(cramjam.snappy.decompress_raw(packed))


PATIENCE_SECONDS = 30.0
"""The longest wait for a record."""


class NotReadIndependently(Unavailable):
    """kafka-python does not read {topic}:{partition} from offset {offset}: {reason}. A plain `ip-ledger verify` reads
    record batches that other clients refuse."""


def read_log(settings: Mapping[str, Any], prefix: str, ranges: Mapping[TopicPartition, tuple[int, int]]) -> Log:
    """Return the records of these ranges. `settings` are those of a kafka-python client.

    Raise NotReadIndependently.
    """
    from kafka import KafkaConsumer, codec
    from kafka.errors import KafkaError

    codec.zstd, codec.snappy = codec.zstd or _Zstandard, codec.snappy or _Snappy
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # its errors are raised as exceptions too
    log = {}
    topic_partition: TopicPartition = ("", 0)
    try:
        consumer = KafkaConsumer(**settings, isolation_level="read_committed", enable_auto_commit=False)
        with closing(consumer):
            for topic_partition, (start, end) in sorted(ranges.items()):
                log[topic_partition] = _partition_log(consumer, prefix, topic_partition, start, end)
    except KafkaError as error:
        raise NotReadIndependently(
            topic=topic_partition[0], partition=topic_partition[1], offset=0, reason=repr(error)
        ) from error
    return log


def _partition_log(consumer: Any, prefix: str, topic_partition: TopicPartition, start: int, end: int) -> PartitionLog:
    from kafka import TopicPartition as Partition

    topic, number = topic_partition
    partition = Partition(f"{prefix}{topic}", number)
    records: list[tuple[int, bytes | None, bytes | None]] = []
    headers: dict[int, list[tuple[bytes | str, bytes | None]]] = {}
    timestamps: dict[int, int] = {}
    if start < end:
        consumer.assign([partition])
        first, last = consumer.beginning_offsets([partition])[partition], consumer.end_offsets([partition])[partition]
        if first > start or last < end:
            reason = f"the log holds [{first}, {last}), the book [{start}, {end})"
            raise NotReadIndependently(topic=topic, partition=number, offset=start, reason=reason)
        consumer.seek(partition, start)
    position, waited = start, time.monotonic()
    while position < end:
        try:
            found = consumer.poll(timeout_ms=200).get(partition, [])
            following = consumer.position(partition)
        except Exception as error:  # this client raises anything at bytes that it cannot read
            reason = repr(error)
            raise NotReadIndependently(topic=topic, partition=number, offset=position, reason=reason) from error
        for one in found:
            if one.offset < end:
                records.append((one.offset, one.key, one.value))
                timestamps[one.offset] = one.timestamp
                if one.headers:
                    headers[one.offset] = list(one.headers)
        if following > position:
            position, waited = following, time.monotonic()
        elif time.monotonic() > waited + PATIENCE_SECONDS:
            raise NotReadIndependently(topic=topic, partition=number, offset=position, reason="no record comes")
    return PartitionLog(start, end, records, headers, timestamps)
