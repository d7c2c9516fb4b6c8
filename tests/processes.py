"""Real processes for tests: the command as an operator runs it, workers that can be killed, conditions to wait for."""

from __future__ import annotations

import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import confluent_kafka
from confluent_kafka import (
    ConsumerGroupState,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
)
from confluent_kafka.admin import AdminClient

from ledger.book.book import Book
from schemas.topics import TOPICS, TopicPartition
from streams.cluster import Cluster
from streams.reader import Reader

PROGRAM = "from ledger.cli import main; main()"
WATCHFUL = f"import ledger.log_watch; ledger.log_watch.LOOK_SECONDS = 1.0; {PROGRAM}"
"""The same, but a worker looks every second at what may befall its log."""
PATIENCE_SECONDS = 120.0
"""How long a condition may take on a machine that is busy with other things. No test is about this time."""

COORDINATOR_MOVES = (
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.NOT_COORDINATOR,
)
SESSION_SECONDS = 6
"""After so long a worker that is silent is given up: the least that brokers allow."""


class Finished(NamedTuple):
    """A command that ran to its end."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, as one JSON document."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """What it printed, as one JSON document a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def on_a_terminal(*words: str | bytes, environment: Mapping[str, str], where: Path, columns: int = 80) -> Finished:
    """Run `ip-ledger WORDS` to its end on a terminal, which gets both outputs."""
    ours, theirs = pty.openpty()
    command: list[str | bytes] = [sys.executable, "-c", PROGRAM, *words]
    env = {**environment, "TERM": "xterm", "COLUMNS": str(columns)}
    with subprocess.Popen(command, env=env, cwd=where, stdin=theirs, stdout=theirs, stderr=theirs) as run:
        os.close(theirs)
        said = b""
        while piece := _read(ours):
            said += piece
    os.close(ours)
    return Finished(run.returncode, said.decode().replace("\r\n", "\n"), "")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # all of its writers have gone
        return b""


@dataclass
class Installation:
    """A cluster, a prefix, a book: what an operator sets once for all commands."""

    cluster: Cluster
    book: Path
    workers: list[Worker] = field(default_factory=list)
    program: str = PROGRAM

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes; nothing of the tester's own settings gets in."""
        return without_settings() | {
            "LEDGER_BROKERS": self.cluster.brokers,
            "LEDGER_BOOK": str(self.book),
            "LEDGER_TOPIC_PREFIX": self.cluster.prefix,
            "LEDGER_SESSION_SECONDS": str(SESSION_SECONDS),
        }

    def run(self, *words: str, given: bytes = b"", program: str = "", **environment: str) -> Finished:
        """Run `ip-ledger WORDS` to its end."""
        done = subprocess.run(
            [sys.executable, "-c", program or self.program, *words],
            env=self.environment | environment,
            input=given,
            capture_output=True,
            cwd=self.book.parent,
            timeout=PATIENCE_SECONDS,
        )
        return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())

    def worker(self, *words: str, program: str = "") -> Worker:
        """Start `ip-ledger worker`; what is left of it at the end of the test is killed."""
        worker = Worker(
            [sys.executable, "-c", program or self.program, "worker", *words],
            self.environment,
            self.book.parent,
            len(self.workers),
        )
        self.workers.append(worker)
        return worker

    def next_offsets(self) -> dict[TopicPartition, int]:
        """Where the book goes on in each partition, as any SQLite client sees it; empty if there is no book yet."""
        return {(topic, partition): next_ for topic, partition, next_ in self.query(POSITIONS)}

    def posted(self) -> int:
        """How many offsets the book has walked over, in all partitions."""
        return sum(self.next_offsets().values())

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Rows of the book, read with Python's own SQLite; none if there is no book yet."""
        try:
            with closing(sqlite3.connect(f"{self.book.as_uri()}?mode=ro", uri=True, timeout=60)) as connection:
                return connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if "unable to open" in str(error) or "no such table" in str(error):
                return []
            raise

    def ends(self) -> dict[TopicPartition, int]:
        """Where the log ends in each partition: the last stable offset."""
        with Reader(self.cluster) as reader:
            return {place: bounds.end for place, bounds in reader.bounds(TOPICS).items()}

    def wait_until_posted(self, *workers: Worker) -> None:
        """Wait until the book has all that the log holds now. The workers must live."""
        ends = self.ends()

        def all_posted() -> bool:
            for worker in workers or self.workers[-1:]:
                worker.require_alive()
            offsets = self.next_offsets()
            return all(offsets.get(place, 0) >= end for place, end in ends.items())

        wait_until(all_posted, lambda: f"the book is at {self.next_offsets()}, the log ends at {ends}")

    def shares(self) -> list[int]:
        """How many partitions each member of the book's group holds; empty while they are being shared out."""
        group = self._described_group()
        stable = group.state is ConsumerGroupState.STABLE
        return [len(member.assignment.topic_partitions) for member in group.members] if stable else []

    def members(self) -> int:
        """How many members the book's group has."""
        return len(self._described_group().members)

    def _described_group(self) -> Any:
        """Ask until the coordinator has the group: a broker that just started, or is busy, reads it first."""
        admin = AdminClient(self.cluster.librdkafka())
        found: list[Any] = []

        def answered() -> bool:
            try:
                found.append(admin.describe_consumer_groups([self.group])[self.group].result(PATIENCE_SECONDS))
            except KafkaException as error:
                if error.args[0].code() not in COORDINATOR_MOVES:
                    raise
            return bool(found)

        wait_until(answered, lambda: "no coordinator has the group")
        return found[0]

    def committed(self) -> dict[TopicPartition, int]:
        """What Kafka has been told about the book's group; a negative offset where it has been told nothing."""
        admin = AdminClient(self.cluster.librdkafka())
        places = list(self.next_offsets())
        asked = [confluent_kafka.TopicPartition(self.cluster.topic(topic), partition) for topic, partition in places]
        answers = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(self.group, asked)])
        told = {(p.topic, p.partition): p.offset for p in answers[self.group].result(PATIENCE_SECONDS).topic_partitions}
        return {(topic, partition): told[self.cluster.topic(topic), partition] for topic, partition in places}

    @property
    def group(self) -> str:
        """The consumer group of the book's workers."""
        with Book(self.book) as book:
            return book.group

    def close(self) -> None:
        """Kill the workers that are left, and show what each has said."""
        for worker in self.workers:
            worker.kill()
            sys.stdout.write(f"worker {worker.number}, exit code {worker.process.returncode}:\n{worker.words}\n")


POSITIONS = "SELECT topic, partition, next FROM positions"


class Worker:
    """`ip-ledger worker`, a process of its own."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], directory: Path, number: int) -> None:
        self.number = number
        self._log = directory / f"worker-{number}.log"
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(command, env=environment, cwd=directory, stdout=log, stderr=log)

    @property
    def words(self) -> str:
        """All that it has said."""
        return self._log.read_text(errors="replace")

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def wait_until_started(self) -> None:
        """Wait until it has its book open and reads the log."""
        wait_until(lambda: "worker started" in self.words, lambda: self.words)

    def require_alive(self) -> None:
        """Fails if it has ended."""
        assert self.alive, f"worker {self.number} ended with {self.process.returncode}: {self.words[-3000:]}"

    def wait(self) -> int:
        """Wait for its end; its exit code."""
        try:
            return self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"worker {self.number} does not end; it said: {self.words[-3000:]}") from None

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        self.process.terminate()
        return self.wait()

    def kill(self) -> None:
        """SIGKILL, as the kernel or a power cut does it."""
        if self.alive:
            self.process.kill()
            self.process.wait()

    def pause(self) -> None:
        """SIGSTOP: it stands still and does not know it."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT."""
        self.process.send_signal(signal.SIGCONT)


def without_settings() -> dict[str, str]:
    """The environment of the tests without the tester's own settings of the ledger. Compiled modules are kept, so that
    not every process compiles them again."""
    left_out = ("LEDGER_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


def wait_until(condition: Callable[[], bool], otherwise: Callable[[], str], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until the condition holds; fails with what `otherwise` says."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {otherwise()}"
        time.sleep(0.01)
