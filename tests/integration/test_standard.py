"""A closed or full stdout or stderr: the error and the exit code of the commands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.events import registered, value_of
from tests.processes import PATIENCE_SECONDS, PROGRAM, Installation, wait_until

PRINTING = ["status", "totals", "view journal", "view journal --csv", "rejections list", "rejections export", "verify"]
PRINTING += [
    "doctor",
    "schema",
    "generate --events 1",
    "topics check --json",
    "--version",
    "--help",
]
GONE = [(">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")]


@pytest.mark.parametrize(("to", "reason"), GONE, ids=["closed", "full"])
@pytest.mark.parametrize("arguments", PRINTING)
def test_an_unwritable_output_is_named(loaded: Installation, arguments: str, to: str, reason: str) -> None:
    answer = with_output(loaded, arguments, to)
    assert (answer.returncode, answer.stdout) == (69, "")
    assert f"OutputUnwritable: Standard output cannot be written: {reason}. " in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "nothing was kept" not in answer.stderr


@pytest.mark.parametrize(("to", "reason"), GONE, ids=["closed", "full"])
def test_an_unwritable_output_of_publish_is_named(installation: Installation, to: str, reason: str) -> None:
    answer = with_output(installation, "publish - --json", to)
    assert (answer.returncode, answer.stdout) == (69, "")
    assert f"OutputUnwritable: Standard output cannot be written: {reason}. " in answer.stderr


def test_sent_events_are_reported_if_their_receipts_cannot_be_written(installation: Installation) -> None:
    many = [value_of(registered(f"p{number}", subject=f"P{number}")) for number in range(2_000)]
    answer = with_output(installation, "publish - --json", ">/dev/full", b"\n".join(many))
    assert answer.returncode == 69
    (count,) = re.findall("Published at least ([0-9,]+) events?, and perhaps those of some lines", answer.stderr)
    assert 0 < int(count.replace(",", "")) < len(many)
    assert sum(installation.ends().values()) >= int(count.replace(",", ""))


def test_a_command_that_prints_nothing_needs_no_output(loaded: Installation, tmp_path: Path) -> None:
    for number, (to, _) in enumerate(GONE):
        answer = with_output(loaded, f"backup {tmp_path / str(number)}", to)
        assert (answer.returncode, (tmp_path / str(number)).exists()) == (0, True)


@pytest.mark.parametrize("to", ["2>&-", "2>/dev/full", ">&- 2>&-", "<&- >&- 2>&-"])
def test_the_exit_code_is_the_same_without_any_output(loaded: Installation, tmp_path: Path, to: str) -> None:
    closed = ">&-" in to.replace("2>&-", "")
    assert with_output(loaded, f"backup {tmp_path / 'copy'}", to).returncode == 0
    assert with_output(loaded, f"backup {tmp_path / 'copy'}", to).returncode == 2
    assert with_output(loaded, "status --json", to).returncode == (69 if closed else 0)
    assert with_output(loaded, "dance", to).returncode == 2


def test_a_worker_works_without_a_writable_log(installation: Installation) -> None:
    assert with_output(installation, "publish -", "2>/dev/full").returncode == 0
    command = ["sh", "-c", f"exec {shlex.join([sys.executable, '-c', PROGRAM])} worker 2>/dev/full"]
    with subprocess.Popen(command, env=installation.environment, cwd=installation.book.parent) as worker:
        try:
            wait_until(lambda: installation.posted() == 1, lambda: f"{worker.poll()}, {installation.next_offsets()}")
            worker.terminate()
            assert worker.wait(PATIENCE_SECONDS) == 0
        finally:
            worker.kill()


def with_output(
    installation: Installation, arguments: str, to: str, given: bytes = value_of(registered("p1"))
) -> subprocess.CompletedProcess[str]:
    """Run a command with its output redirected by a shell."""
    command = f"exec {shlex.join([sys.executable, '-c', PROGRAM])} {arguments} {to}"
    where = installation.book.parent
    run = subprocess.run(
        ["sh", "-c", command], input=given, capture_output=True, env=installation.environment, cwd=where
    )
    return subprocess.CompletedProcess(run.args, run.returncode, run.stdout.decode(), run.stderr.decode())
