"""The application: the API and the pages on one book."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from importlib.resources import files

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from ledger.settings import Settings
from ledger.web import problems
from ledger.web.api import api_router
from ledger.web.api.openapi import describe
from ledger.web.api.questions import questions
from ledger.web.formats.choice import Suffixes
from ledger.web.live import Records
from ledger.web.pages import pages_router
from ledger.web.publisher import Publisher
from ledger.web.reading import Books
from ledger.web.stream import Clients
from ledger.web.watch import Watch
from streams.cluster import Cluster

API = "/api/v1"


def create_app(settings: Settings, cluster: Cluster | None = None) -> FastAPI:
    """Return the application on the book of the settings, and on a cluster, for lags and for publishing. The book may
    be missing: then answers are 503."""
    app = FastAPI(
        title="ip-ledger",
        version=version("ip-ledger"),
        openapi_url=f"{API}/openapi.json",
        docs_url=None,  # its scripts come from another host
        redoc_url=None,
        lifespan=_lifespan,
    )
    app.state.settings = settings
    app.state.books = Books(settings.book)
    app.state.watch = Watch(settings.book)
    app.state.cluster = cluster
    app.state.publisher = Publisher(cluster)
    app.state.records = Records(app.state.books)
    app.state.clients = Clients(settings.live_clients)
    problems.handle_errors(app)
    app.include_router(api_router(settings), prefix=API)
    app.include_router(pages_router(settings))
    describe(app)
    names = frozenset(question.path for question in questions())
    app.add_middleware(Suffixes, prefix=API, names=names)
    app.mount("/static", StaticFiles(directory=str(files("ledger.web") / "static")), name="static")
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    await app.state.watch.start()
    try:
        yield
    finally:
        await app.state.watch.stop()
        await run_in_threadpool(app.state.publisher.close)
        app.state.books.close()
