"""The end of the demo on a terminal: the dashboard of its book, and a trickle of events."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from ledger.commands.messages import echo_err
from schemas.errors import PromiseBroken
from streams.cluster import Cluster
from streams.producer import Producer, publish_lines
from streams.synthetic.pledges import SYNTHETIC_TO
from streams.synthetic.showcase import generate_showcase

_HOST, PORT = "127.0.0.1", 8000
START_SECONDS = 60.0
PAUSE_SECONDS = 1.0
"""Time between two events."""
SUPPLY = 20_000
"""Synthetic events of which those of the last year make the trickle."""


class ServerLost(PromiseBroken):
    """The demo's server ended with exit code {code}. Read its log {log}, then run the demo again."""


class ServerSlow(PromiseBroken):
    """The demo's server did not answer within {seconds:.0f} s. Read its log {log}, then run the demo again."""


def show_dashboard(
    cluster: Cluster, environment: Mapping[str, str], log: Path, seed: int, check: Callable[[], None]
) -> None:
    """Serve the dashboard, open it, and publish an event a second until Ctrl-C; `check` raises if the worker ended.

    Raise ServerLost, ServerSlow.
    """
    port = _free_port()
    address = f"http://{_HOST}:{port}/"
    command = [sys.executable, "-c", "from ledger.cli import main; main()", "serve", "--port", str(port)]
    with log.open("ab") as out:
        server = subprocess.Popen(command, env=dict(environment), stdout=out, stderr=out)  # noqa: S603 - ourselves
    try:
        _wait_until_served(server, port, log)
        _open(address)
        echo_err(f"The dashboard is live, with an event every second. Ctrl-C ends it: {address}")
        with suppress(KeyboardInterrupt), Producer(cluster) as producer:
            for _ in publish_lines(producer, _trickle(seed)):
                check()
                if server.poll() is not None:
                    raise ServerLost(code=server.returncode, log=log)
    except KeyboardInterrupt:
        pass
    finally:
        if server.poll() is None:
            server.terminate()
        server.wait(timeout=30)


def _trickle(seed: int) -> Iterator[bytes]:
    """Yield synthetic events of the last year, one a second."""
    year = f'"occurred_on":"{SYNTHETIC_TO.year}'.encode()
    while True:
        for line in generate_showcase(SUPPLY, seed=seed):
            if year in line:
                time.sleep(PAUSE_SECONDS)
                yield line
        seed += SUPPLY


def _free_port() -> int:
    for port in (PORT, 0):
        with suppress(OSError), socket.create_server((_HOST, port)) as sock:
            return int(sock.getsockname()[1])
    return PORT


def _wait_until_served(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with suppress(OSError), socket.create_connection((_HOST, port), timeout=1):
            return
        if server.poll() is not None:
            raise ServerLost(code=server.returncode, log=log)
        if time.monotonic() > deadline:
            raise ServerSlow(seconds=START_SECONDS, log=log)
        time.sleep(0.1)


def _open(address: str) -> None:
    """Open the address in a browser with windows, if there is one; one in the terminal would hide the demo."""
    with suppress(webbrowser.Error):
        browser = webbrowser.get()
        if type(browser) is not webbrowser.GenericBrowser:
            browser.open(address)
