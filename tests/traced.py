"""Spans in memory, for tests of traces."""

from __future__ import annotations

from typing import Self

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from ledger.tracing import current_headers
from streams.batch import Header


class Traced:
    """A provider of spans, and the spans that it made."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.provider.shutdown()

    def spans(self, name: str) -> list[ReadableSpan]:
        """Return the ended spans of this name."""
        return [span for span in self._exporter.get_finished_spans() if span.name == name]

    def context(self) -> Header:
        """Return the header of a new trace."""
        with self.provider.get_tracer("tests").start_as_current_span("a publisher"):
            ((name, value),) = current_headers()
        return name.encode(), value
