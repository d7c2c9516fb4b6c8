"""Looking at the log while a worker runs: what is held back in it and what will go from it is said in time."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from schemas.topics import TopicPartition
from streams.cluster import BrokerUnavailable, Cluster
from streams.outlook import look_at
from streams.retention import require_uncompacted
from streams.transactions import OPEN_SECONDS, open_for

LOOK_SECONDS = 20.0
"""Between two looks."""
MINUTE, DAY = 60.0, 24 * 3600.0
"""What goes on being so is said again after this time."""

log = structlog.get_logger()


class LogWatch:
    """Says what happens to the log: open transactions once a minute, retention that deletes and a right that is missing
    once a day."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._next_look = 0.0
        self._said: dict[object, float] = {}

    def require_uncompacted(self) -> None:
        """Raise TopicCompacted, BrokerUnavailable, TopicMissing."""
        if error := require_uncompacted(self._cluster):
            self._say("settings of topics not known", str(error), DAY, message=str(error))

    def look(self, next_offsets: Callable[[], dict[TopicPartition, int]]) -> None:
        """Look, if the last time was long enough ago; the book goes on at `next_offsets`. Brokers that are away are
        named elsewhere. Raises TopicCompacted, TopicMissing."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + LOOK_SECONDS
        try:
            self.require_uncompacted()
            outlook = look_at(self._cluster, next_offsets())
        except BrokerUnavailable:
            return
        now = time.time()
        for transaction in outlook.transactions:
            if open_for(transaction, now) >= OPEN_SECONDS:
                facts = transaction._asdict() | {"next_step": transaction.step(self._cluster)}
                place = (transaction.topic, transaction.partition)
                self._say("records wait", place, MINUTE, message=transaction.message(), **facts)
        for loss in outlook.losses:
            self._say("records will be deleted", loss, DAY, message=loss.message(), **loss._asdict())

    def _say(self, event: str, fact: object, again: float, **facts: object) -> None:
        if time.monotonic() >= self._said.get(fact, 0.0):
            self._said[fact] = time.monotonic() + again
            log.warning(event, **facts)
