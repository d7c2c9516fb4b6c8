"""Topics, and the partition of a key: the same as Kafka's own clients choose."""

from __future__ import annotations

from collections import Counter

from aiokafka.partitioner import murmur2 as their_murmur2
from hypothesis import example, given
from hypothesis import strategies as st

from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, murmur2, partition_of
from tests.each_case import each_case


@each_case(
    ("key", "hashed"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_murmur2_is_that_of_kafkas_own_tests(key: bytes, hashed: int) -> None:
    """The vectors of Apache Kafka's UtilsTest.testMurmur2; it counts in signed integers."""
    assert murmur2(key) == hashed & 0xFFFFFFFF


@given(st.binary(max_size=40))
@example(b"")
@example("质押-2".encode())
def test_murmur2_is_that_of_another_client(key: bytes) -> None:
    assert murmur2(key) == their_murmur2(key) & 0xFFFFFFFF


def test_a_negative_hash_gives_a_partition() -> None:
    """Kafka removes the sign by a mask, not by the absolute value."""
    assert partition_of(b"21", 4) == (-973932308 & 0x7FFFFFFF) % 4 == 0
    assert partition_of(b"foobar", 7) == (-790332482 & 0x7FFFFFFF) % 7


def test_keys_are_spread_over_all_partitions() -> None:
    counts = Counter(partition_of(f"P{i}".encode(), 4) for i in range(4000))
    assert sorted(counts) == [0, 1, 2, 3]
    assert min(counts.values()) > 800


def test_numbers_and_partitions_never_change() -> None:
    assert {t.name: (t.number, t.partitions) for t in TOPICS.values()} == {
        "ip.pledge.v1": (1, 4),
        "ip.patent.v1": (2, 4),
        "ip.valuation.v1": (3, 4),
        "ip.deal.v1": (4, 4),
        "ip.loan.v1": (5, 4),
        "ip.trademark.v1": (6, 4),
        "ip.pct.v1": (7, 4),
        "ip.reference.v1": (8, 1),
    }


def test_every_type_has_its_topic() -> None:
    assert {event_type.topic for event_type in EVENT_TYPES.values()} == set(TOPICS)
