"""The routes of proofs: the pack of a figure, and a page that has it in it and checks it offline."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from ledger.proof.audit_file import audit_path
from ledger.proof.figure import FigureKey, figure_key
from ledger.proof.log_bytes import records_at
from ledger.proof.pack import Pack, prove
from ledger.web.access import Access, require
from ledger.web.api.parameters import EXAMPLE_YEAR, TOTAL_KIND
from ledger.web.book_files import require_one
from ledger.web.reading import Books, asking_brokers
from ledger.web.scopes import AUDIT_EXPORT, EVENTS_READ, PARTIES_READ
from schemas.errors import Unavailable
from streams.reader import Reader

_Kind = Annotated[str, Query(description="kind of total: see the glossary", json_schema_extra=TOTAL_KIND)]
Year = Annotated[int, Query(ge=1, le=9999, description="year of the business dates", examples=[EXAMPLE_YEAR])]
_Industry = Annotated[str, Query(description="code of an industry; ALL is the whole")]


class NoLog(Unavailable):
    """A proof has the bytes of events, which are in the log, and this server has no brokers. Set LEDGER_BROKERS and
    start it again, or run `ip-ledger prove` where the log is."""


def proving_router() -> APIRouter:
    """Return the routes."""
    router = APIRouter(default_response_class=Response)
    for path, endpoint, name in (("/proof", _pack, "proof"), ("/proof.html", _page, "proof_page")):
        needs = [require(EVENTS_READ, AUDIT_EXPORT)]
        router.add_api_route(path, endpoint, tags=["Log"], operation_id=name, dependencies=needs)
    return router


async def _pack(request: Request, kind: _Kind, year: Year, industry: _Industry = "ALL") -> Response:
    """Return the pack that proves a figure at the last checkpoint, for `check_proof.py`."""
    key, pack = await _proven(request, kind, year, industry)
    return _saved(pack.content, "application/json", f"{_name(key)}.json")


async def _page(request: Request, kind: _Kind, year: Year, industry: _Industry = "ALL") -> Response:
    """Return a page with the same, to be saved: it checks it in a browser, without a network."""
    key, pack = await _proven(request, kind, year, industry)
    return _saved(pack.page, "text/html", f"{_name(key)}.html")


async def _proven(request: Request, kind: str, year: int, industry: str) -> tuple[FigureKey, Pack]:
    books: Books = request.app.state.books
    access: Access = request.app.state.access
    if books.mask is not None:  # events have names of parties
        (await access.caller(request)).require(PARTIES_READ)
    key = figure_key(kind, year, industry)
    return key, await asking_brokers(request.app.state.books, partial(_prove, request, key))


def _prove(request: Request, key: FigureKey) -> Pack:
    books: Books = request.app.state.books
    cluster = request.app.state.cluster
    if cluster is None:
        raise NoLog
    audit = audit_path(require_one(books.paths, "a proof"))
    with books.opened() as book, Reader(cluster, book.shape.unpacked_bytes) as reader:
        return prove(book, audit, key, partial(records_at, reader))


def _name(key: FigureKey) -> str:
    return key.text.replace(" ", "-")


def _saved(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
