"""The commands of the server, where they end at once."""

from __future__ import annotations

import hashlib
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import PATIENCE_SECONDS, PROGRAM, without_settings


def run(directory: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `ip-ledger WORDS` without a broker."""
    command = [sys.executable, "-c", PROGRAM, *words]
    settings = without_settings() | {"LEDGER_BROKER_DIR": str(directory / "none")} | environment
    return subprocess.run(
        command, cwd=directory, env=settings, capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )


@pytest.mark.slow
def test_a_server_without_authentication_stays_on_loopback(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", "--host", "0.0.0.0", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("OpenToOthers: ")


@pytest.mark.slow
def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(tmp_path, "serve", "--port", str(port))
    assert done.returncode == 69
    assert f"AddressUnavailable: Cannot listen on 127.0.0.1:{port}" in done.stderr


@pytest.mark.slow
def test_a_file_of_tokens_that_is_missing(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", "--port", "0", LEDGER_TOKENS="none.txt")
    assert (done.returncode, done.stderr.partition(":")[0]) == (2, "BadTokens")


def test_a_token_and_its_line(tmp_path: Path) -> None:
    done = run(tmp_path, "token", "desk", "--scopes", "totals:read,events:read")
    assert done.returncode == 0, done.stderr
    digest = hashlib.sha256(done.stdout.strip().encode()).hexdigest()
    assert done.stderr == f"desk events:read,totals:read {digest}\n"


def test_a_scope_that_does_not_exist(tmp_path: Path) -> None:
    done = run(tmp_path, "token", "desk", "--scopes", "everything")
    assert (done.returncode, done.stdout) == (2, "")
    assert "events:publish" in done.stderr
