"""Probes and metrics."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import anyio
import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ledger.web.app import create_app
from streams.cluster import Cluster
from tests.unit.ledger.web.conftest import running, settings_of

pytestmark = pytest.mark.anyio
OPERATORS = Path(__file__).parents[4] / "docs" / "operators.md"


async def test_a_server_with_a_book_is_live_and_ready(client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez")).json() == {"live": True}
    assert (await client.get("/readyz")).json() == {"ready": True, "error": None}


async def test_a_server_without_a_book_is_live_but_not_ready(tmp_path: Path) -> None:
    async with running(create_app(settings_of(tmp_path / "none.db"))) as client:
        assert (await client.get("/livez")).status_code == 200
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.json()["error"]) == (503, "BookUnavailable")
        assert "ip_ledger_book_up 0.0" in (await client.get("/metrics")).text


async def test_metrics_count_what_the_book_has(client: httpx.AsyncClient) -> None:
    await client.get("/api/v1/totals")
    rows = (await client.get("/api/v1/positions")).json()["rows"]
    families = {family.name: family for family in text_string_to_metric_families((await client.get("/metrics")).text)}
    accepted = [s.value for s in families["ip_ledger_records"].samples if s.labels["outcome"] == "accepted"]
    assert sum(accepted) == sum(row["accepted"] for row in rows) > 0
    requests = {s.labels["route"] for s in families["ip_ledger_http_requests"].samples}
    assert any(route.endswith("/totals") for route in requests)
    assert families["ip_ledger_live_clients"].samples[0].value == 0


async def test_every_metric_is_described(client: httpx.AsyncClient) -> None:
    text = (await client.get("/metrics")).text
    names = {name for name in re.findall(r"^# TYPE (\w+)", text, re.MULTILINE) if not name.endswith("_created")}
    described = set(re.findall(r"^\| `(ip_ledger_\w+)` \|", OPERATORS.read_text("utf-8"), re.MULTILINE))
    assert names <= described


@pytest.mark.slow
async def test_metrics_do_not_wait_for_brokers_that_hang(market: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections and never answers
        cluster = Cluster(f"127.0.0.1:{silent.getsockname()[1]}")
        async with running(create_app(settings_of(market), cluster)) as client:
            with anyio.fail_after(cluster.timeout):  # a broker may take that long for each answer
                answers = [(await client.get("/metrics")).text for _ in range(2)]
    for text in answers:
        assert "ip_ledger_book_up 1.0" in text
        assert "ip_ledger_lag_records{" not in text
