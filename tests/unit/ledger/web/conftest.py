"""A server on a small book, asked in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from ledger.settings import Settings
from ledger.web.app import create_app
from tests.posting import new_market


@pytest.fixture(scope="session")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a book of synthetic events of every type, for tests that only read it."""
    return new_market(tmp_path_factory.mktemp("web") / "book.db", 1_000, 7)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Return the event loop of the server."""
    return "asyncio"


def settings_of(book: Path, **given: object) -> Settings:
    """Return the settings of a server on a book, without the environment of whoever runs the tests."""
    return Settings.model_validate({"book": book, **given})


def client_of(app: FastAPI) -> httpx.AsyncClient:
    """Return a client of an application in memory. Errors that no handler takes are answers, as from a real server."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


@asynccontextmanager
async def running(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Start an application, yield a client, and stop it."""
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield client


@pytest.fixture(scope="session")
async def client(market: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Yield a client of a server on the market's book."""
    app = create_app(settings_of(market))
    async with running(app) as client:
        yield client
