"""Spans of a worker: one for each batch that it commits, with links to the traces of its records."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from ledger.book.sink import Posted
from ledger.posting.constants import OUTCOMES
from ledger.tracing import SCOPE
from streams.batch import Batch, Header, Record

MOST_LINKS = 32
"""Traces that a span links to. A batch may have records of thousands."""
_NAMES = (b"traceparent", b"ce_traceparent")
"""A header of the transport, and an attribute of an event in binary mode."""
_PROPAGATOR = TraceContextTextMapPropagator()


class WorkerTraces:
    """Makes the spans of one process."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer(SCOPE)

    def observe(self, posted: Sequence[Posted], began: int) -> None:
        """Make a span for each batch, or part of one, that was posted since a time in nanoseconds since 1970. It ends
        now."""
        ended = time.time_ns()
        for batch, counts in posted:
            self._span(batch, counts, began).end(ended)

    def _span(self, batch: Batch, counts: Mapping[int, int], began: int) -> Span:
        return self._tracer.start_span(
            f"post {batch.topic}",
            context=Context(),
            kind=SpanKind.CONSUMER,
            links=[Link(found) for found in traces_of(batch.records)],
            start_time=began,
            attributes={
                "messaging.system": "kafka",
                "messaging.operation.type": "process",
                "messaging.operation.name": "post",
                "messaging.destination.name": batch.topic,
                "messaging.destination.partition.id": str(batch.partition),
                "messaging.batch.message_count": len(batch.records),
                "ip_ledger.offset.first": batch.start,
                "ip_ledger.offset.next": batch.end,
                **{f"ip_ledger.outcome.{name}": counts[number] for number, name in OUTCOMES.items()},
            },
        )


def traces_of(records: Iterable[Record]) -> list[SpanContext]:
    """Return the contexts that the headers of records carry, each trace once, at most MOST_LINKS; not those that their
    producer does not export."""
    found: dict[int, SpanContext] = {}
    before: tuple[Header, ...] = ()
    for record in records:
        if record.headers is before:  # the records of one request have the same
            continue
        before = record.headers
        for context in _contexts(before):
            found.setdefault(context.trace_id, context)
        if len(found) >= MOST_LINKS:
            break
    return list(found.values())


def _contexts(headers: Iterable[Header]) -> Iterator[SpanContext]:
    for name, value in headers:
        if name in _NAMES and value is not None:
            carrier = {"traceparent": value.decode("ascii", "replace")}
            context = get_current_span(_PROPAGATOR.extract(carrier, Context())).get_span_context()
            if context.is_valid and context.trace_flags.sampled:
                yield context
                return
