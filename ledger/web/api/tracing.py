"""The routes of traces: a figure with its records, a record with its figures, and what the log has of them."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from ledger.audit.reread import with_bytes
from ledger.json_document import json_document
from ledger.proof.moments import moment_of
from ledger.queries import Book, as_known
from ledger.queries.filters import Filter
from ledger.queries.show import Place
from ledger.queries.trace import LINES, Trace, trace_figure, trace_record
from ledger.web.access import require
from ledger.web.api.details import BasisParameter, Offset, Partition, Topic, require_topic
from ledger.web.api.parameters import EXAMPLE_YEAR, MOMENT, TOTAL_KIND
from ledger.web.reading import Books, asking_brokers
from ledger.web.scopes import EVENTS_READ
from schemas.errors import LedgerError

MOST_LINES = 1_000
"""Lines of one answer: each is read from the log again."""
_Kind = Annotated[
    str | SkipJsonSchema[None],
    Query(description="kind of total: see the glossary", json_schema_extra=TOTAL_KIND),
]
Limit = Annotated[int, Query(ge=0, le=MOST_LINES)]
At = Annotated[
    str | SkipJsonSchema[None],
    Query(description="as known then: a position, a day, a time, or a checkpoint", json_schema_extra=MOMENT),
]
_Code = Annotated[str | SkipJsonSchema[None], Query()]


def tracing_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(default_response_class=Response)
    for path, endpoint, name in (
        ("/trace", _figure, "trace"),
        ("/trace/{topic}/{partition}/{offset}", _record, "trace_record"),
    ):
        router.add_api_route(path, endpoint, tags=["Log"], operation_id=name, dependencies=[require(EVENTS_READ)])
    return router


async def _figure(
    request: Request,
    kind: _Kind = None,
    industry: _Code = None,
    year: Annotated[Annotated[int, Field(ge=1, le=9999)] | SkipJsonSchema[None], Query(examples=[EXAMPLE_YEAR])] = None,
    region: _Code = None,
    right: _Code = None,
    currency: _Code = None,
    basis: BasisParameter = "corrected",
    at: At = None,
    limit: Limit = LINES,
) -> Response:
    """Trace a figure to its records. `bytes` compares what the log has with the hash in the book; without a broker it
    is null, and `not_known` has the reason."""
    equal = {"kind": kind, "industry": industry, "year": year, "region": region, "right": right, "currency": currency}
    filters = [Filter.exactly(name, value) for name, value in equal.items() if value is not None]

    def trace(book: Book) -> Trace:
        then = as_known(book, at and moment_of(book.path, at))
        return trace_figure(then, basis=basis, filters=filters, limit=limit)

    return await asking_brokers(request.app.state.books, partial(_answered, request, trace))


async def _record(
    request: Request, topic: Topic, partition: Partition, offset: Offset, basis: BasisParameter = "corrected"
) -> Response:
    """Trace a record to every figure that it moved."""
    place = str(Place(topic, partition, offset))
    require_topic(topic, place)
    trace = partial(trace_record, asked=place, basis=basis)
    return await asking_brokers(request.app.state.books, partial(_answered, request, trace))


def _answered(request: Request, trace: Any) -> Response:
    books: Books = request.app.state.books
    cluster = request.app.state.cluster
    with books.snapshot() as (book, _):
        found: Trace = trace(book)
    records, reasons = found.records, [] if cluster else ["no broker is named"]
    if cluster:
        try:
            with books.opened() as book:
                records = with_bytes(book, cluster, records)
        except LedgerError as error:
            reasons = [str(error)]
    records = [{"bytes": None, **record} for record in records]
    if books.mask is not None:  # reasons may quote names of parties
        records = [_without_reasons(record) for record in records]
    body = json_document({**found.as_json(), "records": records, "not_known": reasons})
    headers = {"Cache-Control": "no-store", "Ledger-Position": found.state.position}
    return Response(body, media_type="application/json", headers=headers)


def _without_reasons(record: dict[str, Any]) -> dict[str, Any]:
    revisions = [{**one, "reason": None} for one in record["revisions"]]
    return {**record, "reason": None, "revisions": revisions}
