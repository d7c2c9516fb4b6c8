"""Spans of an evaluator: one for each transaction of answers, with links to the traces of their requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Link, SpanKind

from ledger.tracing import SCOPE, current_headers
from ledger.worker_traces import traces_of
from streams.batch import Record
from streams.producer import ExtraHeaders


class EvaluatorTraces:
    """Makes the spans of one process."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer(SCOPE)

    @contextmanager
    def answering(self, topic: str, partition: int, requests: Iterable[Record]) -> Iterator[ExtraHeaders]:
        """Yield the headers of the answers to these requests, within their span."""
        asked = list(requests)
        with self._tracer.start_as_current_span(
            f"answer {topic}",
            context=Context(),
            kind=SpanKind.PRODUCER,
            links=[Link(found) for found in traces_of(asked)],
            attributes={
                "messaging.system": "kafka",
                "messaging.operation.type": "send",
                "messaging.operation.name": "answer",
                "messaging.destination.name": topic,
                "messaging.destination.partition.id": str(partition),
                "messaging.batch.message_count": len(asked),
            },
        ):
            yield current_headers()
