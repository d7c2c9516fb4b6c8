"""Traces from publish to commit: when they are on, and the spans of a worker."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind

from ledger.book.connection import table_names
from ledger.book.sink import BookSink
from ledger.tracing import NoExporter, named_exporters, traces
from ledger.worker_traces import MOST_LINKS, WorkerTraces
from streams.batch import Batch, Header, Record
from tests.books import new_book, opened
from tests.each_case import each_case
from tests.events import PATENT, granted, partition, record
from tests.traced import Traced

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
SUBJECT = "US10000000B2"


@pytest.fixture
def no_traces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away the variables of whoever runs the tests."""
    for name in ("OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER", ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("no_traces")
@each_case(
    ("variables", "wanted"),
    [
        ({}, []),
        ({"OTEL_SERVICE_NAME": "x"}, []),
        ({ENDPOINT: "http://127.0.0.1:4318"}, ["otlp"]),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, ["otlp"]),
        ({"OTEL_TRACES_EXPORTER": "console, otlp"}, ["console", "otlp"]),
        ({"OTEL_TRACES_EXPORTER": "none", ENDPOINT: "http://127.0.0.1:4318"}, []),
        ({"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"}, []),
    ],
)
def test_the_standard_variables_name_exporters(variables: dict[str, str], wanted: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        assert named_exporters() == wanted


@pytest.mark.usefixtures("no_traces")
def test_an_exporter_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:4317")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    with pytest.raises(NoExporter, match=r"'otlp_proto_grpc'.*otlp_proto_http"), traces("worker"):
        pass


PUBLISHING = """import sys
from ledger.tracing import sending
with sending() as sent:
    sent.count += 3
    print(sent.headers, any(name.startswith("opentelemetry") for name in sys.modules))"""


def publishing(**variables: str) -> str:
    """Return the output of a process that publishes three records, with these variables alone."""
    command = [sys.executable, "-c", PUBLISHING]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=variables).stdout


def test_without_variables_nothing_is_imported() -> None:
    assert publishing(OTEL_SERVICE_NAME="office") == "() False\n"


def test_a_command_that_publishes_is_one_span() -> None:
    printed = publishing(OTEL_TRACES_EXPORTER="console", OTEL_RESOURCE_ATTRIBUTES="service.name=office")
    headers, _, span = printed.partition(" True\n")
    ((name, value),) = ast.literal_eval(headers)
    found = json.loads(span)
    assert (name, value.decode().split("-")[1]) == ("traceparent", found["context"]["trace_id"].removeprefix("0x"))
    assert found["attributes"]["messaging.batch.message_count"] == 3
    assert found["resource"]["attributes"]["service.name"] == "office"


def traced_record(offset: int, *headers: Header) -> Record:
    return record(offset, granted(f"g{offset}"))._replace(headers=headers)


def batch_of(records: list[Record]) -> Batch:
    return Batch(PATENT, partition(SUBJECT), records[0].offset, records[-1].offset + 1, records)


def posted(path: Path, batch: Batch, provider: TracerProvider) -> dict[str, list[Any]]:
    """Post a batch to a new book, with a span; return all rows of the book."""
    new_book(path)
    with opened(path) as book:
        sink = BookSink(book)
        for _ in range(2):  # the second time it is behind
            sink.post_all([batch])
            WorkerTraces(provider).observe(sink.posted, began=1)
        connection = book.connection
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in table_names(connection)}


def test_a_span_of_a_worker_links_to_the_traces_of_its_records(tmp_path: Path) -> None:
    with Traced() as traced:
        publishers = [traced.context(), traced.context()]
        headers: list[tuple[Header, ...]] = [
            ((b"content-type", b"application/cloudevents+json"), publishers[0]),
            ((b"ce_traceparent", publishers[1][1]),),
            (publishers[0],),
            ((b"traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"),),  # not sampled
            ((b"traceparent", b"\xff" * 100),),
            ((b"traceparent", None),),
        ]
        records = [traced_record(offset, *each) for offset, each in enumerate(headers)]
        rows = posted(tmp_path / "book.db", batch_of([*records, records[0]._replace(offset=6)]), traced.provider)
    (span,) = traced.spans("post ip.patent.v1")
    assert [f"{link.context.trace_id:032x}" for link in span.links] == [
        value.decode().split("-")[1] for _, value in publishers if value
    ]
    assert (span.kind, span.parent, span.start_time) == (SpanKind.CONSUMER, None, 1)
    facts = dict(span.attributes or {})
    assert facts["messaging.destination.partition.id"] == str(partition(SUBJECT))
    assert (facts["ip_ledger.offset.first"], facts["ip_ledger.offset.next"]) == (0, 7)
    outcomes = {name: facts[f"ip_ledger.outcome.{name}"] for name in ("accepted", "duplicate", "conflict", "rejected")}
    assert outcomes == {"accepted": 6, "duplicate": 1, "conflict": 0, "rejected": 0}
    plain = [each._replace(headers=()) for each in records]
    other = posted(tmp_path / "other.db", batch_of([*plain, plain[0]._replace(offset=6)]), TracerProvider())
    for book in (rows, other):
        book.pop("meta")
    assert rows == other, "no row depends on headers of traces"


def test_a_span_has_a_bounded_number_of_links(tmp_path: Path) -> None:
    with Traced() as traced:
        records = [traced_record(offset, traced.context()) for offset in range(MOST_LINKS + 3)]
        posted(tmp_path / "book.db", batch_of(records), traced.provider)
    (span,) = traced.spans("post ip.patent.v1")
    assert len(span.links) == MOST_LINKS
