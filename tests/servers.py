"""Servers for tests: `ip-ledger serve` as a process, and an application in a thread."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import uvicorn
from fastapi import FastAPI

from tests import prefork
from tests.processes import PATIENCE_SECONDS, wait_until


class Server(NamedTuple):
    """A running server: its process, its address without a slash at the end, and the file of its output."""

    process: prefork.Forked
    address: str
    log: Path

    def stop(self) -> int:
        """Send SIGTERM; return the exit code."""
        self.process.terminate()
        return self.process.wait(PATIENCE_SECONDS)


@contextmanager
def serving(environment: Mapping[str, str], directory: Path, *arguments: str) -> Iterator[Server]:
    """Start a server on a free port, wait until it answers, and kill it at the end if it still runs."""
    log = directory / "serve.log"
    with log.open("wb") as output, Path(os.devnull).open("rb") as nothing:
        streams = (nothing.fileno(), output.fileno(), output.fileno())
        process = prefork.start(["serve", "--port", "0", *arguments], environment, directory, *streams)
    try:
        found: list[str] = []

        def started() -> bool:
            assert process.poll() is None, log.read_text()
            found.extend(re.findall(r" at (https?://\S+)/$", log.read_text(), re.MULTILINE))
            return bool(found)

        wait_until(started, lambda: log.read_text())
        yield Server(process, found[0], log)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of the loopback in a thread; yield its address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started, lambda: "the server has not started")
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
