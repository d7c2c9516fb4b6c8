"""Metrics of the server for Prometheus: requests, live clients, and the book as it sees it.

docs/operators.md has the table of all names.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ledger.book.verified import verified_of
from ledger.book.wal import wal_bytes
from ledger.queries.status import status
from schemas.errors import LedgerError

if TYPE_CHECKING:
    from ledger.web.reading import Books
    from ledger.web.stream import Clients
    from ledger.web.watch import Watch
    from streams.cluster import Cluster

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OUTCOME_NAMES = ("accepted", "duplicate", "conflict", "rejected", "gap")
BROKER_SECONDS = 2.0
"""The limit for an answer of a broker."""
_LOOK_SECONDS = 1.0
"""The longest that a scrape waits for brokers; the next scrape has a later answer."""
_LABELS = ["topic", "outcome"]
_TOPIC_PARTITION = ["topic", "partition"]
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class ServerMetrics:
    """The registry of one server."""

    def __init__(self, watch: Watch, books: Books, clients: Clients, cluster: Cluster | None = None) -> None:
        self._registry = CollectorRegistry()
        self.seconds = Histogram(
            "ip_ledger_question_seconds",
            "Time of a request until its response begins",
            ["route"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.requests = Counter(
            "ip_ledger_http_requests", "Requests by route and status", ["route", "status"], registry=self._registry
        )
        self.published = Counter(
            "ip_ledger_http_events_published", "Events published over HTTP", registry=self._registry
        )
        live = Gauge("ip_ledger_live_clients", "Connected clients of live streams", registry=self._registry)
        live.set_function(lambda: clients.connected)
        self._registry.register(_OfTheBook(watch, books, clients))
        if cluster is not None:
            self._registry.register(_OfTheLog(books, cluster))

    def observe(self, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        self.requests.labels(route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Return all metrics as text."""
        return generate_latest(self._registry)


class _OfTheBook(Collector):
    """The state of the book at the last look; nothing while there is no book."""

    def __init__(self, watch: Watch, books: Books, clients: Clients) -> None:
        self._watch, self._books, self._clients = watch, books, clients

    def collect(self) -> Iterable[Metric]:
        """Yield the metrics."""
        dropped = CounterMetricFamily("ip_ledger_live_clients_dropped", "Live clients that were too slow")
        dropped.add_metric([], self._clients.dropped)
        yield dropped
        seen = self._watch.seen
        yield _gauge("ip_ledger_book_up", "1 if the book can be read", 1 if seen else 0)
        if seen is None:
            return
        records = CounterMetricFamily("ip_ledger_records", "Offsets of the book by outcome", labels=_LABELS)
        following = GaugeMetricFamily("ip_ledger_next_offset", "Next offset", labels=_TOPIC_PARTITION)
        counts: dict[tuple[str, str], int] = {}
        for position in seen.positions:
            following.add_metric([position.topic, str(position.partition)], position.next)
            for outcome in OUTCOME_NAMES:
                counts[position.topic, outcome] = counts.get((position.topic, outcome), 0) + getattr(position, outcome)
        for labels, count in counts.items():
            records.add_metric(labels, count)
        yield from (records, following)
        if seen.newest is not None:
            age = max(0.0, time.time() - seen.newest / 1000)
            yield _gauge("ip_ledger_newest_record_age_seconds", "Age of the newest record in the book", age)
        yield from self._verified()
        paths = self._books.paths
        yield _gauge("ip_ledger_wal_bytes", "Size of the book's -wal", sum(map(wal_bytes, paths)))
        try:
            size = sum(path.stat().st_size for path in paths)
            free = min(shutil.disk_usage(path.absolute().parent).free for path in paths)
        except OSError:  # a book goes away now
            return
        yield _gauge("ip_ledger_book_bytes", "Size of the book", size)
        yield _gauge("ip_ledger_disk_free_bytes", "Free space on the book's disk", free)

    def _verified(self) -> Iterable[Metric]:
        try:
            with self._books.opened() as book:
                verified = verified_of(book)
        except LedgerError:  # the book goes away now
            return
        if verified is None:
            return
        age = verified.seconds_at(time.time())
        yield _gauge("ip_ledger_verified_age_seconds", "Time since the book was found equal to the log", age)
        offsets = GaugeMetricFamily("ip_ledger_verified_offset", "Offset up to which it was", labels=_TOPIC_PARTITION)
        for head in verified.partitions:
            offsets.add_metric([head.topic, str(head.partition)], head.next)
        yield offsets


class _OfTheLog(Collector):
    """The book and the end of the log; nothing while the book or the brokers are away."""

    def __init__(self, books: Books, cluster: Cluster) -> None:
        self._books, self._cluster = books, replace(cluster, timeout=BROKER_SECONDS)
        self._pool = ThreadPoolExecutor(1, "log")
        self._look: Future[list[dict[str, Any]]] | None = None

    def describe(self) -> Iterable[Metric]:
        """Return nothing: asking brokers for names at start would delay it."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Yield the metrics."""
        look = self._look = self._look or self._pool.submit(self._partitions)
        try:
            partitions = look.result(_LOOK_SECONDS)
        except LedgerError:
            partitions = []
        except TimeoutError:
            return
        self._look = None
        lag = GaugeMetricFamily("ip_ledger_lag_records", "Records that the book does not have", labels=_TOPIC_PARTITION)
        waiting = GaugeMetricFamily(
            "ip_ledger_waiting_records", "Records behind a transaction", labels=_TOPIC_PARTITION
        )
        for one in partitions:
            if one["lag"] is not None:
                lag.add_metric([one["topic"], str(one["partition"])], one["lag"])
                waiting.add_metric([one["topic"], str(one["partition"])], one["waiting"])
        yield from (lag, waiting)

    def _partitions(self) -> list[dict[str, Any]]:
        with self._books.opened() as book:
            return status(book, self._cluster).partitions


def _gauge(name: str, meaning: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, meaning, value=value)
