"""The processes of one worker: members of one consumer group on one book, started, watched and stopped as one.

They are forked from a process that has loaded everything and has no threads, so that a replacement starts at once. See
docs/decisions/0015-processes-of-a-worker.md.
"""

from __future__ import annotations

import gc
import os
import secrets
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import NamedTuple, NoReturn

import structlog

_STOP_SECONDS = 8.0
"""The time limit for an orderly stop of all processes, each of which ends itself after 5 s; then they are killed. That
costs nothing: only commits count."""
_LONGEST_PAUSE = 30.0
"""The longest pause before a process that keeps dying is replaced: none the first time, then 1 s, 2 s, 4 s."""
STEADY_SECONDS = 60.0
"""The life of a process after which its death counts as the first one."""
CPU_LIMIT = Path("/sys/fs/cgroup/cpu.max")
_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGCHLD, signal.SIGALRM}

log = structlog.get_logger()


class Member(NamedTuple):
    """One process of a worker: its number, from 0, its name in the consumer group, which its replacement takes over,
    and the descriptor of the lock that it holds while it writes."""

    number: int
    name: str
    write_lock: int


def cores() -> int:
    """Return the number of cores that this process may use."""
    there = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = CPU_LIMIT.read_text(encoding="ascii").split()
        return there if quota == "max" else max(1, min(there, -(-int(quota) // int(period))))
    except (OSError, ValueError):  # no limit of a container
        return there


def run_aside(run: Callable[[], int]) -> int:
    """Run something in a process of its own, as it leaves threads behind, and return its exit code."""
    alive, parent = os.pipe()
    try:
        pid = os.fork()
        if pid == 0:
            _in_child(run, alive, parent)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        return code if code >= 0 else 70
    finally:
        os.close(alive)
        os.close(parent)


def run_together(count: int, run: Callable[[Member], int]) -> int:
    """Run this many processes until SIGTERM or SIGINT; return the exit code of the first that failed, or 0.

    A process that was killed, or that somebody else stopped, is replaced; one that fails stops all. `run` reports the
    errors of its process, and returns its exit code.
    """
    name = secrets.token_hex(4)
    # signals stay blocked and are waited for, so none is lost between a look and a wait
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    with tempfile.TemporaryFile() as write_lock:
        alive, parent = os.pipe()
        gc.freeze()  # the processes share what is loaded

        def start(number: int) -> int:
            pid = os.fork()
            if pid == 0:
                _in_child(lambda: run(Member(number, f"{name}-{number}", write_lock.fileno())), alive, parent, before)
            return pid

        log.info("processes started", processes=count)
        try:
            code = _Processes(start).run(count)
            log.info("processes stopped", exit_code=code)
            return code
        finally:
            os.close(alive)
            os.close(parent)
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _in_child(run: Callable[[], int], alive: int, parent: int, mask: Collection[int] | None = None) -> NoReturn:
    """Run something in a process that was just forked, and end it, with its parent at the latest."""
    code = 70
    try:
        os.close(parent)
        threading.Thread(target=_end_with, args=(alive,), name="parent", daemon=True).start()
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        code = run()
    except Exception:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(code)


def _end_with(alive: int) -> None:
    """End this process by SIGTERM when nobody holds the other end of a pipe: its parent is gone."""
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGTERM)


@dataclass(slots=True)
class _Slot:
    number: int
    pid: int = 0
    """The process; 0 if it has ended."""
    began: float = 0.0
    pause: float = 0.0
    due: float = 0.0
    """The time at which the next process starts."""


class _Processes:
    """Keeps a process in each slot. `start` starts the one of a number, and returns its id."""

    def __init__(self, start: Callable[[int], int]) -> None:
        self._start = start
        self._slots: list[_Slot] = []
        self._code = 0

    def run(self, count: int) -> int:
        """Keep this many processes until one fails or all are to stop; return the first exit code that is not 0."""
        self._slots = [_Slot(number) for number in range(count)]
        received = 0
        while received not in (signal.SIGTERM, signal.SIGINT) and not self._code:
            for slot in self._slots:
                if not slot.pid and monotonic() >= slot.due:
                    slot.pid, slot.began = self._start(slot.number), monotonic()
            received = self._wait(min((slot.due for slot in self._slots if not slot.pid), default=None))
            self._take_ended()
        self._stop()
        return self._code

    @staticmethod
    def _wait(until: float | None) -> int:
        """Wait for a signal, at most until then."""
        signal.setitimer(signal.ITIMER_REAL, 0 if until is None else max(0.001, until - monotonic()))
        return signal.sigwait(_SIGNALS)

    def _take_ended(self) -> None:
        for slot in self._slots:
            if not slot.pid or not (ended := os.waitpid(slot.pid, os.WNOHANG))[0]:
                continue
            code = os.waitstatus_to_exitcode(ended[1])
            self._code = self._code or max(0, code)
            again = slot.due > 0 and monotonic() - slot.began < STEADY_SECONDS
            slot.pause = min(2 * slot.pause or 1.0, _LONGEST_PAUSE) if again else 0.0
            slot.due = monotonic() + slot.pause
            if code < 0:
                name = signal.Signals(-code).name
                log.error("process killed", process=slot.pid, signal=name, replaced_in_seconds=slot.pause)
            slot.pid = 0

    def _stop(self) -> None:
        deadline = monotonic() + _STOP_SECONDS
        self._send(signal.SIGTERM)
        while any(slot.pid for slot in self._slots) and monotonic() < deadline:
            self._wait(deadline)
            self._take_ended()
        self._send(signal.SIGKILL)
        for slot in self._slots:
            if slot.pid:
                os.waitpid(slot.pid, 0)

    def _send(self, number: int) -> None:
        for slot in self._slots:
            if slot.pid:
                os.kill(slot.pid, number)
