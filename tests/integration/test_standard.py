"""A closed or full stdout or stderr: the error and the exit code of the commands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from tests import prefork
from tests.events import registered, value_of
from tests.processes import PATIENCE_SECONDS, PROGRAM, Finished, Installation, wait_until

PRINTING = ["status", "totals", "view journal", "view journal --csv", "rejections list", "rejections export", "verify"]
PRINTING += [
    "doctor",
    "schema",
    "generate --events 1",
    "topics check --json",
    "--version",
    "--help",
]
CLOSED, FULL = "", "/dev/full"
GONE = [(CLOSED, "Bad file descriptor"), (FULL, "No space left on device")]


@pytest.mark.parametrize(("to", "reason"), GONE, ids=["closed", "full"])
@pytest.mark.parametrize("arguments", PRINTING)
def test_an_unwritable_output_is_named(loaded: Installation, arguments: str, to: str, reason: str) -> None:
    answer = with_output(loaded, arguments, {1: to})
    assert (answer.code, answer.out) == (69, "")
    assert f"OutputUnwritable: Standard output cannot be written: {reason}. " in answer.err
    assert "Traceback" not in answer.err
    assert "nothing was kept" not in answer.err


@pytest.mark.parametrize(("to", "reason"), GONE, ids=["closed", "full"])
def test_an_unwritable_output_of_publish_is_named(installation: Installation, to: str, reason: str) -> None:
    answer = with_output(installation, "publish - --json", {1: to})
    assert (answer.code, answer.out) == (69, "")
    assert f"OutputUnwritable: Standard output cannot be written: {reason}. " in answer.err


def test_sent_events_are_reported_if_their_receipts_cannot_be_written(installation: Installation) -> None:
    many = [value_of(registered(f"p{number}", subject=f"P{number}")) for number in range(2_000)]
    answer = with_output(installation, "publish - --json", {1: FULL}, b"\n".join(many))
    assert answer.code == 69
    (count,) = re.findall("Published at least ([0-9,]+) events?, and perhaps those of some lines", answer.err)
    assert 0 < int(count.replace(",", "")) < len(many)
    assert sum(installation.ends().values()) >= int(count.replace(",", ""))


def test_a_command_that_prints_nothing_needs_no_output(loaded: Installation, tmp_path: Path) -> None:
    for number, (to, _) in enumerate(GONE):
        answer = with_output(loaded, f"backup {tmp_path / str(number)}", {1: to})
        assert (answer.code, (tmp_path / str(number)).exists()) == (0, True)


@pytest.mark.parametrize("to", [{2: CLOSED}, {2: FULL}, {1: CLOSED, 2: CLOSED}, {0: CLOSED, 1: CLOSED, 2: CLOSED}])
def test_the_exit_code_is_the_same_without_any_output(loaded: Installation, tmp_path: Path, to: dict[int, str]) -> None:
    answers = 69 if 1 in to else 0
    assert with_output(loaded, f"backup {tmp_path / 'copy'}", to).code == 0
    assert with_output(loaded, f"backup {tmp_path / 'copy'}", to).code == 2
    assert with_output(loaded, "status --json", to).code == answers
    assert with_output(loaded, "dance", to).code == 2
    # once from the start of Python, which finds the streams closed
    redirected = " ".join(f"{number}>{path or '&-'}" for number, path in to.items())
    command = f"exec {shlex.join([sys.executable, '-c', PROGRAM])} status --json {redirected}"
    run = subprocess.run(["sh", "-c", command], stdout=subprocess.DEVNULL, env=loaded.environment, cwd=tmp_path)
    assert run.returncode == answers


def test_a_worker_works_without_a_writable_log(installation: Installation) -> None:
    assert with_output(installation, "publish -", {2: FULL}).code == 0
    command = ["sh", "-c", f"exec {shlex.join([sys.executable, '-c', PROGRAM])} worker 2>/dev/full"]
    with subprocess.Popen(command, env=installation.environment, cwd=installation.book.parent) as worker:
        try:
            wait_until(lambda: installation.posted() == 1, lambda: f"{worker.poll()}, {installation.next_offsets()}")
            worker.terminate()
            assert worker.wait(PATIENCE_SECONDS) == 0
        finally:
            worker.kill()


def with_output(
    installation: Installation, arguments: str, to: dict[int, str], given: bytes = value_of(registered("p1"))
) -> Finished:
    """Run a command whose descriptors are other files, or closed."""
    with ExitStack() as stack:
        stdin, stdout, stderr = (stack.enter_context(TemporaryFile()) for _ in range(3))
        stdin.write(given)
        stdin.seek(0)
        streams: list[int | None] = [stdin.fileno(), stdout.fileno(), stderr.fileno()]
        for number, path in to.items():
            streams[number] = stack.enter_context(Path(path).open("wb")).fileno() if path else None
        where = installation.book.parent
        running = prefork.start(shlex.split(arguments), installation.environment, where, *streams)
        code = running.wait(PATIENCE_SECONDS)
        stdout.seek(0)
        stderr.seek(0)
        return Finished(code, stdout.read().decode(), stderr.read().decode())
