"""The routes of the live streams."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request

from ledger.book.position import parse_position
from ledger.web.access import require
from ledger.web.api.parameters import POSITION
from ledger.web.live import Records, positions, records
from ledger.web.scopes import EVENTS_READ, TOTALS_READ
from ledger.web.stream import EventStream
from schemas.topics import Offsets

_PATTERN: Any = {"pattern": POSITION["pattern"]}
LastEventId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        max_length=10_000,
        description="the id of the last event received",
        json_schema_extra=_PATTERN,
    ),
]
Since = Annotated[
    str | None,
    Query(
        max_length=10_000,
        description="a position to begin after; Last-Event-ID goes before it",
        json_schema_extra=_PATTERN,
    ),
]
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "server-sent events", "content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


def live_router() -> APIRouter:
    """Return the routes of the live streams."""
    router = APIRouter(tags=["Live"])
    for path, endpoint, name, scope in (
        ("/live", _positions, "live", TOTALS_READ),
        ("/live/records", _records, "live_records", EVENTS_READ),
    ):
        options: dict[str, Any] = {"response_class": EventStream, "responses": _STREAM, "status_code": 200}
        router.add_api_route(path, endpoint, operation_id=name, dependencies=[require(scope)], **options)
    return router


async def _positions(request: Request, last_event_id: LastEventId = None, since: Since = None) -> EventStream:
    """Stream the positions of the book: an event `position` with each change, at most two in a second.

    `records` is the number of records since the event before, so that their sum misses none and counts none twice,
    whatever a client missed while it was away. A comment comes every 15 seconds without an event.
    """
    state = request.app.state
    state.clients.require_room()
    return EventStream(positions(state.watch, _begin(last_event_id, since)), state.clients)


async def _records(request: Request, last_event_id: LastEventId = None, since: Since = None) -> EventStream:
    """Stream the records of the log, of any outcome: an event `record` for each, in the order of each partition.

    The id of each is the position behind it. A client that reconnects with it continues there, without gap or repeat.
    """
    state = request.app.state
    state.clients.require_room()
    pages: Records = state.records
    return EventStream(records(state.watch, pages, _begin(last_event_id, since)), state.clients)


def _begin(last_event_id: str | None, since: str | None) -> Offsets | None:
    """Return the offsets to begin after. Raise BadPosition."""
    given = last_event_id or since
    return parse_position(given) if given else None
