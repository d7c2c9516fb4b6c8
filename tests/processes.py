"""Real processes for tests: the command as an operator runs it, workers to kill, and waiting for conditions."""

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
from contextlib import closing, suppress
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
from tests import prefork

PROGRAM = "from ledger.cli import main; main()"
"""A program that ends with it is forked: what comes before runs when all modules are imported."""
WATCHFUL = f"import ledger.log_watch; ledger.log_watch._LOOK_SECONDS = 1.0\n{PROGRAM}"
"""The same, but a worker checks its log every second."""
PATIENCE_SECONDS = 120.0
"""The longest wait for a condition, for a busy machine. No test is about this time."""
_REST = 9.0
"""Rest this many times as long as the last look took, so that looking leaves the processor to the programs."""
_SETTLED_SECONDS = 0.5
"""A file may change again without a later time of change, until the clock of its file system has moved on."""

COORDINATOR_MOVES = (
    KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    KafkaError.COORDINATOR_NOT_AVAILABLE,
    KafkaError.NOT_COORDINATOR,
)
SESSION_SECONDS = 6
"""The session timeout of workers: the smallest that brokers allow."""


class Finished(NamedTuple):
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its stdout as one JSON document."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Its stdout as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def on_a_terminal(*arguments: str | bytes, environment: Mapping[str, str], where: Path, columns: int = 80) -> Finished:
    """Run `ip-ledger ARGUMENTS` on a terminal that gets both stdout and stderr, and wait for its end."""
    ours, theirs = pty.openpty()
    env = {**environment, "TERM": "xterm", "COLUMNS": str(columns)}
    run = prefork.start(arguments, env, where, theirs, theirs, theirs)
    os.close(theirs)
    output = b""
    while piece := _read(ours):
        output += piece
    os.close(ours)
    return Finished(run.wait(PATIENCE_SECONDS), output.decode().replace("\r\n", "\n"), "")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # all of its writers are closed
        return b""


@dataclass
class Installation:
    """A cluster, a prefix and a book: the settings that an operator gives once for all commands."""

    cluster: Cluster
    book: Path
    workers: list[Worker] = field(default_factory=list)
    program: str = PROGRAM
    session_seconds: int = SESSION_SECONDS
    _versions: list[tuple[int, int, float]] | None = field(default=None, init=False, repr=False, compare=False)
    _offsets: dict[TopicPartition, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes, without the settings of whoever runs the tests."""
        return without_settings() | {
            "LEDGER_BROKERS": self.cluster.brokers,
            "LEDGER_BOOK": str(self.book),
            "LEDGER_TOPIC_PREFIX": self.cluster.prefix,
            "LEDGER_SESSION_SECONDS": str(self.session_seconds),
        }

    def run(self, *arguments: str, given: bytes = b"", program: str = "", **environment: str) -> Finished:
        """Run `ip-ledger ARGUMENTS` and wait for its end."""
        where, settings = self.book.parent, self.environment | environment
        program = program or self.program
        if program.endswith(PROGRAM) and prefork.suits(settings):
            first = program.removesuffix(PROGRAM)
            return Finished(*prefork.run(arguments, settings, where, given, PATIENCE_SECONDS, first)[:3])
        command = [sys.executable, "-c", program, *arguments]
        done = subprocess.run(
            command, env=settings, input=given, capture_output=True, cwd=where, timeout=PATIENCE_SECONDS
        )
        return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())

    def worker(self, *arguments: str, program: str = "") -> Worker:
        """Start `ip-ledger worker`, in one process unless the arguments say otherwise; `close` kills it if it still
        runs."""
        if "--processes" not in arguments:
            arguments = ("--processes", "1", *arguments)
        return self.service("worker", *arguments, program=program)

    def service(self, *arguments: str, program: str = "") -> Worker:
        """Start a command that runs until it is stopped; `close` kills it if it still runs."""
        command = [sys.executable, "-c", program or self.program, *arguments]
        worker = Worker(command, self.environment, self.book.parent, len(self.workers))
        self.workers.append(worker)
        return worker

    def next_offsets(self) -> dict[TopicPartition, int]:
        """Return the next offset of each partition, as any SQLite client sees it; empty if there is no book yet.

        To open a book takes 25 ms, so files that did not change since the last look are not read again.
        """
        versions = _versions(self.book)
        if versions != self._versions:
            self._offsets = {(topic, partition): next_ for topic, partition, next_ in self.query(POSITIONS)}
            settled = all(changed < time.time() - _SETTLED_SECONDS for _, _, changed in versions)
            self._versions = versions if settled else None
        return dict(self._offsets)

    def posted(self) -> int:
        """Return how many offsets the book has posted, in all partitions."""
        return sum(self.next_offsets().values())

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return rows of the book, read with Python's own SQLite; none if there is no book yet."""
        try:
            with closing(sqlite3.connect(f"{self.book.as_uri()}?mode=ro", uri=True, timeout=60)) as connection:
                return connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if "unable to open" in str(error) or "no such table" in str(error):
                return []
            raise

    def ends(self) -> dict[TopicPartition, int]:
        """Return the end of each partition of the log: its last stable offset."""
        with Reader(self.cluster) as reader:
            return {topic_partition: bounds.end for topic_partition, bounds in reader.bounds(TOPICS).items()}

    def wait_until_posted(self, *workers: Worker) -> None:
        """Wait until the book has everything that is in the log now. The workers must stay alive."""
        ends = self.ends()

        def all_posted() -> bool:
            for worker in workers or self.workers[-1:]:
                worker.require_alive()
            offsets = self.next_offsets()
            return all(offsets.get(topic_partition, 0) >= end for topic_partition, end in ends.items())

        wait_until(all_posted, lambda: f"the book is at {self.next_offsets()}, the log ends at {ends}")

    def shares(self) -> list[int]:
        """Return how many partitions each member of the book's group has; empty during a rebalance."""
        group = self._described_group()
        stable = group.state is ConsumerGroupState.STABLE
        return [len(member.assignment.topic_partitions) for member in group.members] if stable else []

    def topic_partitions(self) -> dict[str, list[tuple[str, int]]]:
        """Return the partitions of each named member of the book's group."""
        members = self._described_group().members
        return {
            m.group_instance_id: sorted((p.topic, p.partition) for p in m.assignment.topic_partitions) for m in members
        }

    def members(self) -> int:
        """Return how many members the book's group has."""
        return len(self._described_group().members)

    def _described_group(self) -> Any:
        """Ask until the coordinator knows the group: a broker that has just started loads it first."""
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
        """Return the offsets that the book's group has committed to Kafka; negative if none is committed."""
        admin = AdminClient(self.cluster.librdkafka())
        topic_partitions = list(self.next_offsets())
        asked = [
            confluent_kafka.TopicPartition(self.cluster.topic(topic), partition)
            for topic, partition in topic_partitions
        ]
        answers = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(self.group, asked)])
        found = answers[self.group].result(PATIENCE_SECONDS).topic_partitions
        committed = {(each.topic, each.partition): each.offset for each in found}
        return {
            (topic, partition): committed[self.cluster.topic(topic), partition] for topic, partition in topic_partitions
        }

    @property
    def group(self) -> str:
        """The consumer group of the book's workers."""
        with Book(self.book) as book:
            return book.group

    def close(self) -> None:
        """Kill the workers that still run, and print the output of each."""
        for worker in self.workers:
            worker.kill()
            sys.stdout.write(f"worker {worker.number}, exit code {worker.process.returncode}:\n{worker.output}\n")


def _versions(book: Path) -> list[tuple[int, int, float]]:
    """Return inode, size and time of the last change of each of a book's files."""
    versions = []
    for file in book, book.with_name(f"{book.name}-wal"):
        with suppress(FileNotFoundError):
            status = file.stat()
            versions.append((status.st_ino, status.st_size, status.st_mtime))
    return versions


POSITIONS = "SELECT topic, partition, next FROM positions"


class Worker:
    """An `ip-ledger worker` process."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], directory: Path, number: int) -> None:
        self.number = number
        self._log = directory / f"worker-{number}.log"
        self.process: subprocess.Popen[bytes] | prefork.Forked
        with self._log.open("wb") as log, Path(os.devnull).open("rb") as nothing:
            if command[0] == sys.executable and command[2].endswith(PROGRAM) and prefork.suits(environment):
                streams = (nothing.fileno(), log.fileno(), log.fileno())
                first = command[2].removesuffix(PROGRAM)
                self.process = prefork.start(command[3:], environment, directory, *streams, first=first)
            else:
                self.process = subprocess.Popen(
                    command, env=environment, cwd=directory, stdin=nothing, stdout=log, stderr=log
                )

    @property
    def output(self) -> str:
        """Its output so far."""
        return self._log.read_text(errors="replace")

    @property
    def alive(self) -> bool:
        """True if it still runs."""
        return self.process.poll() is None

    def wait_until_started(self) -> None:
        """Wait until it has opened its book and reads the log."""
        wait_until(lambda: "worker started" in self.output, lambda: self.output)

    def require_alive(self) -> None:
        """Fail if it has ended."""
        assert self.alive, f"worker {self.number} ended with {self.process.returncode}: {self.output[-3000:]}"

    def wait(self) -> int:
        """Wait for its end; return its exit code."""
        try:
            return self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"worker {self.number} does not end; its output: {self.output[-3000:]}") from None

    def stop(self) -> int:
        """Send SIGTERM; return its exit code."""
        self.process.terminate()
        return self.wait()

    def kill(self) -> None:
        """Send SIGKILL."""
        if self.alive:
            self.process.kill()
            self.process.wait()

    def pause(self) -> None:
        """Send SIGSTOP: it stops without noticing."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Send SIGCONT."""
        self.process.send_signal(signal.SIGCONT)


def without_settings() -> dict[str, str]:
    """Return the environment without settings of the ledger. Compiled modules are kept, so that not every process
    compiles them again."""
    left_out = ("LEDGER_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(left_out)}


def wait_until(condition: Callable[[], bool], otherwise: Callable[[], str], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until the condition holds; fail with the message of `otherwise`."""
    deadline = time.monotonic() + seconds
    while True:
        began = time.monotonic()
        if condition():
            return
        now = time.monotonic()
        assert now < deadline, f"not within {seconds:.0f} s: {otherwise()}"
        time.sleep(max(0.05, _REST * (now - began)))
