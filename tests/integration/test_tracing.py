"""A trace goes from a request to the commit of its event, through a real broker."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import FastAPI

from ledger.book.sink import BookSink
from ledger.evaluator import EvaluatorSink
from ledger.evaluator_traces import EvaluatorTraces
from ledger.settings import Settings
from ledger.valuations.answer import no_model
from ledger.web.app import create_app
from ledger.worker_traces import WorkerTraces
from schemas.modes import record_hash
from streams.answers import AnswerLog
from streams.batch import Batch, Record
from streams.producer import Producer, Receipt
from streams.reader import Reader
from tests.books import new_book, opened
from tests.deals import request
from tests.events import granted, value_of
from tests.processes import Installation, wait_until
from tests.traced import Traced
from tests.unit.ledger.web.conftest import running


async def published(app: FastAPI, value: bytes) -> Any:
    headers = {"content-type": "application/cloudevents+json"}
    async with running(app) as client:
        answer = await client.post("/api/v1/events", content=value, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_the_span_of_a_commit_links_to_that_of_the_request(installation: Installation) -> None:
    cluster, path, value = installation.cluster, installation.book, value_of(granted())
    new_book(path)
    with Traced() as traced:
        app = create_app(Settings.model_validate({"book": path}), cluster, traced.provider)
        receipt = asyncio.run(published(app, value))
        with Reader(cluster) as reader:
            record = reader.record(receipt["topic"], receipt["partition"], receipt["offset"])
        assert record is not None
        assert (record.value, record_hash(record.value, record.headers)) == (value, record_hash(value))
        with opened(path) as book:
            sink, batch = BookSink(book), Batch(receipt["topic"], receipt["partition"], 0, 1, [record])
            sink.post(batch)
            WorkerTraces(traced.provider).observe(sink.posted, began=1)
    (asked,) = traced.spans("POST /api/v1/events")
    (commit,) = traced.spans("post ip.patent.v1")
    assert [(link.context.trace_id, link.context.span_id) for link in commit.links] == [
        (asked.context.trace_id, asked.context.span_id)
    ]


def test_an_answer_of_the_evaluator_links_to_the_trace_of_its_request(installation: Installation) -> None:
    cluster, path, receipts = installation.cluster, installation.book, list[Receipt]()
    new_book(path)
    with Traced() as traced:
        name, publisher = traced.context()
        assert publisher is not None
        with Producer(cluster) as producer:
            producer.publish(value_of(request("CN90")), receipts.append, [(name.decode(), publisher)])
        (receipt,) = receipts
        with Reader(cluster) as reader, opened(path) as book:
            (batch,) = reader.batches({(receipt.topic, receipt.partition): (0, 1)})
            BookSink(book).post(batch)
            answers = AnswerLog(cluster, "tests", receipt.topic, book.log.partitions[receipt.topic])
            EvaluatorSink(book, answers, no_model, EvaluatorTraces(traced.provider)).post_all([batch])
            answers.close()
            found: list[Record] = []

            def committed() -> bool:  # readers see a transaction a little after it is committed
                found.extend(filter(None, [reader.record(receipt.topic, receipt.partition, 1)]))
                return bool(found)

            wait_until(committed, lambda: "the answer is not in the log")
    (span,) = traced.spans("answer ip.valuation.v1")
    assert [f"{link.context.trace_id:032x}" for link in span.links] == [publisher.decode().split("-")[1]]
    answer = found[0]
    assert f"{span.context.trace_id:032x}-{span.context.span_id:016x}" in (dict(answer.headers)[name] or b"").decode()
