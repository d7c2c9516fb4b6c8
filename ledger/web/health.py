"""Liveness, readiness and metrics of the server. Probes say nothing about the book's content, so they need no token."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from ledger.web.access import require
from ledger.web.metrics import MEDIA_TYPE, ServerMetrics
from ledger.web.reading import Books
from ledger.web.scopes import TOTALS_READ
from ledger.web.watch import Watch
from schemas.errors import LedgerError


def health_router() -> APIRouter:
    """Return the routes of probes and metrics."""
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/livez", _livez, methods=["GET"], name="livez")
    router.add_api_route("/readyz", _readyz, methods=["GET"], name="readyz")
    router.add_api_route("/metrics", _metrics, methods=["GET"], name="metrics", dependencies=[require(TOTALS_READ)])
    return router


async def _livez(request: Request) -> Response:
    """Say that the process answers, and that it looks at the book."""
    watch: Watch = request.app.state.watch
    return JSONResponse({"live": watch.looks}, 200 if watch.looks else 503)


async def _readyz(request: Request) -> Response:
    """Say whether the book can be read."""
    books: Books = request.app.state.books

    def look() -> str | None:
        try:
            with books.opened() as book:
                book.positions()
        except LedgerError as error:
            return type(error).__name__
        return None

    fault = await run_in_threadpool(look)
    return JSONResponse({"ready": fault is None, "error": fault}, 200 if fault is None else 503)


async def _metrics(request: Request) -> Response:
    """Return the metrics in the text format of Prometheus."""
    metrics: ServerMetrics = request.app.state.metrics
    return Response(await run_in_threadpool(metrics.text), media_type=MEDIA_TYPE)
