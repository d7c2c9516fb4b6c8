"""The topics: names, numbers, default partition counts, and the partition of a key."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

TopicPartition = tuple[str, int]
"""A partition of the log: the topic's name without the installation's prefix, and the partition's number."""
Offsets = Mapping[TopicPartition, int]
"""An offset of each of some partitions, such as the next one."""


class _Topic(NamedTuple):
    """One topic. Its number never changes. `partitions` is the default: each log stores its own counts, chosen when it
    is created (`streams.shape`)."""

    name: str
    number: int
    partitions: int
    subject: str


TOPICS: dict[str, _Topic] = {
    topic.name: topic
    for topic in (
        _Topic("ip.pledge.v1", 1, 4, "pledge id"),
        _Topic("ip.patent.v1", 2, 4, "canonical patent id, e.g. US10000000B2"),
        _Topic("ip.valuation.v1", 3, 4, "id of what was valued, e.g. a canonical patent id"),
        _Topic("ip.deal.v1", 4, 4, "contract no., or that of an open licence's declaration, or of a need"),
        _Topic("ip.loan.v1", 5, 4, "deal id"),
        _Topic("ip.trademark.v1", 6, 4, "registration no."),
        _Topic("ip.pct.v1", 7, 4, "PCT application no., e.g. PCT/CN2023/123456"),
        _Topic("ip.reference.v1", 8, 1, "kind/ref, e.g. fx/ECB/USD-CNY/2024-12-04"),
    )
}

LOG_TOPIC = "ip.log.v1"
"""The topic in which a log stores its own shape. It holds no events, so it is not in `TOPICS`."""
REJECTION_TOPIC = "ip.rejection.v1"
"""The topic that lists the rejected records (`schemas.rejection`). It is derived from the log, so it is not in `TOPICS`
and no book is built from it."""

UNPACKED_BYTES = 64 << 20
"""The default limit on the unpacked bytes of a record batch; a log may be created with another."""


def murmur2(key: bytes) -> int:
    """Return the unsigned 32-bit MurmurHash2 of Kafka's Java client (`org.apache.kafka.common.utils.Utils.murmur2`)."""
    length = len(key)
    h = 0x9747B28C ^ length
    words = length // 4
    for k in struct.unpack_from(f"<{words}I", key):
        k = k * 0x5BD1E995 & 0xFFFFFFFF
        h = (h * 0x5BD1E995 ^ (k ^ k >> 24) * 0x5BD1E995) & 0xFFFFFFFF
    tail = key[words * 4 :]
    if tail:
        h = (h ^ int.from_bytes(tail, "little")) * 0x5BD1E995 & 0xFFFFFFFF
    h = (h ^ h >> 13) * 0x5BD1E995 & 0xFFFFFFFF
    return h ^ h >> 15


@lru_cache(1 << 14)  # events of a subject come close together
def partition_of(key: bytes, partitions: int) -> int:
    """Return the partition of a key by Kafka's default partitioner (librdkafka: `partitioner=murmur2_random`)."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
