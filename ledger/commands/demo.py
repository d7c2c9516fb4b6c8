"""The demo: the whole way of an event, from a broker to verified totals, with real processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from rich.console import Console

from ledger.audit.verify import VerifyReport, verify
from ledger.book import book as books
from ledger.book.book import Book, PartitionState
from ledger.commands.context import settings
from ledger.commands.demo_screen import show_dashboard
from ledger.commands.exit_codes import Exit
from ledger.commands.formats.table import print_table
from ledger.commands.messages import echo_err
from ledger.commands.output import progress_bar
from ledger.queries.totals import totals
from schemas.errors import PromiseBroken
from schemas.escapes import escaped
from schemas.topics import TOPICS
from streams import broker, topics
from streams.cluster import Cluster
from streams.producer import Producer, publish_lines
from streams.reader import Reader
from streams.synthetic.showcase import generate_showcase

_PATIENCE_SECONDS = 180.0
_CHUNK = 1000
NEXT = {
    "pledge financing of 2024 and of the year before": "ip-ledger growth --until 2024-12-31",
    "pledges in force, by industry": "ip-ledger view pledge_stock currency=CNY --columns industry,pledges,amount",
    "events that wait, and why": "ip-ledger view unmatched basis=corrected --columns subject,reason --limit 10",
}
_out = Console(highlight=False, soft_wrap=True, emoji=False)


class WorkerLost(PromiseBroken):
    """The demo's worker ended with exit code {code}. Read its log {log}, then try again. Its last line: {words}"""


class WorkerSlow(PromiseBroken):
    """The demo's worker posted nothing for {seconds:.0f} s. Read its log {log}, then run the demo again."""


def run_demo(directory: Path, events: int) -> Exit:
    """Run the demo in `directory`. A second run adds to the log and the book of the first."""
    directory.mkdir(parents=True, exist_ok=True)
    with _cluster(directory) as cluster:
        book = settings().book if "book" in settings().model_fields_set else directory / "book.db"
        topics.create(cluster)
        worker = _Worker(cluster, book, directory / "worker.log")
        try:
            _publish(cluster, worker, events)
            _wait_until_posted(cluster, book, worker)
            _show_totals(book)
            verdict = _verify(cluster, book)
            _show_result(directory, book, verdict, worker.log)
            if sys.stdout.isatty():
                seed = sum(position.next for position in _positions(book))
                show_dashboard(cluster, worker.environment, directory / "serve.log", seed, worker.require_alive)
        finally:
            worker.stop()
    return Exit.FINE if verdict.verdict == "equal" else Exit.DIFFERENT


@contextmanager
def _cluster(directory: Path) -> Iterator[Cluster]:
    named = settings().brokers
    if named:
        _say(f"Using the brokers that LEDGER_BROKERS names: {named}")
        yield settings().cluster(named)
        return
    home = directory / "broker"
    _say("Starting a real Apache Kafka on this machine ...")
    status = broker.start(home, java_home=settings().java_home, kafka_home=settings().kafka_home, on_progress=echo_err)
    assert status.address is not None, "a broker that was started has an address"
    _say(f"Apache Kafka {status.version} runs at {status.address} and keeps its log in {home}.")
    try:
        yield settings().cluster(status.address)
    finally:
        broker.stop(home)


class _Worker:
    """A worker as an operator runs it: the process `ip-ledger worker`."""

    def __init__(self, cluster: Cluster, book: Path, log: Path) -> None:
        self.log = log
        self.environment = {
            **os.environ,
            "LEDGER_BROKERS": cluster.brokers,
            "LEDGER_BOOK": str(book.resolve()),
            "LEDGER_SESSION_SECONDS": "6",
        }
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", "from ledger.cli import main; main()", "worker", "--processes", "1"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)  # noqa: S603 - ourselves
        _say(f"Worker started, process {process.pid}.")
        return process

    def kill_and_start_again(self) -> None:
        """Kill the process as a power cut does, and start another one as an operator does."""
        self.process.kill()
        self.process.wait()
        _say(f"Halfway through: kill -9 {self.process.pid}. The worker died in the middle of its work.")
        self.process = self._start()

    def require_alive(self) -> None:
        """Raise WorkerLost if the process has ended."""
        if self.process.poll() is not None:
            words = self.log.read_text(errors="replace").strip().splitlines()[-1:]
            raise WorkerLost(code=self.process.returncode, log=self.log, words=" ".join(words))

    def stop(self) -> None:
        """Send SIGTERM and wait."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)


def _publish(cluster: Cluster, worker: _Worker, events: int) -> None:
    samples = real_events()
    _say(f"Publishing {len(samples)} real events from patent offices and {events:,} synthetic ones ...")
    with Reader(cluster) as reader:
        published_before = sum(bounds.end for bounds in reader.bounds(TOPICS).values())
    with Producer(cluster) as producer:
        for _ in publish_lines(producer, samples):
            pass
        progress, task = progress_bar("published", events)
        with progress:
            synthetic = generate_showcase(events, seed=published_before)
            for done, _ in enumerate(publish_lines(producer, synthetic), start=1):
                if done % _CHUNK == 0:
                    progress.update(task, completed=done)
                if done == events // 2:
                    worker.kill_and_start_again()
    worker.require_alive()


def real_events() -> list[bytes]:
    """Return the events of offices and statisticians that the package carries, one a line, file by file."""
    carried = sorted(files("ledger").joinpath("examples").iterdir(), key=lambda file: file.name)
    return [line for file in carried for line in file.read_bytes().splitlines()]


def _wait_until_posted(cluster: Cluster, book: Path, worker: _Worker) -> None:
    with Reader(cluster) as reader:
        ends = {topic_partition: bounds.end for topic_partition, bounds in reader.bounds(TOPICS).items()}
    before, deadline = -1, 0.0
    progress, task = progress_bar("posted", sum(ends.values()))
    with progress:
        while (posted := _posted(book)) < sum(ends.values()):
            worker.require_alive()
            if posted > before:
                before, deadline = posted, time.monotonic() + _PATIENCE_SECONDS
            if time.monotonic() > deadline:
                raise WorkerSlow(seconds=_PATIENCE_SECONDS, log=worker.log)
            progress.update(task, completed=posted)
            time.sleep(0.1)
    _say(f"The book accounts for all {posted:,} offsets of the log.")


def _posted(book: Path) -> int:
    return sum(position.next for position in _positions(book)) if books.exists(book) else 0


def _positions(book: Path) -> list[PartitionState]:
    with Book(book) as opened:
        return opened.positions()


def _show_totals(book: Path) -> None:
    with Book(book) as opened:
        grants = totals(opened, "grants", ("industry", "year")).shown_as_dicts()
        pledges = totals(opened, "pledges", ("industry", "year")).shown_as_dicts()
    print_table(_pivot(grants, "events"), "Patents granted, by industry and year")
    yuan = [row for row in pledges if row["currency"] == "CNY"]
    print_table(_pivot(yuan, "amount_minor"), "Pledge financing, by industry and year, in million CNY")


def _pivot(rows: Iterable[dict[str, object]], value: str, last: int = 6) -> list[dict[str, object]]:
    """Return a row for each industry, with a column for each of the last years; money in millions, rounded down."""
    cells = {(str(row["industry"]), int(str(row["year"]))): int(str(row[value])) for row in rows}
    years = sorted({year for _, year in cells})[-last:]
    scale = 100_000_000 if value == "amount_minor" else 1
    return [
        {"industry": industry, **{str(year): cells.get((industry, year), 0) // scale for year in years}}
        for industry in dict.fromkeys(industry for industry, _ in cells)
    ]


def _verify(cluster: Cluster, book: Path) -> VerifyReport:
    _say("Replaying the whole log into a second book to compare every row ...")
    progress, task = progress_bar("replayed", None)
    with progress:
        return verify(cluster, book, lambda done, whole: progress.update(task, completed=done, total=whole))


def _show_result(directory: Path, book: Path, verdict: VerifyReport, log: Path) -> None:
    positions = _positions(book)
    accepted = sum(position.accepted for position in positions)
    duplicate = sum(position.duplicate for position in positions)
    _say("")
    _say(f"Accepted: {accepted:,} events; {duplicate:,} duplicates were ignored.")
    _say("Killed halfway, the worker continued from its book: nothing lost, nothing twice.")
    _say(f"Verdict: {verdict.verdict}. {verdict.records:,} records were replayed in {verdict.seconds:.0f} s.")
    _say(f"Digest: {verdict.digest}")
    _say(f"Book: {book} (any SQLite client opens it)")
    _say(f"Worker log: {log}")
    _say("")
    _say("Three commands to try next:")
    activate = Path(os.path.relpath(sys.prefix), "bin", "activate")
    if shutil.which("ip-ledger") is None and activate.is_file():  # `make demo` runs without an activated environment
        _say(f"  . {activate}")
    if not settings().brokers:
        _say(f"  export LEDGER_BOOK={book} LEDGER_BROKER_DIR={directory / 'broker'}")
    for meaning, command in NEXT.items():
        _say(f"  # {meaning}")
        _say(f"  {command}")


def _say(line: str) -> None:
    _out.print(escaped(line), markup=False)
