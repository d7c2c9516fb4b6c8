"""The application: the API and the pages on one book."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from ledger.queries.masking import Mask
from ledger.settings import Settings
from ledger.tracing import current_headers
from ledger.web import problems
from ledger.web.access import PAGES, Access
from ledger.web.api import api_router
from ledger.web.api.openapi import serve_openapi
from ledger.web.api.questions import questions
from ledger.web.formats.choice import Suffixes
from ledger.web.guard import Guard, Limits
from ledger.web.health import health_router
from ledger.web.live import Records
from ledger.web.metrics import ServerMetrics
from ledger.web.pages import pages_router
from ledger.web.publisher import Publisher
from ledger.web.reading import Books
from ledger.web.signin import signin_router
from ledger.web.stream import Clients
from ledger.web.watch import Watch
from streams.cluster import Cluster

if TYPE_CHECKING:
    from fastapi.telemetry import TelemetryConfig
    from opentelemetry.sdk.trace import TracerProvider

API = "/api/v1"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "::1")
_NO_TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI's own would send paths and queries."""


def create_app(
    settings: Settings,
    cluster: Cluster | None = None,
    traces: TracerProvider | None = None,
    several: Sequence[Path] = (),
) -> FastAPI:
    """Return the application on the book of the settings, or on `several` as one, and on a cluster, for lags and for
    publishing. A book may be missing: then answers are 503. `traces` make a span of each request."""
    app = FastAPI(
        telemetry=_NO_TELEMETRY if traces is None else {**_NO_TELEMETRY, **_request_spans(traces)},
        title="ip-ledger",
        version=version("ip-ledger"),
        openapi_url=None,
        docs_url=None,  # its scripts come from another host
        redoc_url=None,
        lifespan=_lifespan,
    )
    access = Access(settings)
    mask = Mask() if settings.mask_parties else None
    app.state.settings, app.state.access, app.state.cluster = settings, access, cluster
    paths = several or (settings.book,)
    app.state.books = Books(*paths, seconds=settings.answer_seconds, mask=mask)
    app.state.watch = Watch(*paths)
    app.state.publisher = Publisher(cluster) if traces is None else Publisher(cluster, current_headers)
    app.state.records = Records(app.state.books)
    app.state.clients = Clients(settings.live_clients)
    app.state.metrics = ServerMetrics(app.state.watch, app.state.books, app.state.clients, cluster)
    problems.handle_errors(app)
    app.include_router(api_router(settings), prefix=API)
    app.include_router(signin_router())
    app.include_router(health_router())
    app.include_router(pages_router(settings), dependencies=[PAGES])
    serve_openapi(app, f"{API}/openapi.json")
    app.add_middleware(Suffixes, prefix=API, names=frozenset(question.path for question in questions()))
    app.add_middleware(Guard, _limits(settings, access), app.state.metrics.observe)
    app.mount("/static", StaticFiles(directory=str(files("ledger.web") / "static")), name="static")
    return app


def _request_spans(traces: TracerProvider) -> TelemetryConfig:
    from ledger.web.request_spans import request_spans  # the SDK is an extra

    return request_spans(traces)


def _limits(settings: Settings, access: Access) -> Limits:
    named = frozenset(name.strip().lower() for name in settings.allowed_hosts.split(",") if name.strip())
    hosts = named or (frozenset(LOOPBACK_NAMES) if access.is_open else named)
    return Limits(settings.rate, settings.body_bytes, hosts)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    await app.state.watch.start()
    try:
        yield
    finally:
        await app.state.watch.stop()
        await run_in_threadpool(app.state.publisher.close)
        app.state.books.close()
