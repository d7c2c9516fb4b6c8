"""Batches through Faust on a real Apache Kafka: which records reach a sink, from which offset, and failures of a sink.

Each test covers a pitfall of Faust or aiokafka that loses, doubles or delays events.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random
from typing import Any

import confluent_kafka
import pytest
from faust.transport.consumer import Consumer

from ledger.independent.fold import Log
from schemas.topics import TOPICS, TopicPartition
from streams.batch import Batch, PostResult
from streams.cluster import Cluster
from streams.synthetic.pledges import generate_pledges
from streams.transport import PIPELINE, Delivery
from streams.upstream_internals import PRIVATE_ATTRIBUTES, PRIVATE_NAMES, FaustChanged, check_upstream_internals
from streams.worker import Group, Worker
from tests.acceptance.judgement import log_of
from tests.acceptance.load import CODECS, Producers, abort, commit, noisy_records, record_of, send
from tests.processes import PATIENCE_SECONDS, PROGRAM, Installation

TOPIC_PARTITIONS: list[TopicPartition] = [
    (name, partition) for name, topic in TOPICS.items() for partition in range(topic.partitions)
]


class MemorySink:
    """A sink that keeps batches in memory, in order of arrival, and checks the protocol for each."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.next = dict.fromkeys(TOPIC_PARTITIONS, 0)
        self.commits = 0

    def next_offset(self, topic: str, partition: int) -> int:
        return self.next[topic, partition]

    def post_all(self, batches: Sequence[Batch]) -> list[PostResult]:
        results = [self.keep(batch) for batch in batches]
        self.commits += 1
        return results

    def keep(self, batch: Batch) -> PostResult:
        topic_partition = (batch.topic, batch.partition)
        if batch.start < self.next[topic_partition]:
            return PostResult.BEHIND
        assert batch.start == self.next[topic_partition], "offsets were skipped"
        offsets = [record.offset for record in batch.records]
        assert all(batch.start <= offset < batch.end for offset in offsets)
        assert all(one < other for one, other in pairwise(offsets))
        self.batches.append(batch)
        self.next[topic_partition] = batch.end
        return PostResult.POSTED

    @property
    def records(self) -> dict[TopicPartition, list[tuple[int, bytes | None, bytes | None]]]:
        """Return all records by partition, as (offset, key, value)."""
        kept: dict[TopicPartition, list[tuple[int, bytes | None, bytes | None]]] = {
            topic_partition: [] for topic_partition in TOPIC_PARTITIONS
        }
        for batch in self.batches:
            kept[batch.topic, batch.partition] += [(r.offset, r.key, r.value) for r in batch.records]
        return kept

    def has(self, log: Log) -> bool:
        """Return True if it has reached the end of the log in every partition."""
        return all(self.next[topic_partition] == stretch.end for topic_partition, stretch in log.items())


def work(
    cluster: Cluster,
    sink: MemorySink,
    until: Callable[[], bool],
    group: str = "one",
    prepare: Callable[[Worker], None] = lambda worker: None,
) -> Worker:
    """Run a worker until a condition holds; raise the error that ended it."""
    worker = Worker(cluster, Group(f"{cluster.prefix}{group}", 6), sink)

    async def watched() -> None:
        prepare(worker)
        working = asyncio.ensure_future(worker.run())
        deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        try:
            while not until() and not working.done():
                assert asyncio.get_running_loop().time() < deadline, f"no progress: {sink.next}"
                await asyncio.sleep(0.01)
            worker.ended.set()
            await working
        finally:
            await worker.app.stop()  # a failed worker leaves this to the end of its process

    asyncio.run(watched())
    return worker


def publish(cluster: Cluster, events: int, seed: int = 1) -> Log:
    send(cluster, confluent_kafka.Producer(cluster.librdkafka()), map(record_of, generate_pledges(events, seed)))
    return log_of(cluster)


def records_of(log: Log) -> dict[TopicPartition, Any]:
    return {topic_partition: list(stretch.records) for topic_partition, stretch in log.items()}


def test_the_sink_decides_the_next_offset_whatever_was_committed(cluster: Cluster) -> None:
    """Faust seeks to the committed offsets after its signals, so our own seek must come later still."""
    log = publish(cluster, 400)
    first = MemorySink()
    work(cluster, first, lambda: first.has(log))
    assert first.records == records_of(log)

    empty = MemorySink()  # the group is at the end
    work(cluster, empty, lambda: empty.has(log))
    assert empty.records == records_of(log)

    ahead = MemorySink()  # the group is behind, as after a kill
    ahead.next = {topic_partition: stretch.end // 2 for topic_partition, stretch in log.items()}
    work(cluster, ahead, lambda: ahead.has(log), group="other")
    assert ahead.records == {topic_partition: list(s.records[s.end // 2 :]) for topic_partition, s in log.items()}


def test_all_codecs_and_only_committed_records_up_to_the_last_marker(cluster: Cluster) -> None:
    """aiokafka needs a library for each codec, reads aborted records by default, and hides markers at the end."""
    records = list(noisy_records(600, seed=2))
    producers = Producers(cluster, Random(2))
    for number, producer in enumerate(producers.plain):
        send(cluster, producer, records[number * 100 : number * 100 + 100])
    transactional = producers.transactional
    transactional.begin_transaction()
    send(cluster, transactional, records[-100:])
    commit(cluster, transactional)
    logs = [log_of(cluster)]
    assert len(producers.plain) == len(CODECS)
    assert sum(len(stretch.records) for stretch in logs[0].values()) == 100 * len(CODECS) + 100

    sink = MemorySink()

    def all_then_what_was_aborted() -> bool:
        if len(logs) == 1 and sink.has(logs[0]):
            transactional.begin_transaction()
            send(cluster, transactional, records[-100:])
            abort(cluster, transactional)
            logs.append(log_of(cluster))
        return sink.has(logs[-1]) and len(logs) == 2

    work(cluster, sink, all_then_what_was_aborted)
    assert sink.records == records_of(logs[0]) == records_of(logs[1])
    assert any(logs[0][topic_partition].end < logs[1][topic_partition].end for topic_partition in TOPIC_PARTITIONS)


def test_an_open_transaction_is_waited_for(cluster: Cluster) -> None:
    transactional = Producers(cluster, Random(3)).transactional
    log = publish(cluster, 100)
    transactional.begin_transaction()
    send(cluster, transactional, map(record_of, generate_pledges(100, 2)))
    after = publish(cluster, 100, seed=3)  # beyond the last stable offset where the transaction has something
    assert {
        topic_partition
        for topic_partition in TOPIC_PARTITIONS
        if log[topic_partition].end == after[topic_partition].end
    } == set(TOPIC_PARTITIONS)

    sink = MemorySink()
    whole: list[Log] = []

    def open_then_whole() -> bool:
        if not whole and sink.has(log):
            commit(cluster, transactional)
            whole.append(log_of(cluster))
        return bool(whole) and sink.has(whole[0])

    work(cluster, sink, open_then_whole)
    assert sink.records == records_of(whole[0])
    assert sum(len(records) for records in sink.records.values()) == 300


def test_a_fetch_of_several_partitions_is_committed_together(cluster: Cluster) -> None:
    """A commit waits for the disk: eight commits of a few records each would cost as much as eight thousand records."""
    log = publish(cluster, 400)
    sink = MemorySink()
    work(cluster, sink, lambda: sink.has(log))
    assert sink.records == records_of(log)
    topic_partitions = {(batch.topic, batch.partition) for batch in sink.batches}
    assert len(topic_partitions) == 8
    assert sink.commits < len(topic_partitions)


class FailingSink(MemorySink):
    """A sink whose disk is full at its third batch."""

    def __init__(self) -> None:
        super().__init__()
        self.failed: list[Batch] = []

    def keep(self, batch: Batch) -> PostResult:
        if len(self.batches) == 2:
            self.failed.append(batch)
            raise OSError("no space left on device")
        return super().keep(batch)


def test_an_error_in_the_sink_ends_the_worker_before_another_post(cluster: Cluster) -> None:
    """Faust would restart the agent with the next batch."""
    log = publish(cluster, 400)
    sink = FailingSink()
    with pytest.raises(OSError, match="no space left on device"):
        work(cluster, sink, lambda: False)
    assert (len(sink.failed), len(sink.batches)) == (1, 2)
    assert not sink.has(log)


START_WITHOUT_BROKERS = """
import asyncio
from streams.cluster import Cluster
from streams.worker import Group, Worker
asyncio.run(Worker(Cluster("127.0.0.1:1"), Group("any", 6), None).run())
"""


def test_losing_the_brokers_before_the_app_has_started_ends_the_worker() -> None:
    """Faust's start fails silently: the worker would wait forever."""
    command = [sys.executable, "-c", START_WITHOUT_BROKERS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert done.returncode == 1
    assert "KafkaConnectionError: Unable to bootstrap from" in done.stderr


class ContestedSink(MemorySink):
    """A sink that another worker writes to as well: sometimes it is a few offsets ahead."""

    def __init__(self, log: Log, seed: int) -> None:
        super().__init__()
        self.chance, self.behind = Random(seed), 0
        self.log = log

    def keep(self, batch: Batch) -> PostResult:
        topic_partition = (batch.topic, batch.partition)
        if self.behind < 20 and batch.start == self.next[topic_partition] and self.chance.random() < 0.7:
            self.behind += 1
            self._go_on(topic_partition, min(self.chance.randint(1, 3), batch.end - batch.start))
        return super().keep(batch)

    def _go_on(self, topic_partition: TopicPartition, offsets: int) -> None:
        start, end = self.next[topic_partition], self.next[topic_partition] + offsets
        records: Any = [
            PostedElsewhere(*record) for record in self.log[topic_partition].records if start <= record[0] < end
        ]
        assert super().keep(Batch(*topic_partition, start, end, records)) is PostResult.POSTED


class PostedElsewhere:
    """A record that another worker posted."""

    timestamp = 0

    def __init__(self, offset: int, key: bytes | None, value: bytes | None) -> None:
        self.offset, self.key, self.value = offset, key, value


@pytest.mark.parametrize("seed", range(3))
def test_if_another_worker_was_first_the_rest_arrives_even_on_a_quiet_log(cluster: Cluster, seed: int) -> None:
    """Messages fetched before a new seek are stale; on a quiet log no new record reveals their loss."""
    log = publish(cluster, 300)
    sink = ContestedSink(log, seed)
    work(cluster, sink, lambda: sink.has(log))
    assert sink.behind > 5
    assert sink.records == records_of(log)
    assert all(batch.end - batch.start == len(batch.records) for batch in sink.batches), "a false gap"


class SlowSink(MemorySink):
    """A sink that holds its first batch until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.held, self.go = threading.Event(), threading.Event()

    def keep(self, batch: Batch) -> PostResult:
        self.held.set()
        assert self.go.wait(PATIENCE_SECONDS)
        return super().keep(batch)


def test_batches_do_not_pile_up_before_a_slow_sink(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    log = publish(cluster, 400)
    assert len(log) > PIPELINE + 1
    delivered: list[Any] = []

    def noted(*parts: Any) -> Delivery:
        delivered.append(parts)
        return Delivery(*parts)

    monkeypatch.setattr("streams.transport.ENOUGH_RECORDS", 1)
    monkeypatch.setattr("streams.transport.Delivery", noted)
    sink = SlowSink()
    published: list[Log] = []

    def held_then_let_go() -> bool:
        if sink.held.is_set() and not published and len(delivered) >= PIPELINE:
            published.append(publish(cluster, 400, seed=2))  # enough time and records to deliver more
            assert len(delivered) == PIPELINE
            sink.go.set()
        return bool(published) and sink.has(published[0])

    work(cluster, sink, held_then_let_go)
    assert sink.records == records_of(published[0])


def test_what_arrives_while_the_end_of_the_log_is_posted_is_delivered_together(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, stages = publish(cluster, 40), 0
    delivered: list[Delivery] = []

    def noted(*parts: Any) -> Delivery:
        delivered.append(Delivery(*parts))
        return delivered[-1]

    monkeypatch.setattr("streams.transport.Delivery", noted)
    sink = SlowSink()
    held: list[Delivery] = []

    def more_then_let_go() -> bool:
        nonlocal log, stages
        if sink.held.is_set() and not sink.go.is_set():
            held[:] = held or delivered
            log, stages = publish(cluster, 40, seed=stages + 2), stages + 1
            if stages == 4:
                sink.go.set()
        return sink.go.is_set() and sink.has(log)

    work(cluster, sink, more_then_let_go)
    assert sink.records == records_of(log)
    assert len(delivered) == len(held) + 1, "records were fetched while others were posted"


@pytest.mark.parametrize(("kind", "name"), PRIVATE_NAMES, ids=lambda part: part if isinstance(part, str) else "")
def test_a_missing_private_method_is_named(kind: type, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check_upstream_internals()
    for owner in kind.__mro__:
        if name in vars(owner):
            monkeypatch.delattr(owner, name)
    with pytest.raises(FaustChanged, match=name):
        check_upstream_internals()


@pytest.mark.parametrize("name", PRIVATE_ATTRIBUTES)
def test_a_missing_private_attribute_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(Consumer.__annotations__, name)
    with pytest.raises(FaustChanged, match=name):
        check_upstream_internals()


GONE = {
    "Consumer._wait_next_records": "import faust.transport.consumer as c; del c.Consumer._wait_next_records",
    "Fetcher._fetch_task": """
from aiokafka.consumer.fetcher import Fetcher
init = Fetcher.__init__
def changed(self, *parts, **settings):
    init(self, *parts, **settings)
    self.another_name = self._fetch_task
    del self._fetch_task
Fetcher.__init__ = changed""",
}


@pytest.mark.parametrize("name", GONE)
def test_a_worker_on_another_faust_names_it_and_ends(installation: Installation, name: str) -> None:
    done = installation.run("worker", program=f"{GONE[name]}\n{PROGRAM}")
    assert done.code == 70
    lines = [line for line in done.err.splitlines() if "FaustChanged: Faust or aiokafka was upgraded: " in line]
    assert all(f"{name} no longer exists" in line for line in lines)
    assert len(lines) > 0
