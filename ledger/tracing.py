"""Traces for OpenTelemetry, from publish to commit.

They are off, and nothing of the SDK is imported, unless the standard variables `OTEL_*` name an exporter and the extra
`otel` is installed. The SDK reads these variables itself. See docs/decisions/0025-traces-by-links.md.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, TypeVar

from schemas.errors import UsageError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

    from streams.producer import ExtraHeaders

Spans = TypeVar("Spans")
SCOPE = "ip-ledger"
"""The instrumentation scope of spans."""
_GROUP = "opentelemetry_traces_exporter"
_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_OTLP = {"http/protobuf": "otlp_proto_http", "grpc": "otlp_proto_grpc"}
"""Protocol of OTLP -> the entry point of its exporter."""


class NoExporter(UsageError):
    """The exporter of traces {name!r} is not installed. Installed are {installed}. Correct OTEL_TRACES_EXPORTER and
    OTEL_EXPORTER_OTLP_PROTOCOL, or install the package that has it."""


@dataclass
class Sending:
    """The headers that a command adds to each record, none without traces, and the number of records so far."""

    headers: ExtraHeaders = ()
    count: int = 0


def named_exporters() -> list[str]:
    """Return the exporters that the standard variables name; none if they name none or switch the SDK off."""
    if _setting("OTEL_SDK_DISABLED").lower() == "true":
        return []
    if named := _setting("OTEL_TRACES_EXPORTER"):
        return [name.strip() for name in named.split(",") if name.strip() not in ("", "none")]
    return ["otlp"] if any(map(_setting, _ENDPOINTS)) else []


@contextmanager
def traces(process: str) -> Iterator[TracerProvider | None]:
    """Yield the provider of spans of a process such as `worker`, None if traces are off; at the end send the last
    spans. Raise NoExporter."""
    names = named_exporters()
    if names and find_spec("opentelemetry.sdk") is None:
        # not with structlog, which a command that prints on stdout does not set up
        logging.getLogger(SCOPE).warning("traces are off: variables OTEL_* ask for them; install ip-ledger[otel]")
        names = []
    if not names:
        yield None
        return
    provider = _provider(process, names)
    try:
        yield provider
    finally:
        provider.shutdown()


@contextmanager
def spans(process: str, make: Callable[[TracerProvider], Spans]) -> Iterator[Spans | None]:
    """Yield the object that makes the spans of a process; None if traces are off. `make` builds it from the provider,
    and imports the SDK. Raise NoExporter."""
    with traces(process) as provider:
        yield None if provider is None else make(provider)


@contextmanager
def sending() -> Iterator[Sending]:
    """Yield headers for the records of a command that publishes, within its span."""
    with traces("publish") as provider:
        if provider is None:
            yield Sending()
            return
        from opentelemetry.trace import SpanKind

        with provider.get_tracer(SCOPE).start_as_current_span("publish", kind=SpanKind.PRODUCER) as span:
            sent = Sending(current_headers())
            try:
                yield sent
            finally:
                span.set_attributes({"messaging.system": "kafka", "messaging.batch.message_count": sent.count})


def current_headers() -> ExtraHeaders:
    """Return the W3C trace context of the current span as headers of a Kafka record. They are not attributes of its
    event, so neither its bytes nor its hash depend on them."""
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return [(name, text.encode()) for name, text in carrier.items()]


def _provider(process: str, names: list[str]) -> TracerProvider:
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    exporters = [_exporter(name) for name in names]
    ours = {"service.name": f"ip-ledger-{process}", "service.version": version("ip-ledger")}
    # the environment's names win over ours
    provider = TracerProvider(resource=Resource.create(ours).merge(OTELResourceDetector().detect()))
    for exporter in exporters:
        provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


def _exporter(name: str) -> SpanExporter:
    protocol = next(filter(None, map(_setting, _PROTOCOLS)), "http/protobuf")
    found = entry_points(group=_GROUP)
    wanted = _OTLP.get(protocol, protocol) if name == "otlp" else name
    if wanted not in found.names:
        raise NoExporter(name=wanted, installed=", ".join(sorted(found.names)))
    made: SpanExporter = found[wanted].load()()
    return made


def _setting(name: str) -> str:
    return os.environ.get(name, "").strip()
