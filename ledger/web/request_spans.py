"""Spans of requests: FastAPI makes them; paths and queries, which may name a person, stay out."""

from __future__ import annotations

from fastapi.telemetry import TelemetryConfig
from opentelemetry.context import Context
from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
from starlette.types import Scope

PRIVATE = ("url.path", "url.query")
"""Attributes that may hold the name of a party or a subject; `http.route` has the path with names of its parameters."""
REDACTED = "REDACTED"
_PROBES = ("/livez", "/readyz", "/metrics")


class Discreet(SpanProcessor):
    """Replaces private attributes when a span begins."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Replace them."""
        for name in PRIVATE:
            if name in (span.attributes or {}):
                span.set_attribute(name, REDACTED)


def request_spans(provider: TracerProvider) -> TelemetryConfig:
    """Return FastAPI's configuration for a span of each request but probes."""
    provider.add_span_processor(Discreet())
    return {"tracer_provider": provider, "tracing": True, "operation_spans": False, "exclude": _is_probe}


def _is_probe(scope: Scope) -> bool:
    return scope["path"] in _PROBES
