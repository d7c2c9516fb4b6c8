"""An embedded Apache Kafka: a real one-node KRaft cluster on loopback, with data on disk, from packages alone.

It is meant for development, demonstrations and tests. A broker belongs to a directory and outlives the process that
started it. The next start there keeps its data and, if possible, its address.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from streams.broker import runtime
from streams.broker.errors import BrokerDied, DirectoryUnusable
from streams.broker.node import Node
from streams.broker.ports import Claims
from streams.broker.runtime import KAFKA_VERSION

__all__ = ["KAFKA_VERSION", "BrokerStatus", "start", "status", "stop"]

_READY_SECONDS = 60
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class BrokerStatus:
    """The state of a directory's broker.

    `pid` and `address` (host:port) only while it runs, `version` (of Apache Kafka) once it has run.
    """

    running: bool
    pid: int | None
    address: str | None
    version: str | None
    directory: Path


def start(
    directory: Path,
    port: int = 0,
    *,
    java_home: Path | None = None,
    kafka_home: Path | None = None,
    on_progress: Callable[[str], None] | None = None,
) -> BrokerStatus:
    """Start the broker of a directory, wait until it responds, and leave it running; keep one that already runs.

    Port 0 means the port of the last start if free, else any free one. Raise a BrokerError.
    """
    node = Node(directory.resolve())
    try:
        node.directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DirectoryUnusable(directory=node.directory, reason=error.strerror) from error
    with (node.directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _runs(node):
            kafka = runtime.find(java_home, kafka_home, on_progress or (lambda _: None))
            _start(node, kafka, port)
    return status(directory)


def stop(directory: Path, timeout: float = 30) -> bool:
    """Stop the broker of a directory; return False if it was not running. Kill it after `timeout` seconds."""
    return Node(directory.resolve()).end(timeout)


def status(directory: Path) -> BrokerStatus:
    """Return the state of a directory's broker, from its files and its process, without a request to the broker."""
    node = Node(directory.resolve())
    pid, settings = node.pid, node.settings
    running = pid is not None and settings is not None
    return BrokerStatus(
        running=running,
        pid=pid,
        address=settings.address if settings and running else None,
        version=settings.version if settings else None,
        directory=node.directory,
    )


def _runs(node: Node) -> bool:
    if node.pid is not None:
        with suppress(BrokerDied):  # it was about to end
            node.wait_until_ready(_READY_SECONDS)
            return True
    return False


def _start(node: Node, kafka: runtime.Runtime, port: int) -> None:
    attempts = _ATTEMPTS
    while True:
        try:
            with Claims() as claims:
                node.launch(kafka, port, claims)
                return node.wait_until_ready(_READY_SECONDS)
        except BrokerDied as error:  # another process may have taken a port just after it was found free
            attempts -= 1
            if not attempts or "Address already in use" not in str(error):
                raise
