"""Every system call by which a commit changes files: the process dies before it, or the call fails."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.book import book as books
from ledger.book import errors
from schemas.errors import LedgerError
from tests.acceptance.fault import Fault
from tests.acceptance.short_log import ShortLog
from tests.effort import examples

EVENTS = 16
"""About 350 calls: creating the book, a dozen commits, checkpoints between them and at the end."""
CALLS = ("openat", "pwrite64", "fsync", "fdatasync", "ftruncate", "fallocate", "unlink", "rename", "fchown", "fchmod")
TAKES_ROOM = ("openat", "pwrite64", "fallocate", "ftruncate")
SAMPLE = examples(35)
"""Points in one round; twenty rounds with EFFORT=1 try all of them."""


class Run(NamedTuple):
    """A run of the driver: acknowledged commits, exit code, name of the error, system calls."""

    kept: int
    code: int
    named: str
    trace: list[str]


class Driver:
    """Posts a short log to a book, each time in a new process."""

    def __init__(self, directory: Path, log: ShortLog) -> None:
        batches = directory / "batches"
        batches.write_bytes(pickle.dumps(log.batches))
        self._trace = directory / "trace"
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.driver", str(batches)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def run(self, book: Path, inject: str | None = None) -> Run:
        """Post the batches that the book lacks; `inject` (may be empty) traces calls on its files, and fails some."""
        assert self._server.stdin is not None
        self._server.stdin.write(f"{book}\n")
        pid = int(self._reply()[1])
        strace = None if inject is None else self._attach(pid, book, inject)
        os.kill(pid, signal.SIGUSR1)
        kept, named = 0, ""
        while (reply := self._reply())[0] != "ended":
            kept = int(reply[1]) if reply[0] == "kept" else kept
            named = reply[1] if reply[0] == "failed" else named
        if strace is None:
            return Run(kept, int(reply[1]), named, [])
        strace.communicate()
        return Run(kept, int(reply[1]), named, self._trace.read_text(errors="replace").splitlines())

    def _attach(self, pid: int, book: Path, inject: str) -> subprocess.Popen[str]:
        files = [f"--trace-path={book}{suffix}" for suffix in ("", "-wal", "-shm", "-journal")]
        command = ["strace", f"--attach={pid}", f"--output={self._trace}", *files, f"--trace-path={book.parent}"]
        options = [f"--trace={','.join(CALLS)}", *([f"--inject={inject}"] if inject else [])]
        strace = subprocess.Popen([*command, *options], stderr=subprocess.PIPE, text=True)
        assert strace.stderr is not None
        first = strace.stderr.readline()
        if "attached" not in first:
            pytest.skip(f"strace cannot trace here: {first}")
        return strace

    def _reply(self) -> list[str]:
        assert self._server.stdout is not None
        line = self._server.stdout.readline()
        assert line, "the driver has ended"
        return line.split()

    def close(self) -> None:
        self._server.kill()
        self._server.communicate()


@pytest.fixture
def log(fault: Fault) -> ShortLog:
    return ShortLog(fault.chance, EVENTS)


@pytest.fixture
def driver(tmp_path: Path, log: ShortLog) -> Iterator[Driver]:
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    driver = Driver(tmp_path, log)
    yield driver
    driver.close()


def test_a_process_killed_before_any_system_call_keeps_acknowledged_commits(
    driver: Driver, log: ShortLog, tmp_path: Path, fault: Fault
) -> None:
    """kill -9 before a system call that changes the book's files"""
    points = [(call, nth, "signal=KILL", f"{nth}") for call, nth in _calls(driver, log, tmp_path)]
    unacknowledged = 0
    tried = _sample(points, fault)
    for number, point in enumerate(tried):
        book, run = _run(driver, tmp_path, number, point)
        assert run.code == -signal.SIGKILL, point
        unacknowledged += _assert_kept(log, book, run, point)
        _assert_goes_on(driver, log, book)
    fault.ended(f"right and balanced; {unacknowledged} times a commit had not been acknowledged yet", len(tried))


def test_a_system_call_that_fails_stops_the_process_or_does_no_harm(
    driver: Driver, log: ShortLog, tmp_path: Path, fault: Fault
) -> None:
    """EIO or ENOSPC from a system call that changes the book's files, once or from then on"""
    calls = _calls(driver, log, tmp_path)
    points = [(call, nth, "error=EIO", f"{nth}{more}") for call, nth in calls for more in ("", "+")]
    points += [
        (call, nth, "error=ENOSPC", f"{nth}{more}") for call, nth in calls if call in TAKES_ROOM for more in ("", "+")
    ]
    ended: Counter[str] = Counter()
    tried = _sample(points, fault)
    for number, point in enumerate(tried):
        book, run = _run(driver, tmp_path, number, point)
        assert (run.code, run.named) == (0, "") or run.code == 70, (point, run)
        assert run.code == 0 or issubclass(getattr(errors, run.named), LedgerError), (point, run)
        ended[run.named or "did no harm"] += 1
        _assert_kept(log, book, run, point)
        _assert_goes_on(driver, log, book)
    stopped = ", ".join(f"{count} x {name}" for name, count in sorted(ended.items()))
    fault.ended(f"stopped or went on ({stopped}); then right and balanced", len(tried))


def test_a_commit_with_a_failed_sync_is_not_retried(
    driver: Driver, log: ShortLog, tmp_path: Path, fault: Fault
) -> None:
    """fsync fails at a commit

    The system may drop the writes that failed and report success for the next sync, so nothing may rely on them.
    """
    syncs = _syncs_of_commits(driver.run(_new(tmp_path, "traced"), inject="").trace)
    assert len(syncs) >= len(log.batches)
    tried = _sample([("fsync", nth, "error=EIO", f"{nth}") for nth in syncs], fault)
    for number, point in enumerate(tried):
        book, run = _run(driver, tmp_path, number, point)
        assert (run.code, run.named) == (70, "BookFault"), (point, run)
        _assert_kept(log, book, run, point)
        _assert_goes_on(driver, log, book)
    fault.ended("stopped: BookFault; then right and balanced", len(tried))


def _syncs_of_commits(trace: Sequence[str]) -> list[int]:
    """Return the ordinals of the syncs of commits, without those of checkpoints, which SQLite repeats from the WAL."""
    files: dict[str, str] = {}
    found, nth = [], 0
    for line, following in pairwise([*trace, ""]):
        if opened := re.match(r'openat\(AT_FDCWD, "([^"]+)".* = (\d+)$', line):
            files[opened[2]] = opened[1]
        elif line.startswith("fsync"):
            nth += 1
            copies = files.get(_descriptor(following), "").endswith(".db")
            if files.get(_descriptor(line), "").endswith("-wal") and not copies:
                found.append(nth)
    return found


def _descriptor(line: str) -> str:
    return line.partition("(")[2].partition(",")[0].partition(")")[0]


Point = tuple[str, int, str, str]
"""(system call, its ordinal, the injected fault, strace's `when`)"""


def _calls(driver: Driver, log: ShortLog, directory: Path) -> list[tuple[str, int]]:
    """Return each call that changes files, with its ordinal among calls of that name."""
    run = driver.run(_new(directory, "traced"), inject="")
    assert (run.kept, run.code) == (len(log.batches), 0)
    counts: Counter[str] = Counter()
    calls = []
    for line in run.trace:
        call = line.partition("(")[0]
        if call in CALLS:
            counts[call] += 1
            calls.append((call, counts[call]))
    assert {"openat", "pwrite64", "fsync", "unlink"} <= counts.keys()
    return calls


def _sample(points: Sequence[Point], fault: Fault) -> list[Point]:
    return fault.chance.sample(points, min(len(points), SAMPLE * fault.rounds))


def _run(driver: Driver, directory: Path, number: int, point: Point) -> tuple[Path, Run]:
    book = _new(directory, f"book-{number}")
    call, _, what, when = point
    return book, driver.run(book, f"{call}:{what}:when={when}")


def _new(directory: Path, name: str) -> Path:
    (directory / name).mkdir()
    return directory / name / "book.db"


def _assert_kept(log: ShortLog, book: Path, run: Run, point: Point) -> bool:
    """Assert that the book has all acknowledged commits and no partial one; return True if it has one more."""
    if not books.exists(book):
        assert run.kept == 0, point
        return False
    vector = log.assert_true(book)
    assert vector in (log.after(run.kept), log.after(run.kept + 1)), (point, run)
    return vector != log.after(run.kept)


def _assert_goes_on(driver: Driver, log: ShortLog, book: Path) -> None:
    run = driver.run(book)
    assert (run.code, run.named) == (0, "")
    assert log.assert_true(book) == log.after(len(log.batches))
    shutil.rmtree(book.parent)
