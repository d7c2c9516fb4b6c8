"""Commands as processes forked from one that has imported the command line: a start costs milliseconds.

A forked process is as real as any: it has its own id, streams, directory, environment, exit code and end. Only the
imports are shared, and at its end Python does not take apart what was imported. What depends on the start of Python
itself runs by `subprocess` instead: other programs than `ip-ledger`, an environment with settings of Python or of the
loader.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import os
import pickle
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from io import TextIOWrapper
from pathlib import Path
from select import POLLIN, poll, select
from typing import NamedTuple, NoReturn

_ROOT = Path(__file__).parents[1]

MODULES_OF_ALL = (
    "confluent_kafka.admin",
    "faust.app",
    "kafka.admin",
    "ledger.audit.replay",
    "ledger.audit.verify",
    "ledger.backup",
    "ledger.doctor",
    "ledger.evaluator",
    "ledger.figures.reconcile",
    "ledger.publishing",
    "ledger.queries.absent",
    "ledger.queries.status",
    "ledger.queries.trace",
    "ledger.queries.view",
    "ledger.settings",
    "ledger.tracing",
    "ledger.web.app",
    "ledger.worker",
    "mode.debug",
    "mode.worker",
    "rich.progress",
    "sqlite_utils",
)
"""Modules that most commands import when they run, apart from the modules of `ledger.commands`."""


_STREAMS = ("stdin", "stdout", "stderr")


class Request(NamedTuple):
    """A command, where it runs, its streams that are closed, and statements of Python that run before it."""

    arguments: tuple[str | bytes, ...]
    environment: dict[str, str]
    directory: str
    closed: tuple[int, ...]
    first: str


class Forked:
    """A running command. It has what the tests use of `subprocess.Popen`."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.pid = _number(connection)
        self.returncode: int | None = None
        self.memory = 0
        """Its peak resident size in KB, once it has ended; what it shares with the process that forks counts."""

    def poll(self) -> int | None:
        """Return the exit code, negative for a signal; None while it runs."""
        if self.returncode is None and select([self._connection.fileno()], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code, negative for a signal. Raise TimeoutExpired after `timeout` seconds."""
        if self.returncode is None:
            self._connection.settimeout(timeout)
            try:
                returncode, self.memory = _number(self._connection), _number(self._connection)
            except TimeoutError:
                raise subprocess.TimeoutExpired("ip-ledger", timeout or 0) from None
            self._connection.close()
            self.returncode = returncode
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Send SIGTERM if it still runs."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL if it still runs."""
        self.send_signal(signal.SIGKILL)


def start(
    arguments: Sequence[str | bytes],
    environment: Mapping[str, str],
    directory: Path,
    *streams: int | None,
    address: str | None = None,
    first: str = "",
) -> Forked:
    """Start `ip-ledger ARGUMENTS` with descriptors as stdin, stdout and stderr (None: closed), after these statements
    of Python."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(address or _address())
    closed = tuple(target for target, stream in enumerate(streams) if stream is None)
    request = pickle.dumps(Request(tuple(arguments), dict(environment), str(directory), closed, first))
    opened = [stream for stream in streams if stream is not None]
    socket.send_fds(connection, [len(request).to_bytes(8, "big")], opened)
    connection.sendall(request)
    return Forked(connection)


def run(
    arguments: Sequence[str | bytes],
    environment: Mapping[str, str],
    directory: Path,
    given: bytes,
    seconds: float,
    first: str = "",
) -> tuple[int, str, str, int]:
    """Run `ip-ledger ARGUMENTS` to its end; return its exit code, stdout, stderr and peak memory in KB."""
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        stdin.write(given)
        stdin.seek(0)
        streams = (each.fileno() for each in (stdin, stdout, stderr))
        running = start(arguments, environment, directory, *streams, first=first)
        try:
            code = running.wait(seconds)
        finally:
            running.kill()
        printed = []
        for file in stdout, stderr:
            file.seek(0)
            printed.append(file.read().decode())
    return code, printed[0], printed[1], running.memory


def write_program(path: Path) -> None:
    """Write an `ip-ledger` for shells: it starts a forked process, forwards signals to it, and ends as it ends."""
    lines = (
        f"#!{sys.executable} -IS",
        "import sys",
        f"sys.path.insert(0, {str(_ROOT)!r})",
        "from tests.prefork import forward",
        f"forward({_address()!r})",
    )
    path.write_text("\n".join(lines))
    path.chmod(0o755)


def forward(address: str) -> NoReturn:
    """Run `ip-ledger` with the arguments, streams, environment and directory of this process; end as it ends."""
    signals = (signal.SIGINT, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)  # until there is a process to forward them to
    running = start(sys.argv[1:], os.environ, Path.cwd(), 0, 1, 2, address=address)
    for number in signals:
        signal.signal(number, lambda number, _: running.send_signal(number))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
    code = running.wait()
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


def suits(environment: Mapping[str, str]) -> bool:
    """Return whether Python would start with the settings of the process that forks."""
    return _settings_of_a_start(environment) == _SETTINGS


def _settings_of_a_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(("PYTHON", "LD_")) and name != "PYTHONDONTWRITEBYTECODE"
    }


_SETTINGS = _settings_of_a_start(os.environ)


@cache
def _address() -> str:
    """Start the process that has imported everything, once for each process of the tests; it ends with its parent."""
    address = str(Path(tempfile.mkdtemp(prefix="prefork-")) / "socket")
    server = subprocess.Popen(
        [sys.executable, "-c", f"from tests.prefork import serve; serve({address!r})"],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert server.stdout is not None
    assert server.stdout.read(1) == b"\n"
    atexit.register(server.communicate)  # closes its stdin, and waits for its end
    return address


def serve(address: str) -> None:
    """Fork a process for each request until stdin ends; it returns in each of these processes as `ip-ledger` does."""
    atexit.register(_leave)  # the first one to register is the last one to be called
    gc.disable()
    import ledger.commands
    from ledger.cli import main

    for module in pkgutil.walk_packages(ledger.commands.__path__, "ledger.commands."):
        importlib.import_module(module.name)
    for name in MODULES_OF_ALL:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    gc.enable()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        os.write(1, b"\n")
        connection = _fork_for_each(listening)
    if connection is None:
        Path(address).unlink()
        Path(address).parent.rmdir()
        return
    _become_the_command(connection)
    try:
        main()
    except SystemExit as ended:
        if isinstance(ended.code, int):
            _codes.append(ended.code)
        raise


def _fork_for_each(listening: socket.socket) -> socket.socket | None:
    """Return in each forked process, with the connection of its request; None in this one, when stdin has ended."""
    running: dict[int, socket.socket] = {}
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakes)
    waiting = poll()
    for descriptor in (listening.fileno(), woken, 0):
        waiting.register(descriptor, POLLIN)
    while True:
        ready = dict(waiting.poll())
        if 0 in ready:
            return None
        for pid in [pid for pid, connection in running.items() if connection.fileno() in ready]:
            os.kill(pid, signal.SIGKILL)  # the process that asked for it was killed, as `kill -9` in a shell does
            waiting.unregister(running[pid])
        if woken in ready:
            os.read(woken, 4096)
            for connection in _report_ends(running):
                with connection, suppress(KeyError):
                    waiting.unregister(connection)
        if listening.fileno() in ready:
            connection, _ = listening.accept()
            if (pid := os.fork()) == 0:
                _forget(woken, wakes, *running.values())
                return connection
            running[pid] = connection
            waiting.register(connection, 0)  # its end alone


def _forget(woken: int, wakes: int, *connections: socket.socket) -> None:
    """Close, in a forked process, what belongs to the process that forks."""
    signal.set_wakeup_fd(-1)
    os.close(woken)
    os.close(wakes)
    for connection in connections:
        connection.close()


def _report_ends(running: dict[int, socket.socket]) -> Iterator[socket.socket]:
    """Send the exit codes of commands that have ended, and their peak memory; yield their connections."""
    while running and (ended := os.wait4(-1, os.WNOHANG))[0]:
        pid, status, usage = ended
        connection = running.pop(pid)
        with suppress(BrokenPipeError):  # nobody waits any longer
            connection.sendall(_packed(os.waitstatus_to_exitcode(status)) + _packed(usage.ru_maxrss))
        yield connection


def _become_the_command(connection: socket.socket) -> None:
    """Return with the arguments, streams, environment and directory of the request."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _, _ = socket.recv_fds(connection, 8, 3)
    request = pickle.loads(_received(connection, int.from_bytes(size, "big")))
    connection.sendall(_packed(os.getpid()))
    connection.close()
    for target in range(3):
        if target in request.closed:
            os.close(target)
            for name in (_STREAMS[target], f"__{_STREAMS[target]}__"):
                setattr(sys, name, None)  # as Python does when it starts
        else:
            os.dup2(streams[0], target)
            os.close(streams.pop(0))
    os.chdir(request.directory)
    os.environ.clear()
    os.environ.update(request.environment)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=os.isatty(1))
    sys.argv = ["-c", *map(os.fsdecode, request.arguments)]
    exec(request.first, {})


_codes: list[int] = []


def _leave() -> None:
    """End this process after all else that ends with it, and leave its objects to the system: to take apart what was
    imported would copy the pages that it shares, and take ten times as long as a command."""
    if _codes:
        for stream in sys.stdout, sys.stderr:
            if stream is not None and not stream.closed:
                stream.flush()
        os._exit(_codes[0])


def _packed(number: int) -> bytes:
    return number.to_bytes(8, "big", signed=True)


def _number(connection: socket.socket) -> int:
    return int.from_bytes(_received(connection, 8), "big", signed=True)


def _received(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        piece = connection.recv(size - len(received))
        assert piece, "the process that forks has ended"
        received += piece
    return received
