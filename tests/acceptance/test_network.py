"""Faults of the network and the broker under a running worker: it continues by itself, and its book is right.

One worker and one broker go through all faults in turn. The worker reaches its broker over a proxy that the tests cut,
silence and slow down; producers and checks reach it directly.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import confluent_kafka
import pytest

from schemas.topics import TopicPartition
from streams import broker, topics
from streams.broker import properties
from streams.broker.ports import HOST, Claims
from streams.cluster import Cluster
from streams.synthetic.pledges import generate_pledges
from tests.acceptance.fault import Fault
from tests.acceptance.judgement import assert_true_to_the_log
from tests.acceptance.line import Line
from tests.acceptance.load import Load, record_of, send
from tests.processes import SESSION_SECONDS, Installation, Worker, wait_until

STOP_SECONDS = 10
"""The documented promise: SIGTERM ends a worker within this time, whatever the broker does."""


@dataclass
class Site(Installation):
    """An installation whose processes reach the broker over a proxy, and the broker's directory."""

    home: Path = field(kw_only=True)
    line: Line = field(kw_only=True)

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"LEDGER_BROKERS": self.line.address}

    @property
    def at_work(self) -> Worker:
        """The running worker."""
        return self.workers[-1]

    def rest_longer_than_the_session(self) -> None:
        """Wait out the session: an unreachable broker cannot report whether it removed the worker."""
        time.sleep(SESSION_SECONDS + 1)

    def lose_the_end(self, topic_partition: TopicPartition) -> int:
        """Remove the last posted record and everything after it from the broker's files; return its offset."""
        ((last,),) = self.query('SELECT max("offset") FROM journal WHERE topic = ? AND partition = ?', *topic_partition)
        path = self.home / "data" / f"{self.cluster.topic(topic_partition[0])}-{topic_partition[1]}" / f"{0:020}.log"
        begins = [at for at, offset in batches_of(path.read_bytes()) if offset <= last]
        os.truncate(path, begins[-1])
        return int(last)

    def kill_broker(self) -> None:
        pid = broker.status(self.home).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not broker.status(self.home).running, lambda: "the broker lives")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Yield a broker with a second listener that it advertises at the address of the proxy."""
    directory = tmp_path_factory.mktemp("network")
    home = directory / "broker"
    with Claims() as claims, pytest.MonkeyPatch.context() as patch:
        port = claims.any()  # reserved while the broker is down, too
        line = Line((HOST, port))
        plain = properties.render
        patch.setattr(properties, "render", lambda settings: with_second_listener(plain(settings), port, line.address))
        try:
            address = broker.start(home).address
            assert address is not None
            cluster = Cluster(address)
            topics.create(cluster)
            site = Site(cluster, directory / "book.db", home=home, line=line)
            yield site
            site.close()
        finally:
            line.close()
            broker.stop(home)


def batches_of(log: bytes) -> Iterator[tuple[int, int]]:
    """Yield (position in the file, first offset) of each batch of a segment.

    https://kafka.apache.org/documentation/#recordbatch
    """
    at = 0
    while at < len(log):
        offset, length = struct.unpack_from(">qi", log, at)
        yield at, offset
        at += 12 + length


def with_second_listener(text: str, port: int, advertised: str) -> str:
    lines = []
    for line in text.splitlines():
        name = line.partition("=")[0]
        more = {
            "listeners": f",LINE://127.0.0.1:{port}",
            "advertised.listeners": f",LINE://{advertised}",
            "listener.security.protocol.map": ",LINE:PLAINTEXT",
        }
        lines.append(line + more.get(name, ""))
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def load(site: Site, pytestconfig: pytest.Config) -> Load:
    return Load(site.cluster, pytestconfig.getoption("--seed"))


@pytest.fixture
def worker(site: Site, load: Load) -> Worker:
    """Return the running worker; start a new one if the last one has ended."""
    if not site.workers or not site.at_work.alive:
        site.worker()
    load.produce(100)
    site.wait_until_posted()
    return site.at_work


def wait_until_alone(site: Site) -> None:
    """Wait until the broker has removed the worker from the group."""
    wait_until(lambda: site.members() == 0, lambda: "the worker is still a member")


# ---- faults of the line; the test heals it after each


def cut(site: Site, load: Load) -> None:
    """Connections cut (RST) repeatedly"""
    for _ in range(5):
        load.produce(load.chance.randrange(1, 40))
        site.line.cut()


def refused(site: Site, load: Load) -> None:
    """Connections cut and new ones refused, longer than the session"""
    site.line.refuse()
    load.produce(100)
    wait_until_alone(site)


def cut_in_an_answer(site: Site, load: Load) -> None:
    """Connection cut in the middle of a fetched batch"""
    for _ in range(3):
        site.line.cut_in_an_answer(load.chance.randrange(200, 5000))
        load.produce(50)
        wait_until(lambda: site.line.answers_left is None, lambda: "nothing was cut")


def black_hole(site: Site, load: Load) -> None:
    """Black hole, shorter than the session"""
    before = site.posted()
    site.line.hold()
    load.produce(200, at_once=20)
    assert site.posted() <= before + 200


def long_black_hole(site: Site, load: Load) -> None:
    """Black hole, longer than the session"""
    site.line.hold()
    load.produce(100)
    wait_until_alone(site)


def half_open(site: Site, load: Load) -> None:
    """Half-open: the broker hears the worker, the worker hears nothing, longer than the session"""
    site.line.hold_answers()
    load.produce(100)
    wait_until_alone(site)


def dropped_silently(site: Site, load: Load) -> None:
    """Connections dropped silently (a firewall forgot them); new ones work"""
    site.line.drop_silently()
    load.produce(100)


def slow(site: Site, load: Load) -> None:
    """Slow line, in small pieces"""
    site.line.trickle()
    load.produce(100)
    site.wait_until_posted()


# ---- faults of the broker


def killed(site: Site, load: Load) -> None:
    """Broker killed with SIGKILL and started again"""
    load.produce(50)
    site.kill_broker()
    broker.start(site.home)


def stopped(site: Site, load: Load) -> None:
    """Broker stopped cleanly for longer than the session, and started again"""
    load.produce(50)
    broker.stop(site.home)
    site.rest_longer_than_the_session()
    broker.start(site.home)


def frozen(site: Site, load: Load) -> None:
    """Broker frozen (SIGSTOP) longer than the session"""
    load.produce(50)
    pid = broker.status(site.home).pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    site.rest_longer_than_the_session()
    os.kill(pid, signal.SIGCONT)


FAULTS = [cut, cut_in_an_answer, slow, long_black_hole, killed]
LONG = [refused, black_hole, half_open, dropped_silently, stopped, frozen]


@pytest.mark.parametrize("break_network", [*FAULTS, *(pytest.param(fault, marks=pytest.mark.long) for fault in LONG)])
def test_the_worker_continues_by_itself(
    break_network: Callable[[Site, Load], None], site: Site, load: Load, worker: Worker, fault: Fault
) -> None:
    """Faults of the network"""
    for _ in range(fault.rounds):
        break_network(site, load)
        site.line.heal()
        load.produce(100)
        site.wait_until_posted(worker)
    done = site.run("verify", "--json")
    assert (done.code, done.json["verdict"]) == (0, "equal"), done.out
    fault.name = break_network.__doc__ or fault.name
    fault.ended("right and balanced, no restart", fault.rounds)


def test_after_all_faults_the_book_equals_the_fold_of_the_log(site: Site, worker: Worker) -> None:
    assert_true_to_the_log(site)
    worker.require_alive()
    assert len(site.workers) == 1


def test_a_worker_stops_in_time_without_its_broker(site: Site, worker: Worker, fault: Fault) -> None:
    """SIGTERM while the broker is away"""
    site.kill_broker()
    worker.require_alive()
    worker.process.terminate()
    try:
        assert worker.process.wait(STOP_SECONDS) == 0
    except subprocess.TimeoutExpired:
        pytest.fail(f"SIGTERM did not end the worker within {STOP_SECONDS} s")
    broker.start(site.home)
    fault.ended("ended in time with 0", 1)


def test_a_log_that_lost_its_end_and_got_other_records_is_named(site: Site, worker: Worker, fault: Fault) -> None:
    """Broker that lost the end of its log (power cut) and got other records there, under a running worker

    Topic and offsets are those that the worker knows; only the last posted record shows the difference.
    """
    topic_partition = ("ip.patent.v1", 0)
    before, next_ = content(site), site.next_offsets()[topic_partition]
    worker.pause()
    site.kill_broker()
    last = site.lose_the_end(topic_partition)
    broker.start(site.home)
    end = site.ends()[topic_partition]
    assert end <= last < next_
    produce_at(site, topic_partition, next_ - end + 10)
    worker.resume()
    assert worker.wait() == 70
    assert f"LogChanged: The record at ip.patent.v1:0={last} is not the one" in worker.output
    assert content(site) == before
    fault.ended("stopped: LogChanged, nothing written", 1)


def produce_at(site: Site, topic_partition: TopicPartition, count: int) -> None:
    """Produce `count` new events in one partition."""
    records = (record_of(value) for value in generate_pledges(20 * count, seed=count))
    here = islice((record for record in records if (record.topic, record.partition) == topic_partition), count)
    send(site.cluster, confluent_kafka.Producer(site.cluster.librdkafka()), here)


def content(site: Site) -> list[str]:
    with closing(sqlite3.connect(site.book)) as connection:
        return list(connection.iterdump())
