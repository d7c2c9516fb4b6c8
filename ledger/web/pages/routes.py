"""The routes of the pages, and pages for errors."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from ledger.queries import Book, NoSuchEntity, NothingFound
from ledger.settings import Settings
from ledger.web.access import NotAuthenticated
from ledger.web.pages.address import Address, in_language
from ledger.web.pages.asking import ask_page
from ledger.web.pages.background import Background, Slow
from ledger.web.pages.commercialization import commercialization
from ledger.web.pages.evidence import event_page, reconcile_page, rejections_page
from ledger.web.pages.finding import entity_page, found_at
from ledger.web.pages.industries import events_page, industries_page, industry_page
from ledger.web.pages.market import generative_ai, valuations
from ledger.web.pages.matching import match_page, supply_and_demand
from ledger.web.pages.operations import operations
from ledger.web.pages.overview import overview
from ledger.web.pages.parts import Link, Notice, WebPage
from ledger.web.pages.patent import patent
from ledger.web.pages.patents import patents
from ledger.web.pages.pledges import pledge, pledges
from ledger.web.pages.readings import readings_page
from ledger.web.pages.rendering import render_page
from ledger.web.pages.translator import Translator, language
from ledger.web.reading import Books, RequestSnapshot
from schemas.errors import LedgerError

Build = Callable[[Book, Address, Translator, Slow], WebPage]
BuildOne = Callable[[Book, Address, Translator, Slow, str], WebPage]

_PAGES: dict[str, Build] = {
    "/": overview,
    "/industries": industries_page,
    "/events": events_page,
    "/pledges": pledges,
    "/patents": patents,
    "/valuations": valuations,
    "/commercialization": commercialization,
    "/matches": supply_and_demand,
    "/readings": readings_page,
    "/generative-ai": generative_ai,
    "/reconcile": reconcile_page,
    "/rejections": rejections_page,
    "/operations": operations,
    "/ask": ask_page,
}
"""Path -> page."""
DETAILS: dict[str, BuildOne] = {
    "/industries": industry_page,
    "/pledges": pledge,
    "/patents": patent,
    "/matches": match_page,
    "/events": event_page,
    "/entities": entity_page,
}
"""Path -> page of one value, whose path goes on with that value."""


class _PageRoute(APIRoute):
    """A route whose errors are pages, too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except NotAuthenticated:
                asked = request.query_params.get("lang")
                return RedirectResponse(in_language("/sign-in", asked), HTTPStatus.SEE_OTHER)
            except LedgerError as error:
                return failed(request, error)

        return answer


def pages_router(settings: Settings) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(route_class=_PageRoute, include_in_schema=False, default_response_class=HTMLResponse)
    for path, build in _PAGES.items():
        router.add_api_route(path, _page(build), name=f"page {path}")
    for path, build_one in DETAILS.items():
        router.add_api_route(path + "/{value:path}", _detail(build_one), name=f"one {path}")
    router.add_api_route("/find", _find, methods=["GET"], name="find")
    return router


def _page(build: Build) -> Callable[..., Response]:
    def answer(request: Request, reading: RequestSnapshot) -> Response:
        at, t = _asked(request)
        return _rendered(build(reading.book, at, t, _slow(request, at, t)), at, t, reading)

    return answer


def _detail(build: BuildOne) -> Callable[..., Response]:
    def answer(request: Request, reading: RequestSnapshot, value: str) -> Response:
        at, t = _asked(request)
        return _rendered(build(reading.book, at, t, _slow(request, at, t), value), at, t, reading)

    return answer


def _find(request: Request, reading: RequestSnapshot) -> Response:
    at, _ = _asked(request)
    return RedirectResponse(found_at(reading.book, at), HTTPStatus.SEE_OTHER)


def _asked(request: Request) -> tuple[Address, Translator]:
    at = Address.parsed(request.scope["path"], dict(request.query_params))
    return at, Translator(language(at["lang"], request.headers.get("accept-language", "")))


def _slow(request: Request, at: Address, t: Translator) -> Slow:
    state = request.app.state
    if not hasattr(state, "background"):
        books: Books = state.books
        state.background = Background(books)
    return Slow(state.background, at, t, state.cluster)


def _rendered(page: WebPage, at: Address, t: Translator, reading: RequestSnapshot) -> Response:
    content = render_page(page, at, t, reading.state, reading.book.meta["industry_map"])
    return HTMLResponse(content, page.status, {"Vary": "Accept-Language", "Content-Language": t.tag})


def failed(request: Request, error: LedgerError) -> Response:
    """Return the page of an error, in its own words."""
    at, t = _asked(request)
    absent = isinstance(error, NothingFound | NoSuchEntity)
    status = HTTPStatus.NOT_FOUND if absent else HTTPStatus(error.http_status)
    page = error_page(status, t.error(error), at, t)
    headers = {"Retry-After": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else None
    return HTMLResponse(render_page(page, at, t), status, headers)


def error_page(status: HTTPStatus, text: str, at: Address, t: Translator) -> WebPage:
    """Return the page of a failed request."""
    titles = {
        HTTPStatus.NOT_FOUND: t("Not in this book"),
        HTTPStatus.UNPROCESSABLE_ENTITY: t("This address cannot be answered"),
        HTTPStatus.SERVICE_UNAVAILABLE: t("Not available at present"),
    }
    title = titles.get(status, t("Something failed"))
    tone = "bad" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "warn"
    return WebPage(
        name="error",
        title=title,
        lede=f"HTTP {status.value}",
        blocks=[Notice(id="error", title=t("What happened"), tone=tone, text=text)],
        trail=[Link(t("Overview"), at.link("/"))],
        status=status.value,
    )
