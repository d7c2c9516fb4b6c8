"""Metrics of a worker's processes: what they posted, and at which addresses."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from itertools import count

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ledger.worker_metrics import MetricsUnavailable, WorkerMetrics
from tests.integration.test_worker import publish
from tests.processes import PATIENCE_SECONDS, Installation, wait_until


def neighbours() -> int:
    """Return a port that is free, and so is the next one."""
    while True:
        with ExitStack() as held:
            first = held.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                held.enter_context(socket.socket()).bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


def samples(port: int) -> dict[str, float]:
    """Return the samples of a process, summed over their labels."""
    found: dict[str, float] = {}
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE_SECONDS).text
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, 0) + sample.value
    return found


def test_processes_of_a_worker_count_what_they_post(installation: Installation) -> None:
    port = neighbours()
    (installation.book.parent / ".env").write_text(f"LEDGER_WORKER_METRICS=127.0.0.1:{port}\n")
    worker = installation.worker("--processes", "2")
    worker.wait_until_started()
    seeds = count(3)

    def values(name: str) -> list[float]:
        return [samples(port + number)[name] for number in (0, 1)]

    def both_commit() -> bool:  # one may post everything before the other owns a partition
        publish(installation.cluster, 40, seed=next(seeds))
        return all(values("ip_ledger_commit_seconds_count"))

    wait_until(both_commit, lambda: str(values("ip_ledger_commit_seconds_count")))
    installation.wait_until_posted(worker)
    posted = "ip_ledger_posted_offsets_total"
    wait_until(lambda: sum(values(posted)) == installation.posted(), lambda: str(values(posted)))


def test_a_taken_address_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(MetricsUnavailable, match=f"127.0.0.1:{port}"), WorkerMetrics().served("127.0.0.1", port):
            pass
