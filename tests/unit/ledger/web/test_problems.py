"""Every error is a problem, in the words of its class."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from structlog.testing import capture_logs

from ledger.web.app import create_app
from tests.unit.ledger.web.conftest import client_of, settings_of

pytestmark = pytest.mark.anyio


async def test_a_path_that_does_not_exist(client: httpx.AsyncClient) -> None:
    answer = await client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/api/v1/errors/NotFound"
    assert answer.json()["title"] == "Not found"


async def test_a_method_that_does_not_exist(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/api/v1/positions")
    assert answer.status_code == answer.json()["status"] == 405
    assert answer.headers["allow"] == "GET"
    for path, methods in (
        ("/api/v1/compare-maps", "GET, POST"),
        ("/api/v1/events", "POST"),
        ("/static/page.js", "GET"),
    ):
        assert (await client.put(path)).headers["allow"] == methods, path


async def test_a_missing_book_is_unavailable(tmp_path: Path) -> None:
    async with client_of(create_app(settings_of(tmp_path / "book.db"))) as client:
        answer = await client.get("/api/v1/positions")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["title"] == "Book unavailable"
    assert "`ip-ledger worker` creates one" in answer.json()["detail"]


async def test_a_fault_of_the_server_names_no_details(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.queries.view", lambda *_: 1 / 0)
    with capture_logs() as logged:
        answer = await client.get("/api/v1/positions")
    assert answer.status_code == 500
    assert "ZeroDivisionError" in answer.json()["detail"]
    assert "lambda" not in answer.text
    (fault,) = [line for line in logged if line["event"] == "fault of the server"]
    assert "lambda *_: 1 / 0" in fault["traceback"]
