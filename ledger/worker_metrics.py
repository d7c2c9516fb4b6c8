"""Metrics of one process of a worker for Prometheus: what it posts, and how long that takes.

docs/operators.md has the table of all names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server

from ledger.book.sink import Posted
from schemas.errors import Unavailable
from schemas.topics import TOPICS

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class MetricsUnavailable(Unavailable):
    """The worker cannot serve its metrics at {address}: {reason}. Change LEDGER_WORKER_METRICS, or free the address.
    Process N of a worker uses the port after that of process N - 1."""


class WorkerMetrics:
    """The registry of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "ip_ledger_commit_seconds",
            "Time to decode, fold and commit what one fetch brought",
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._offsets = Counter("ip_ledger_posted_offsets", "Offsets posted", ["topic"], registry=self._registry)
        for topic in TOPICS:
            self._offsets.labels(topic)  # counts from 0: a series that appears later has no rate at first
        self._behind = Counter(
            "ip_ledger_batches_behind",
            "Batches that another worker had posted already",
            registry=self._registry,
        )

    def observe(self, posted: Sequence[Posted], behind: int, seconds: float) -> None:
        """Count the batches of one call, posted or behind, and its time."""
        self._seconds.observe(seconds)
        for batch, _ in posted:
            self._offsets.labels(batch.topic).inc(batch.end - batch.start)
        self._behind.inc(behind)

    @contextmanager
    def served(self, host: str, port: int) -> Iterator[WorkerMetrics]:
        """Serve the metrics from a thread. Raise MetricsUnavailable."""
        try:
            server, thread = start_http_server(port, host, self._registry)
        except (OSError, OverflowError) as error:
            raise MetricsUnavailable(address=f"{host}:{port}", reason=error) from error
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def served_metrics(address: str, number: int) -> AbstractContextManager[WorkerMetrics]:
    """Return the metrics of process `number`, counted from 0, at its port after that of an address, host:port."""
    host, _, port = address.rpartition(":")
    return WorkerMetrics().served(host.strip("[]"), int(port) + number)
