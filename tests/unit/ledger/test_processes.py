"""The processes of a worker, without a broker: replaced, stopped together, and never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import processes
from ledger.book.write_lock import WriteLock
from tests.processes import PATIENCE_SECONDS, wait_until

PROGRAM = """
import os, signal, sys, time
from pathlib import Path
from ledger import processes

processes.STOP_SECONDS = 2.0
directory = Path(sys.argv[1])

def stay(member):
    signal.signal(signal.SIGTERM, {on_stop})
    (directory / f"{{member.name.partition('-')[2]}}-{{os.getpid()}}").touch()
    while True:
        {work}
        time.sleep(0.01)

sys.exit(processes.run_together(3, stay))
"""
ORDERLY, STUBBORN = "lambda *_: os._exit(0)", "signal.SIG_IGN"


class Running:
    """A program that keeps three processes."""

    def __init__(self, directory: Path, work: str = "pass", on_stop: str = ORDERLY) -> None:
        self.directory = directory
        program = PROGRAM.format(work=work, on_stop=on_stop)
        self.first = subprocess.Popen([sys.executable, "-c", program, str(directory)])

    def there(self) -> dict[str, list[int]]:
        """Return number -> ids of its processes so far, without those that have ended."""
        found: dict[str, list[int]] = {}
        for file in sorted(self.directory.iterdir()):
            number, _, pid = file.name.partition("-")
            if alive(int(pid)):
                found.setdefault(number, []).append(int(pid))
        return found

    def wait_for(self, count: int) -> list[int]:
        """Wait until this many processes run; return their ids."""
        wait_until(lambda: sum(map(len, self.there().values())) == count, lambda: str(self.there()))
        return [pid for pids in self.there().values() for pid in pids]

    def end(self, number: int) -> int:
        """Send a signal to the first process; return its exit code."""
        self.first.send_signal(number)
        return self.first.wait(PATIENCE_SECONDS)


def alive(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    for file in tmp_path.iterdir():
        pid = int(file.name.partition("-")[2])
        if alive(pid):
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_signal_stops_all(directory: Path, number: int) -> None:
    running = Running(directory)
    running.wait_for(3)
    assert running.end(number) == 0
    running.wait_for(0)


@pytest.mark.slow
def test_a_process_that_does_not_stop_is_killed(directory: Path) -> None:
    running = Running(directory, on_stop=STUBBORN)
    running.wait_for(3)
    assert running.end(signal.SIGTERM) == 0
    running.wait_for(0)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_ends_is_replaced_under_its_name(directory: Path, number: int) -> None:
    running = Running(directory)
    before = running.wait_for(3)
    killed = running.there()["1"][0]
    os.kill(killed, number)
    wait_until(lambda: running.there().get("1", [killed]) != [killed], lambda: str(running.there()))
    assert len(set(running.wait_for(3)) - set(before)) == 1
    assert set(before) - set(running.wait_for(3)) == {killed}
    assert running.end(signal.SIGTERM) == 0


def test_a_process_that_fails_stops_all_with_its_code(directory: Path) -> None:
    running = Running(directory, work="if member.name.endswith('2') and len(list(directory.iterdir())) == 3: return 70")
    assert running.first.wait(PATIENCE_SECONDS) == 70
    running.wait_for(0)


def test_an_exception_that_nobody_reports_counts_as_a_fault(directory: Path) -> None:
    running = Running(directory, work="raise RuntimeError(member.name)")
    assert running.first.wait(PATIENCE_SECONDS) == 70


def test_processes_end_with_their_parent(directory: Path) -> None:
    running = Running(directory)
    running.wait_for(3)
    assert running.end(signal.SIGKILL) == -signal.SIGKILL
    running.wait_for(0)


@pytest.mark.parametrize(("quota", "count"), [("150000 100000", 2), ("50000 100000", 1), ("max 100000", 64), ("", 64)])
def test_a_container_s_limit_counts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, quota: str, count: int) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(64)))
    monkeypatch.setattr(processes, "CPU_LIMIT", tmp_path / "cpu.max")
    if quota:
        (tmp_path / "cpu.max").write_text(quota)
    assert processes.cores() == count


def test_a_write_lock_passes_on_when_its_holder_is_killed(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w+b") as file:
        lock = WriteLock(file.fileno())
        ours, theirs = os.pipe()
        holder = os.fork()
        if holder == 0:
            lock.__enter__()
            os.write(theirs, b"1")
            signal.pause()
        assert os.read(ours, 1) == b"1"
        waiter = os.fork()
        if waiter == 0:
            with lock:
                os.write(theirs, b"2")
            os._exit(0)
        os.kill(holder, signal.SIGKILL)
        assert os.read(ours, 1) == b"2"
        assert [os.waitpid(pid, 0)[0] for pid in (holder, waiter)] == [holder, waiter]
