"""Publication of the book's rejections to the topic `ip.rejection.v1`, at least once, for producers.

Rejections follow from the log, so they can be sent again at any time; the book does not depend on their progress.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import NamedTuple

import structlog

from ledger.book.book import Book, PartitionState
from ledger.book.connection import translated_errors
from ledger.queries.rejections import rows
from ledger.views.log import REFUSED
from schemas.errors import LedgerError
from schemas.rejection import Rejection, rejection
from schemas.topics import TOPICS, TopicPartition
from streams.cluster import Cluster
from streams.rejections import RejectionTopic

PAGE = 500
"""Rejections sent before each commit of progress: at most these are sent again after a crash."""
_LOOK_SECONDS = 1.0
"""Time between two looks at the book."""
RENEW_SECONDS = 3600.0
"""Commit all progress again after this time, as brokers delete old offsets (7 days by default)."""
LONGEST_WAIT = 60.0
"""The longest delay between retries, which double from 1 second."""
SAY_AGAIN_SECONDS = 3600.0
_STOP_SECONDS = 2.0

_FIELDS = ", ".join(f'"{field}"' for field in Rejection.model_fields if field not in ("key_base64", "message"))
PAGE_FROM = f"""SELECT {_FIELDS} FROM ({REFUSED}
  WHERE topic = :topic AND partition = :partition AND "offset" >= :start AND "offset" < :end
  ORDER BY rejection."offset" LIMIT {PAGE})"""  # noqa: S608

log = structlog.get_logger()


class Sent(NamedTuple):
    """The number of rejections sent, and the position of the book up to which all are sent."""

    published: int
    positions: list[PartitionState]


def publish(
    book: Book,
    topic: RejectionTopic,
    topic_partitions: Collection[TopicPartition] | None = None,
    *,
    again: bool = False,
) -> Sent:
    """Send the unsent rejections of these partitions (default: all); with `again`, also those already sent.

    Raise BrokerUnavailable, TopicMissing, NotAuthorized, BookDamaged, BookFault.
    """
    positions = book.positions()
    ends = _ends(positions, topic_partitions)
    sent, count = topic.sent(ends), 0
    for topic_partition, end in ends.items():
        for page in _pages(book, topic_partition, 0 if again else sent[topic_partition], end):
            topic.send(refused.record() for refused in page)
            count += len(page)
            reached = page[-1].offset + page[-1].offsets
            if reached > sent[topic_partition]:
                topic.keep({topic_partition: reached})
    topic.keep({topic_partition: max(end, sent[topic_partition]) for topic_partition, end in ends.items()})
    return Sent(count, positions)


def _ends(
    positions: list[PartitionState], topic_partitions: Collection[TopicPartition] | None
) -> dict[TopicPartition, int]:
    ends = {(position.topic, position.partition): position.next for position in positions}
    return (
        ends
        if topic_partitions is None
        else {topic_partition: end for topic_partition, end in ends.items() if topic_partition in topic_partitions}
    )


def _pages(book: Book, topic_partition: TopicPartition, start: int, end: int) -> Iterator[list[Rejection]]:
    values = {"topic": TOPICS[topic_partition[0]].number, "partition": topic_partition[1], "end": end}
    while start < end:
        with translated_errors(book.path):  # page by page: no open read transaction while the brokers receive it
            page = [rejection(row) for row in rows(book, PAGE_FROM, values | {"start": start})]
        if not page:
            return
        yield page
        start = page[-1].offset + page[-1].offsets


@contextmanager
def publishing(
    cluster: Cluster, path: Path, group: str, topic_partitions: Callable[[], Collection[TopicPartition]]
) -> Iterator[None]:
    """Publish the rejections of a worker's partitions during a block, in a thread with separate connections to book and
    brokers. Log its errors; they never stop the worker."""
    stop = threading.Event()
    # a daemon: unreachable brokers must not delay the end of the process
    thread = threading.Thread(
        target=RejectionPublisher(cluster, path, group, topic_partitions, stop).run, name="rejections", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_STOP_SECONDS)


class RejectionPublisher:
    """Publishes rejections until `stop` is set; retries after errors."""

    def __init__(
        self,
        cluster: Cluster,
        path: Path,
        group: str,
        topic_partitions: Callable[[], Collection[TopicPartition]],
        stop: threading.Event,
    ) -> None:
        self._cluster, self._path, self._group, self._topic_partitions, self._stop = (
            cluster,
            path,
            group,
            topic_partitions,
            stop,
        )
        self._failed: dict[str, float] = {}
        """Error names since the last success -> when each was logged."""
        self._pause = _LOOK_SECONDS

    def run(self) -> None:
        """Publish until `stop` is set."""
        while not self._stop.is_set():
            try:
                with Book(self._path) as book:
                    self._publish_from(book)
            except Exception as error:
                self._warn(error)
                self._stop.wait(self._pause)
                self._pause = min(2 * self._pause, LONGEST_WAIT)

    def _publish_from(self, book: Book) -> None:
        known: dict[TopicPartition, int] = {}
        renewed = 0.0
        with RejectionTopic(self._cluster, self._group) as topic:
            while not self._stop.wait(_LOOK_SECONDS):
                mine = self._topic_partitions()
                ends = _ends(book.positions(), mine)
                if ends != known or monotonic() - renewed > RENEW_SECONDS:
                    publish(book, topic, mine)
                    self._succeed()
                    known, renewed = ends, monotonic()

    def _succeed(self) -> None:
        if self._failed:
            log.info("rejections published again")
        self._failed.clear()
        self._pause = _LOOK_SECONDS

    def _warn(self, error: Exception) -> None:
        name, now = type(error).__name__, monotonic()
        if now - self._failed.get(name, -SAY_AGAIN_SECONDS) >= SAY_AGAIN_SECONDS:
            self._failed[name] = now
            message = str(error) if isinstance(error, LedgerError) else repr(error)
            log.warning("rejections not published", error=name, message=message)
