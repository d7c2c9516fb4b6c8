"""The topics: their names and numbers, how many partitions they have by default, and the partition of a key."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import NamedTuple

TopicPartition = tuple[str, int]
"""A partition of the log: the topic's name without the installation's prefix, and the partition's number."""


class Topic(NamedTuple):
    """One topic. The number is a constant for life. `partitions` is the default: a log has counts of its own, which are
    chosen when it is made and kept in it (`streams.shape`)."""

    name: str
    number: int
    partitions: int
    subject: str


TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic("ip.pledge.v1", 1, 4, "pledge id"),
        Topic("ip.patent.v1", 2, 4, "canonical patent id, e.g. US10000000B2"),
        Topic("ip.valuation.v1", 3, 4, "id of what was valued, e.g. a canonical patent id"),
        Topic("ip.deal.v1", 4, 4, "contract no., or that of an open licence's declaration"),
        Topic("ip.loan.v1", 5, 4, "deal id"),
        Topic("ip.trademark.v1", 6, 4, "registration no."),
        Topic("ip.pct.v1", 7, 4, "PCT application no., e.g. PCT/CN2023/123456"),
        Topic("ip.reference.v1", 8, 1, "kind/ref, e.g. fx/ECB/USD-CNY/2024-12-04"),
    )
}

LOG_TOPIC = "ip.log.v1"
"""The topic in which a log keeps its own shape. It holds no events, so it is none of `TOPICS`."""
REJECTION_TOPIC = "ip.rejection.v1"
"""The topic that names what a book refused (`schemas.rejection`). It follows from the log, so it is none of `TOPICS`:
no book is made of it."""

UNPACKED_BYTES = 64 << 20
"""What a record batch may unpack to, unless the log was made with another bound."""


def murmur2(key: bytes) -> int:
    """The 32-bit MurmurHash2 of Kafka's Java client (`org.apache.kafka.common.utils.Utils.murmur2`), unsigned."""
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


@lru_cache(1 << 14)  # the events of a subject come near each other
def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key: Kafka's default partitioner (librdkafka: `partitioner=murmur2_random`)."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions
