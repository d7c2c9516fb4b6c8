"""Each request is a span, which names no person; without traces FastAPI's own telemetry is off."""

from __future__ import annotations

from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind

from ledger.web.app import create_app
from ledger.web.request_spans import REDACTED
from tests.traced import Traced
from tests.unit.ledger.web.conftest import running, settings_of

pytestmark = pytest.mark.anyio
CALLER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


async def test_a_request_is_a_span_of_its_callers_trace_without_names(market: Path) -> None:
    with Traced() as traced:
        async with running(create_app(settings_of(market), traces=traced.provider)) as client:
            await client.get("/api/v1/entities/Zhang-San?basis=recorded", headers={"traceparent": CALLER})
            await client.get("/livez")
    (span,) = traced.spans("GET /api/v1/entities/{subject}")
    facts = dict(span.attributes or {})
    assert (span.kind, facts["http.response.status_code"]) == (SpanKind.SERVER, 404)
    assert span.parent is not None
    assert f"{span.parent.trace_id:032x}" == CALLER.split("-")[1]
    assert facts["url.path"] == facts["url.query"] == REDACTED
    assert "Zhang" not in span.to_json()
    assert traced.spans("GET /livez") == []


async def test_telemetry_of_fastapi_is_off_without_traces(market: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Traced() as traced:
        monkeypatch.setattr(trace, "get_tracer_provider", lambda: traced.provider)  # as an agent would set it
        async with running(create_app(settings_of(market))) as client:
            await client.get("/api/v1/totals")
    assert traced.spans("GET /api/v1/totals") == []
