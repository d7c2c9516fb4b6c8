"""Watch on the log while a worker runs: warnings of open transactions and of coming deletions."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from schemas.topics import TopicPartition
from streams.cluster import BrokerUnavailable, Cluster
from streams.outlook import look_at
from streams.retention import require_uncompacted
from streams.transactions import OPEN_SECONDS, open_for

_LOOK_SECONDS = 20.0
"""Time between two looks."""
MINUTE, DAY = 60.0, 24 * 3600.0
"""Repeat a warning after this time while its cause lasts."""

log = structlog.get_logger()


class LogWatch:
    """Logs warnings about the log: open transactions once a minute; retention that deletes records, and missing rights,
    once a day."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._next_look = 0.0
        self._muted_until: dict[object, float] = {}

    def require_uncompacted(self) -> None:
        """Raise TopicCompacted, BrokerUnavailable, TopicMissing."""
        if error := require_uncompacted(self._cluster):
            self._warn("settings of topics not known", str(error), DAY, message=str(error))

    def look(self, next_offsets: Callable[[], dict[TopicPartition, int]]) -> None:
        """Look if the last look was _LOOK_SECONDS ago; `next_offsets` are the book's. Ignore unreachable brokers, which
        the worker reports. Raise TopicCompacted, TopicMissing."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + _LOOK_SECONDS
        try:
            self.require_uncompacted()
            outlook = look_at(self._cluster, next_offsets())
        except BrokerUnavailable:
            return
        now = time.time()
        for transaction in outlook.transactions:
            if open_for(transaction, now) >= OPEN_SECONDS:
                facts = transaction._asdict() | {"next_step": transaction.step(self._cluster)}
                topic_partition = (transaction.topic, transaction.partition)
                self._warn("records wait", topic_partition, MINUTE, message=transaction.message(), **facts)
        for loss in outlook.losses:
            self._warn("records will be deleted", loss, DAY, message=loss.message(), **loss._asdict())

    def _warn(self, event: str, fact: object, again: float, **facts: object) -> None:
        if time.monotonic() >= self._muted_until.get(fact, 0.0):
            self._muted_until[fact] = time.monotonic() + again
            log.warning(event, **facts)
