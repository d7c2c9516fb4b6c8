"""The routes of answers that are one document: an entity, a record, a search, the status, the figures reconciled."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from ledger import queries
from ledger.archive.manifest import read_manifest
from ledger.figures.reconcile import compared
from ledger.json_document import json_document
from ledger.nearest import UnknownName
from ledger.queries.show import NothingFound, Place
from ledger.queries.status import status
from ledger.views import VIEWS
from ledger.web.access import require
from ledger.web.api.answering import document
from ledger.web.api.parameters import EXAMPLE_PATENT, MinPosition
from ledger.web.errors import explained
from ledger.web.reading import Books, RequestSnapshot, asking_brokers
from ledger.web.scopes import EVENTS_READ, TOTALS_READ
from schemas.topics import TOPICS

BasisParameter = Annotated[
    Literal["corrected", "recorded"], Query(description="`corrected` applies corrections and voids")
]
Topic = Annotated[str, Path(examples=["ip.patent.v1"])]
Partition = Annotated[int, Path(ge=0, le=9999, examples=[0])]
Offset = Annotated[int, Path(ge=0, lt=10**18, examples=[0])]


class NoSuchError(UnknownName):
    """{what} {given!r} is not known. {hint}"""

    http_status = 404


def details_router() -> APIRouter:
    """Return the routes of documents."""
    router = APIRouter(default_response_class=Response)
    for path, endpoint, name, tag, scope in (
        ("/entities/{subject:path}", _entity, "entity", "Log", EVENTS_READ),
        ("/records/{topic}/{partition}/{offset}", _record, "record", "Log", EVENTS_READ),
        ("/search", _search, "search", "Log", EVENTS_READ),
        ("/reconcile", _reconcile, "reconcile", "Figures", TOTALS_READ),
        ("/positions", _positions, "positions", "Log", TOTALS_READ),
        ("/status", _status, "status", "Log", TOTALS_READ),
        ("/views", _views, "views", "Views", TOTALS_READ),
    ):
        router.add_api_route(path, endpoint, tags=[tag], operation_id=name, dependencies=[require(scope)])
    router.add_api_route("/errors/{name}", _error, tags=["About"], operation_id="error")
    return router


def _entity(
    request: Request,
    reading: RequestSnapshot,
    subject: Annotated[str, Path(description="the `subject` of its events", examples=[EXAMPLE_PATENT])],
    basis: BasisParameter = "corrected",
    min_position: MinPosition = None,
) -> Response:
    """Return an entity: its rows, table by table, and its events."""
    found = queries.entity(reading.book, subject, basis=basis).as_json()
    return document(request, reading, {name: found[name] for name in ("subject", "basis", "tables", "events")})


def _record(
    request: Request,
    reading: RequestSnapshot,
    topic: Topic,
    partition: Partition,
    offset: Offset,
    min_position: MinPosition = None,
) -> Response:
    """Return a record: its outcome, its effect on totals, its revisions, and what it waits for."""
    place = str(Place(topic, partition, offset))
    require_topic(topic, place)
    (record,) = queries.show(reading.book, place).records
    return document(request, reading, {"record": record})


def require_topic(topic: str, asked: str) -> None:
    """Raise NothingFound, which is 404, for a topic that does not exist."""
    if topic not in TOPICS:
        raise NothingFound(asked=asked)


def _search(
    request: Request,
    reading: RequestSnapshot,
    q: Annotated[
        str,
        Query(
            min_length=1, max_length=1000, description="an event's id, a subject, or a place", examples=[EXAMPLE_PATENT]
        ),
    ],
    basis: BasisParameter = "corrected",
    min_position: MinPosition = None,
) -> Response:
    """Return the entity with this subject, or else the records with this id or at this place."""
    found = queries.show(reading.book, q, basis).as_json()
    return document(request, reading, {name: found[name] for name in ("asked", "records", "entity")})


def _reconcile(
    request: Request,
    reading: RequestSnapshot,
    about: Annotated[str, Query(max_length=200, description="only figures whose text or subject contains this")] = "",
    basis: BasisParameter = "corrected",
    min_position: MinPosition = None,
) -> Response:
    """Compare published figures with the book."""
    found = compared(reading.book, basis, about)
    agreed = {"industry_map": found.industry_map, "basis": basis, "agrees": found.agrees, "rows": found.rows}
    return document(request, reading, agreed)


def _positions(request: Request, reading: RequestSnapshot, min_position: MinPosition = None) -> Response:
    """Return the position of the book, and the number of records by outcome in each partition."""
    rows = queries.view(reading.book, "positions").shown_as_dicts()
    balanced = all(position.balanced for position in reading.book.positions())
    return document(request, reading, {"balanced": balanced, "rows": rows})


async def _status(request: Request) -> Response:
    """Return each partition with the end of the log; lag is null if no broker is named or answers."""
    books: Books = request.app.state.books
    archive = request.app.state.settings.archive

    def look() -> dict[str, Any]:
        reasons: list[str] = []
        archived = read_manifest(archive).ends if archive else None
        with books.opened() as book:
            found = status(book, request.app.state.cluster, reasons.append, archived).as_json()
        return {**{name: value for name, value in found.items() if name != "book"}, "not_known": reasons}

    body = json_document(await asking_brokers(books, look))
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


def _views() -> Response:
    """List the views: formula, columns, and whether they take a day and a basis."""
    found = [
        {
            "name": view.name,
            "formula": view.formula,
            "details": list(view.details),
            "takes_a_day": view.takes_a_day,
            "takes_a_basis": view.takes_a_basis,
            "columns": [{"name": c.name, "unit": c.unit, "meaning": c.meaning} for c in view.columns],
        }
        for view in VIEWS.values()
    ]
    return Response(json_document({"views": found}), media_type="application/json")


def _error(name: Annotated[str, Path(max_length=100, examples=["NoSuchColumn"])]) -> Response:
    """Explain a type of problem."""
    found = explained()
    if name not in found:
        raise NoSuchError(what="the error", given=name, known=found)
    return Response(json_document(found[name]), media_type="application/json")
