"""Brokers that are away: knocked at ever more seldom, and spoken of at once, then once a minute, and when they are
back."""

from __future__ import annotations

import asyncio
import threading
from time import monotonic
from typing import Any

import structlog
from aiokafka.client import AIOKafkaClient, ConnectionGroup

from streams.cluster import BrokerUnavailable, Cluster

FIRST_SECONDS, LONGEST_SECONDS = 0.25, 8.0
"""Between two attempts to connect to a broker; each is twice as long as the last."""
SLICE_SECONDS = 0.5
"""Whoever wants a connection that is not due yet gets none after so long: it may have to stop, or to ask another."""
QUIET_SECONDS = 60.0
log = structlog.get_logger()


class Absence:
    """What the log says of brokers that are away; from any thread."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lock = threading.Lock()
        self._since: float | None = None
        self._spoken = -QUIET_SECONDS
        self._known = False

    def away(self, error: BrokerUnavailable | None = None) -> None:
        """Note that no broker serves us; find out why where the error does not say so."""
        with self._lock:
            now = monotonic()
            self._since = now if self._since is None else self._since
            seconds = now - self._since
            if now - self._spoken < QUIET_SECONDS:
                return
            self._spoken, self._known = now, True
        reason = (error or self._cluster.unavailable("no connection")).facts["reason"]
        log.warning("brokers away", brokers=self._cluster.brokers, seconds=round(seconds), reason=str(reason))

    def back(self) -> None:
        """Note that a broker serves us."""
        with self._lock:
            since, known, self._since, self._known = self._since, self._known, None, False
        if since is not None and known:
            log.info("brokers back", brokers=self._cluster.brokers, seconds=round(monotonic() - since))

    def attend(self, client: AIOKafkaClient) -> None:
        """Let a client of aiokafka, which would try thirty times a second, try ever more seldom."""
        client._get_conn = _Patience(client, self).connection


class _Patience:
    """The connections of one client."""

    def __init__(self, client: AIOKafkaClient, absence: Absence) -> None:
        self._client, self._absence, self._connect = client, absence, client._get_conn
        self._pauses: dict[Any, float] = {}
        self._due: dict[Any, float] = {}

    async def connection(self, node: Any, *, group: Any = ConnectionGroup.DEFAULT, no_hint: bool = False) -> Any:
        """Return the connection to a node; None where there is none and it is not time to try again, or in vain."""
        known = self._client._conns.get((node, group))
        if known is not None and known.connected():
            return known
        wait = self._due.get(node, 0) - monotonic()
        if wait > 0:
            await asyncio.sleep(min(wait, SLICE_SECONDS))
            if self._due.get(node, 0) > monotonic():
                return None
        pause = self._pauses.get(node, FIRST_SECONDS)
        self._due[node] = monotonic() + pause  # whoever comes meanwhile waits
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
