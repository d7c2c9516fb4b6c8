"""The route that publishes events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic.json_schema import SkipJsonSchema
from starlette.concurrency import run_in_threadpool

from ledger.book.position import parse_position
from ledger.nearest import nearest
from ledger.queries.standing import standing
from ledger.web.access import require
from ledger.web.api.parameters import POSITION
from ledger.web.cloudevents import BATCH, ONE, events_of
from ledger.web.problems import problem
from ledger.web.reading import Books
from ledger.web.scopes import EVENTS_PUBLISH
from schemas.catalogue import example_of
from schemas.codec import Judged, Refusal, judge
from schemas.errors import UsageError
from schemas.events import EVENT_TYPES
from schemas.modes import record_hash
from schemas.rules import Rule
from streams.producer import Receipt

_MinPosition = Annotated[
    str | SkipJsonSchema[None],
    Query(
        description="first wait until the book has reached this position, and refuse events that conflict there",
        json_schema_extra=POSITION,
    ),
]


class Conflicting(UsageError):
    """Event {index}: the book has another event with the subject, source and id of this one, at {place}. Nothing was
    published. The first in the log stands: publish a correction of it, or give this event an id of its own."""

    http_status = 409


def publish_router() -> APIRouter:
    """Return the route that publishes events."""
    router = APIRouter(tags=["Publish"])
    router.add_api_route(
        "/events",
        _publish,
        methods=["POST"],
        status_code=201,
        operation_id="publish",
        dependencies=[require(EVENTS_PUBLISH)],
        response_class=JSONResponse,
        responses={201: _CREATED, 409: _CONFLICT, 413: _TOO_LARGE, 415: _NO_EVENTS, 422: _REFUSED},
        openapi_extra={"requestBody": _BODY},
    )
    return router


async def _publish(request: Request, min_position: _MinPosition = None) -> Response:
    """Publish one event, or a batch of up to 500: all of them or none.

    Each is judged as `ip-ledger publish` does. The answer comes once the log has them (`acks=all`), with the place of
    each and the position behind them, for `min_position` of a later question. An event that is sent again unchanged is
    a duplicate, which counts once.
    """
    given = events_of(request.headers.raw, await request.body())
    judged = await run_in_threadpool(lambda: [judge(value) for value in given.values])
    refused = [(index, one) for index, one in enumerate(judged) if isinstance(one, Refusal)]
    if refused:
        return _refusal(refused)
    events = [one for one in judged if isinstance(one, Judged)]
    if min_position is not None:
        await request.app.state.watch.reach(parse_position(min_position), min_position)
        await run_in_threadpool(_require_no_conflict, request.app.state.books, events, given.values)
    receipts = await request.app.state.publisher.publish(given.values)
    request.app.state.metrics.published.inc(len(receipts))
    return _created(events, receipts, is_batch=given.is_batch)


def _require_no_conflict(books: Books, events: Sequence[Judged], values: Sequence[bytes]) -> None:
    """Raise Conflicting if the book has another event with the same id."""
    with books.snapshot() as (book, _):
        for index, (judged, value) in enumerate(zip(events, values, strict=True)):
            found = standing(book, judged)
            if found is not None and found.value_hash != record_hash(value):
                raise Conflicting(index=index, place=found.place)


def _created(events: Sequence[Judged], receipts: Sequence[Receipt], *, is_batch: bool) -> Response:
    placed = [
        {"id": judged.event.id, "subject": judged.event.subject, **receipt._asdict()}
        for judged, receipt in zip(events, receipts, strict=True)
    ]
    newest: dict[tuple[str, int], int] = {}
    for topic, partition, offset in receipts:
        newest[topic, partition] = max(newest.get((topic, partition), 0), offset + 1)
    position = ",".join(f"{topic}:{partition}={offset}" for (topic, partition), offset in sorted(newest.items()))
    if is_batch:
        return JSONResponse({"receipts": placed, "position": position}, 201)
    topic, partition, offset = receipts[0]
    headers = {"Location": f"/api/v1/records/{topic}/{partition}/{offset}"}
    return JSONResponse({**placed[0], "position": position}, 201, headers)


def _refusal(refused: Sequence[tuple[int, Refusal]]) -> Response:
    errors = [
        {"index": index, "rule": one.rule.label, "path": one.path, "message": one.message + _meant(one)}
        for index, one in refused
    ]
    first = errors[0]
    where = f" at {first['path']}" if first["path"] else ""
    detail = (
        f"Event {first['index']} breaks the rule {first['rule']}{where}: {first['message']}. Nothing was published."
    )
    members: dict[str, Any] = {name: first[name] for name in ("rule", "path", "message")}
    return problem(422, "Refused", detail, None, **members, errors=errors)


def _meant(refusal: Refusal) -> str:
    if refusal.rule is not Rule.UNKNOWN_TYPE or refusal.envelope is None:
        return ""
    meant = nearest(refusal.envelope.type, tuple(EVENT_TYPES))
    return f"; did you mean {meant}?" if meant else ""


_RECEIPT = {
    "type": "object",
    "required": ["id", "subject", "topic", "partition", "offset"],
    "properties": {
        "id": {"type": "string"},
        "subject": {"type": "string"},
        "topic": {"type": "string"},
        "partition": {"type": "integer"},
        "offset": {"type": "integer"},
        "position": {"type": "string", "description": "the position behind the event, for `min_position`"},
    },
}
_RECEIPTS = {
    "type": "object",
    "required": ["receipts", "position"],
    "properties": {"receipts": {"type": "array", "items": _RECEIPT}, "position": {"type": "string"}},
}
_CREATED: dict[str, Any] = {
    "description": "in the log",
    "content": {"application/json": {"schema": {"anyOf": [_RECEIPT, _RECEIPTS]}}},
}
_CONFLICT: dict[str, Any] = {"description": "another event has this id, or the position was not reached"}
_TOO_LARGE: dict[str, Any] = {"description": "the body is larger than LEDGER_BODY_BYTES"}
_NO_EVENTS: dict[str, Any] = {"description": "the content type is not one of events"}
_REFUSED: dict[str, Any] = {"description": "an event is refused: `errors` has index, rule, path and message of each"}
_TEXT = {"type": "string", "minLength": 1}
_EVENT = {
    "type": "object",
    "required": ["specversion", "id", "source", "type", "subject", "data"],
    "properties": {
        "specversion": {"const": "1.0"},
        "id": _TEXT,
        "source": _TEXT,
        "type": {"type": "string", "enum": list(EVENT_TYPES)},
        "subject": _TEXT,
        "data": {"type": "object", "description": "as the schema of its type: `ip-ledger schema TYPE`"},
    },
}
_EXAMPLE = example_of("ip.pledge.registered.v1")
_BODY = {
    "required": True,
    "content": {
        ONE: {"schema": _EVENT, "example": _EXAMPLE},
        BATCH: {"schema": {"type": "array", "items": _EVENT, "minItems": 1, "maxItems": 500}, "example": [_EXAMPLE]},
        "application/json": {
            "schema": {"description": "the data; attributes are headers `ce-...` (binary mode)"},
            "example": _EXAMPLE["data"],
        },
    },
}
