"""Known hosts, limits, security headers, and a log without personal data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from ledger.web.app import create_app
from ledger.web.guard import Rates, TooManyRequests
from tests.unit.ledger.web.conftest import running, settings_of

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("path", ["/api/v1/totals", "/api/v1/nothing", "/", "/static/icon.svg", "/sign-in"])
async def test_every_answer_has_the_security_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in headers
    assert "server" not in headers


async def test_behind_tls_browsers_are_bound_to_it(market: Path) -> None:
    app = create_app(settings_of(market))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="https://localhost") as client,
    ):
        assert "max-age=31536000" in (await client.get("/sign-in")).headers["strict-transport-security"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", ""])
async def test_another_name_is_not_answered(client: httpx.AsyncClient, host: str) -> None:
    answer = await client.get("/api/v1/totals", headers={"host": host})
    assert (answer.status_code, answer.json()["title"]) == (421, "Unknown host")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:8000"])
async def test_names_of_loopback_are_answered(client: httpx.AsyncClient, host: str) -> None:
    assert (await client.get("/sign-in", headers={"host": host})).status_code == 200


async def test_too_many_requests(market: Path) -> None:
    async with running(create_app(settings_of(market, rate=20))) as client:
        answers = [await client.get("/sign-in") for _ in range(5)]
    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert (answers[-1].status_code, answers[-1].headers["retry-after"]) == (429, "1")
    assert answers[-1].json()["title"] == "Too many requests"


def test_one_address_does_not_use_up_the_rate_of_another() -> None:
    rates = Rates(10)
    rates.require("a")
    with pytest.raises(TooManyRequests):
        rates.require("a")
    rates.require("b")


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_that_is_too_large(market: Path, declared: bool) -> None:
    async def chunks() -> Any:
        for _ in range(20):
            yield b"x" * 100

    async with running(create_app(settings_of(market, body_bytes=1_000))) as client:
        content = b"x" * 2_000 if declared else chunks()
        headers = {"content-type": "application/cloudevents+json"}
        answer = await client.post("/api/v1/events", content=content, headers=headers)
    assert (answer.status_code, answer.json()["title"]) == (413, "Body too large")


@pytest.mark.parametrize("path", ["/api/v1/totals.csv", "/api/v1/live", "/operations", "/api/v1/nothing"])
async def test_head_has_the_headers_of_get_alone(client: httpx.AsyncClient, path: str) -> None:
    with capture_logs() as logged:
        head = await client.head(path)
    assert [line["method"] for line in logged if line["event"] == "request"] == ["HEAD"]
    assert head.content == b""
    if not path.endswith("live"):
        got = await client.get(path)
        assert (head.status_code, head.headers.get("etag")) == (got.status_code, got.headers.get("etag"))


async def test_the_log_names_the_route_of_a_path_with_a_suffix(client: httpx.AsyncClient) -> None:
    with capture_logs() as logged:
        await client.get("/api/v1/totals.csv")
    assert [line["route"] for line in logged if line["event"] == "request"] == ["/totals"]


async def test_the_log_has_no_personal_data(client: httpx.AsyncClient) -> None:
    with capture_logs() as logged:
        await client.get("/api/v1/entities/Zhang%20San?basis=recorded")
    (line,) = [line for line in logged if line["event"] == "request"]
    assert line["status"] == 404
    assert "{subject" in line["route"]
    assert "Zhang" not in str(logged)
    assert "127.0.0.1" not in str(logged)
