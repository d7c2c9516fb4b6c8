"""Unreachable brokers: retry with growing pauses, and log at once, then once a minute, then when they are back."""

from __future__ import annotations

import asyncio
import threading
from time import monotonic
from typing import Any

import structlog
from aiokafka.client import AIOKafkaClient, ConnectionGroup

from streams.cluster import BrokerUnavailable, Cluster

FIRST_SECONDS, LONGEST_SECONDS = 0.25, 8.0
"""The pause between two attempts to connect to a broker; it doubles after each failure."""
SLICE_SECONDS = 0.5
"""The longest wait for a connection that is not due yet: the caller may have to stop, or to try another broker."""
_QUIET_SECONDS = 60.0
log = structlog.get_logger()


class Absence:
    """Logs that brokers are unreachable. Thread-safe."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lock = threading.Lock()
        self._since: float | None = None
        self._spoken = -_QUIET_SECONDS
        self._known = False

    def away(self, error: BrokerUnavailable | None = None) -> None:
        """Note that no broker is reachable; find out why if the error does not say."""
        with self._lock:
            now = monotonic()
            self._since = now if self._since is None else self._since
            seconds = now - self._since
            if now - self._spoken < _QUIET_SECONDS:
                return
            self._spoken, self._known = now, True
        reason = (error or self._cluster.unavailable("no connection")).facts["reason"]
        log.warning("brokers away", brokers=self._cluster.brokers, seconds=round(seconds), reason=str(reason))

    def back(self) -> None:
        """Note that a broker is reachable."""
        with self._lock:
            since, known, self._since, self._known = self._since, self._known, None, False
        if since is not None and known:
            log.info("brokers back", brokers=self._cluster.brokers, seconds=round(monotonic() - since))

    def attend(self, client: AIOKafkaClient) -> None:
        """Make an aiokafka client, which would retry thirty times a second, retry with growing pauses."""
        client._get_conn = _Patience(client, self).connection


class _Patience:
    """The connections of one client."""

    def __init__(self, client: AIOKafkaClient, absence: Absence) -> None:
        self._client, self._absence, self._connect = client, absence, client._get_conn
        self._pauses: dict[Any, float] = {}
        self._due: dict[Any, float] = {}

    async def connection(self, node: Any, *, group: Any = ConnectionGroup.DEFAULT, no_hint: bool = False) -> Any:
        """Return the connection to a node, or None if there is none and no new attempt is due or succeeds."""
        known = self._client._conns.get((node, group))
        if known is not None and known.connected():
            return known
        wait = self._due.get(node, 0) - monotonic()
        if wait > 0:
            await asyncio.sleep(min(wait, SLICE_SECONDS))
            if self._due.get(node, 0) > monotonic():
                return None
        pause = self._pauses.get(node, FIRST_SECONDS)
        self._due[node] = monotonic() + pause  # other callers wait meanwhile
        made = await self._connect(node, group=group, no_hint=no_hint)
        if made is not None:
            self._pauses.pop(node, None)
            self._due.pop(node, None)
            self._absence.back()
            return made
        self._pauses[node] = min(2 * pause, LONGEST_SECONDS)
        self._due[node] = monotonic() + pause
        if not any(connection.connected() for connection in self._client._conns.values()):
            await asyncio.get_running_loop().run_in_executor(None, self._absence.away)
        return None
