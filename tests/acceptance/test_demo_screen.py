"""The demo on a terminal ends with the live dashboard, whose address is the last line."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from threading import Thread

from tests.processes import PATIENCE_SECONDS, wait_until

ADDRESS = re.compile(r"(http://127\.0\.0\.1:[0-9]+/)\s*$")


def test_the_demo_ends_with_a_live_dashboard(brokers: str, prefix: str, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from ledger.cli import main; main()", "demo", "--events", "100", "--dir", "demo"]
    environment = {**os.environ, "LEDGER_BROKERS": brokers, "LEDGER_TOPIC_PREFIX": prefix}
    demo = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    seen = bytearray()
    reader = Thread(target=_read, args=(ours, seen), daemon=True)
    reader.start()
    try:
        wait_until(lambda: ADDRESS.search(seen.decode(errors="replace")) is not None, lambda: seen.decode())
        found = ADDRESS.search(seen.decode())
        assert found
        first = _page(found[1])
        assert "<h1>Overview" in first
        wait_until(lambda: _newest(_page(found[1])) != _newest(first), lambda: "no event arrives")
        demo.send_signal(signal.SIGINT)
        assert demo.wait(PATIENCE_SECONDS) == 0, seen.decode()
    finally:
        if demo.poll() is None:
            os.killpg(demo.pid, signal.SIGKILL)
            demo.wait()
        os.close(ours)


def _read(descriptor: int, seen: bytearray) -> None:
    try:
        while part := os.read(descriptor, 65536):
            seen.extend(part)
    except OSError:  # the terminal has gone
        return


def _page(address: str) -> str:
    with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:
        return str(answer.read().decode())


def _newest(html: str) -> str:
    return html.partition('id="newest"')[2].partition("</section>")[0]
