"""The API, version 1: every question of `ledger.queries` over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from ledger.settings import Settings
from ledger.web.api.describing import describing_router
from ledger.web.api.details import details_router
from ledger.web.api.live import live_router
from ledger.web.api.proving import proving_router
from ledger.web.api.publish import publish_router
from ledger.web.api.tables import tables_router
from ledger.web.api.tracing import tracing_router


def api_router(settings: Settings) -> APIRouter:
    """Return the routes below /api/v1."""
    router = APIRouter()
    router.include_router(tables_router(settings))
    router.include_router(details_router())
    router.include_router(describing_router())
    router.include_router(tracing_router())
    router.include_router(proving_router())
    router.include_router(live_router())
    router.include_router(publish_router())
    return router
