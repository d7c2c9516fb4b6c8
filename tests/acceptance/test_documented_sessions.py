"""The `sh` blocks of the docs, run in order: one session for each page, with its own directory and broker."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.processes import cores
from streams import broker
from tests import prefork
from tests.processes import without_settings

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "docs/producers.md", "docs/auditors.md", "docs/operators.md"]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)

QUESTION = re.compile(
    r"^(?:LEDGER_BOOK=\S+ )?(?:ip-ledger (?:totals|view|verify|status|rejections|replay|reconcile)|sqlite-utils)\b"
)
MANY = re.compile(r"(?<=--events )[0-9]{4,}")
STOP = re.compile(r"kill \$\w+ && wait")
NEWS = re.compile(r"ip-ledger (?:publish|worker)\b|^producer\.flush")

PREAMBLE = """\
set -euo pipefail
trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
caught_up() {
  local answer
  until answer=$(ip-ledger status --json 2>/dev/null) && [[ ! $answer =~ '"lag": '(null|[1-9]) ]]; do
    [ -n "$(jobs -r)" ]
    sleep 1  # for the worker: each question is a process that wants the processor too
  done
}
workers_started() {  # a signal before that ends a process with another code
  until [ "$(grep -c '"event": "EVENT"' output.txt)" -ge "$1" ]; do
    sleep 0.2
  done
}
""".replace("EVENT", "[p]rocesses started" if cores() > 1 else "[w]orker started")  # a trace of grep is no event


@pytest.mark.broker
@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_followed(page: str, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    (tmp_path / "bin").mkdir()
    prefork.write_program(tmp_path / "bin" / "ip-ledger")
    script = tmp_path / "session.sh"
    script.write_text(PREAMBLE + _session((ROOT / page).read_text("utf-8")))
    output = tmp_path / "output.txt"
    try:
        with output.open("w") as out:
            answer = subprocess.run(
                ["bash", "-x", script], cwd=tmp_path, env=_environment(tmp_path), stdout=out, stderr=subprocess.STDOUT
            )
    finally:
        left_running = broker.stop(tmp_path / "broker")
    assert answer.returncode == 0, output.read_text()
    assert not left_running, "a page must stop what it starts"
    assert (tmp_path / "book.db").exists() == ("ip-ledger worker" in script.read_text())


def _session(text: str) -> str:
    """Return the blocks of a page, with a wait for the worker before each question, and for its start before it is
    stopped: a person types slowly. A smaller market shows the same."""
    lines, news, workers = [], False, 0
    for line in MANY.sub("500", "\n".join(BLOCK.findall(text))).splitlines(keepends=True):
        workers += "ip-ledger worker &" in line
        if STOP.match(line):
            lines.append(f"workers_started {workers}\n")
        if news and workers and QUESTION.match(line):
            lines.append("caught_up\n")
            news = False
        news = news or NEWS.search(line) is not None
        lines.append(line)
    return "".join(lines)


def _environment(directory: Path) -> dict[str, str]:
    path = f"{directory / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    return without_settings() | {
        "PATH": path,
        "LEDGER_BROKER_DIR": str(directory / "broker"),
        "LEDGER_SESSION_SECONDS": "6",
    }
