"""Reading a real log: exact coverage around transactions, bounds, and ranges that the log lacks."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from operator import attrgetter
from time import monotonic

import confluent_kafka
import pytest
from confluent_kafka import Producer as PlainProducer
from confluent_kafka.admin import AdminClient

from schemas.topics import TopicPartition
from streams import fetch as fetch_module
from streams import topics
from streams.batch import Batch, Record
from streams.cluster import Cluster, TopicMissing, partition_count
from streams.reader import Bounds, LogRangeMissing, Reader

PLEDGES, PATENTS = "ip.pledge.v1", "ip.patent.v1"
FIRST: TopicPartition = (PLEDGES, 0)


@pytest.fixture
def cluster(brokers: str, prefix: str) -> Cluster:
    cluster = Cluster(brokers, prefix)
    topics.create(cluster)
    return cluster


def plain_producer(cluster: Cluster) -> PlainProducer:
    return PlainProducer(cluster.librdkafka(**{"message.max.bytes": 4 * 2**20, "enable.idempotence": True}))


def produce(cluster: Cluster, partition: TopicPartition, values: list[bytes]) -> None:
    producer = plain_producer(cluster)
    for value in values:
        producer.produce(cluster.topic(partition[0]), value, b"key", partition=partition[1])
        producer.poll(0)
    assert producer.flush(60) == 0


def transactional(cluster: Cluster) -> PlainProducer:
    producer = PlainProducer(cluster.librdkafka(**{"transactional.id": cluster.topic("test")}))
    producer.init_transactions(60)
    return producer


def transact(
    producer: PlainProducer, cluster: Cluster, values: list[bytes], end: Callable[[PlainProducer], None] | None
) -> None:
    producer.begin_transaction()
    for value in values:
        producer.produce(cluster.topic(PLEDGES), value, b"key", partition=0)
    assert producer.flush(60) == 0
    if end:
        end(producer)


def commit(producer: PlainProducer) -> None:
    producer.commit_transaction(60)


def abort(producer: PlainProducer) -> None:
    producer.abort_transaction(60)


def wait_until_stable(reader: Reader, end: int) -> None:
    """Wait for the marker: a transaction ends a little before its marker is in the log."""
    deadline = monotonic() + 60
    while reader.bounds([PLEDGES])[FIRST] != Bounds(0, end):
        assert monotonic() < deadline, reader.bounds([PLEDGES])


def delete_before(cluster: Cluster, partition: TopicPartition, offset: int) -> None:
    topic_partition = confluent_kafka.TopicPartition(cluster.topic(partition[0]), partition[1], offset)
    admin = AdminClient(cluster.librdkafka())
    for answer in admin.delete_records([topic_partition]).values():
        answer.result(60)


def values_of(batches: list[Batch]) -> list[bytes | None]:
    return [record.value for batch in batches for record in batch.records]


def assert_tiles(batches: list[Batch], start: int, end: int) -> None:
    """Assert that the batches are contiguous from start to end, that none is empty, and that each holds its records."""
    assert [start, *(batch.end for batch in batches)] == [*(batch.start for batch in batches), end]
    for batch in batches:
        offsets = [record.offset for record in batch.records]
        assert batch.start < batch.end
        assert offsets == sorted(set(offsets) & set(range(batch.start, batch.end)))


def test_committed_records_are_read_and_all_offsets_are_inside_a_batch(cluster: Cluster) -> None:
    """Offsets: 0-2 plain, 3-5 committed, 6 marker, 7-9 aborted, 10 marker, 11 plain, 12-13 aborted, 14 marker."""
    producer = transactional(cluster)
    produce(cluster, FIRST, [b"p0", b"p1", b"p2"])
    transact(producer, cluster, [b"c3", b"c4", b"c5"], commit)
    transact(producer, cluster, [b"a7", b"a8", b"a9"], abort)
    produce(cluster, FIRST, [b"p11"])
    transact(producer, cluster, [b"a12", b"a13"], abort)
    held = {0: b"p0", 1: b"p1", 2: b"p2", 3: b"c3", 4: b"c4", 5: b"c5", 11: b"p11"}
    with Reader(cluster) as reader:
        wait_until_stable(reader, 15)
        edges = [0, 2, 4, 6, 7, 9, 10, 11, 12, 14, 15]
        for start, end in [*pairwise(edges), (0, 15), (0, 6), (3, 7), (5, 11), (6, 11), (7, 12), (11, 15), (12, 15)]:
            for size in (1, 2000):
                batches = list(reader.batches({FIRST: (start, end)}, size))
                assert_tiles(batches, start, end)
                assert values_of(batches) == [held[offset] for offset in range(start, end) if offset in held]
                assert all(len(batch.records) <= size for batch in batches)
        assert {offset: reader.record(*FIRST, offset) is not None for offset in range(17)} == {
            offset: offset in held for offset in range(17)
        }


def test_an_open_transaction_bounds_the_log(cluster: Cluster) -> None:
    producer = transactional(cluster)
    produce(cluster, FIRST, [b"p0", b"p1"])
    transact(producer, cluster, [b"t2", b"t3"], None)
    produce(cluster, FIRST, [b"p4"])
    with Reader(cluster) as reader:
        assert reader.bounds([PLEDGES])[FIRST] == Bounds(0, 2, waiting=3)
        assert reader.record(*FIRST, 2) is None
        with pytest.raises(LogRangeMissing, match="offsets from 2 up to 5: it holds 0 up to 2"):
            next(reader.batches({FIRST: (1, 5)}))
        commit(producer)
        wait_until_stable(reader, 6)
        assert values_of(list(reader.batches({FIRST: (0, 6)}))) == [b"p0", b"p1", b"t2", b"t3", b"p4"]


def test_several_partitions_are_read_together_each_complete_and_in_order(cluster: Cluster) -> None:
    chance = random.Random(5)
    produced = {
        (topic, p): [b"%d" % chance.getrandbits(60) for _ in range(3000)]
        for topic in (PLEDGES, PATENTS)
        for p in range(3)
    }
    for partition, values in produced.items():
        produce(cluster, partition, values)
    with Reader(cluster) as reader:
        bounds = reader.bounds([PLEDGES, PATENTS])
        assert bounds == {(t, p): Bounds(0, 3000 if p < 3 else 0) for t in (PLEDGES, PATENTS) for p in range(4)}
        ranges = {topic_partition: (first, end) for topic_partition, (first, end, _) in bounds.items()} | {
            (PATENTS, 1): (100, 2900)
        }
        batches = list(reader.batches(ranges, size=700))
    topic_partition_of = attrgetter("topic", "partition")
    for partition, values in produced.items():
        start, end = ranges[partition]
        mine = [batch for batch in batches if topic_partition_of(batch) == partition]
        assert_tiles(mine, start, end)
        assert values_of(mine) == values[start:end]
    assert all(len(batch.records) <= 700 for batch in batches)


def test_a_reading_may_be_abandoned_and_another_started(cluster: Cluster) -> None:
    values = [b"%d" % number for number in range(5000)]
    produce(cluster, FIRST, values)
    with Reader(cluster) as reader:
        for start in (0, 4000, 10, 2000):
            assert next(reader.batches({FIRST: (start, 5000)}, size=10)).start == start
            record = reader.record(*FIRST, start + 1)
            assert record is not None
            assert record.value == values[start + 1]
        assert values_of(list(reader.batches({FIRST: (1, 5000)}))) == values[1:]


def test_nothing_to_read_is_no_batch(cluster: Cluster) -> None:
    with Reader(cluster) as reader:
        assert list(reader.batches({})) == []
        assert list(reader.batches({FIRST: (0, 0), (PLEDGES, 3): (7, 7)})) == []


def test_a_record_is_read_unchanged(cluster: Cluster) -> None:
    large = random.Random(1).randbytes(4_000_000)
    producer = plain_producer(cluster)
    topic = cluster.topic(PATENTS)
    producer.produce(topic, None, None, partition=2, timestamp=1_700_000_000_123)
    producer.produce(topic, large, b"\xff\x00", partition=2, timestamp=1_700_000_000_456)
    assert producer.flush(60) == 0
    with Reader(cluster) as reader:
        batches = list(reader.batches({(PATENTS, 2): (0, 2)}))
    assert [record._replace(wire=0) for batch in batches for record in batch.records] == [
        Record(0, 1_700_000_000_123, None, None),
        Record(1, 1_700_000_000_456, b"\xff\x00", large),
    ]


def test_a_log_trimmed_above_the_start_is_named_with_the_missing_range(cluster: Cluster) -> None:
    produce(cluster, FIRST, [b"%d" % number for number in range(10)])
    delete_before(cluster, FIRST, 6)
    with Reader(cluster) as reader:
        assert reader.bounds([PLEDGES])[FIRST] == Bounds(6, 10)
        with pytest.raises(LogRangeMissing) as caught:
            next(reader.batches({FIRST: (2, 10)}))
        assert caught.value.facts == {
            "topic": PLEDGES, "partition": 0, "start": 2, "end": 6, "first": 6, "last": 10,
        }  # fmt: skip
        assert "ip-ledger topics check" in str(caught.value)
        assert values_of(list(reader.batches({FIRST: (6, 10)}))) == [b"6", b"7", b"8", b"9"]
        assert reader.record(*FIRST, 5) is None


def test_a_log_trimmed_while_it_is_read_is_named_too(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_module, "OF_ALL", 1000)
    monkeypatch.setattr(fetch_module, "OF_ONE", 1000)
    producer = plain_producer(cluster)
    for number in range(40):
        producer.produce(cluster.topic(PLEDGES), b"%02000d" % number, b"key", partition=0)
        assert producer.flush(60) == 0  # one by one, so that no fetch returns all
    with Reader(cluster) as reader:
        batches = reader.batches({FIRST: (0, 40)}, size=1)
        assert next(batches).start == 0
        delete_before(cluster, FIRST, 39)
        with pytest.raises(LogRangeMissing, match="up to 39: it holds 39 up to 40"):
            list(batches)


def test_a_missing_topic_or_partition_is_named(cluster: Cluster) -> None:
    with Reader(Cluster(cluster.brokers, "nobodys-")) as reader:
        with pytest.raises(TopicMissing, match=r"nobodys-ip\.pledge\.v1"):
            reader.bounds([PLEDGES])
        with pytest.raises(TopicMissing):
            reader.record(*FIRST, 0)
    with Reader(cluster) as reader, pytest.raises(LogRangeMissing, match="partition 9"):
        next(reader.batches({(PLEDGES, 9): (0, 1)}))


def test_only_the_topics_that_are_read_are_asked_for(cluster: Cluster) -> None:
    """Else a cluster of a thousand topics would list them all for each reader."""
    with Reader(cluster) as reader:
        for names in (PLEDGES,), (PATENTS, PLEDGES):
            reader.bounds(names)
            assert reader._client is not None
            assert reader._client.cluster.topics() == set(map(cluster.topic, names))


def test_a_topic_that_brokers_list_late_is_not_missing(cluster: Cluster, prefix: str) -> None:
    """Else a worker would report that its log is another one, and end."""
    assert partition_count(cluster, PLEDGES, "Read") == 4
    with pytest.raises(TopicMissing):
        partition_count(Cluster(cluster.brokers, f"{prefix}none-"), PLEDGES, "Read")
