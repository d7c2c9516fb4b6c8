"""The API, version 1: every question of `ledger.queries` over HTTP."""

from __future__ import annotations

from fastapi import APIRouter

from ledger.settings import Settings
from ledger.web.reading import Reading


def api_router(settings: Settings) -> APIRouter:
    """Return the routes below /api/v1."""
    router = APIRouter()

    @router.get("/positions")
    def positions(reading: Reading) -> dict[str, object]:
        """Return the position of the book."""
        return reading.state.as_json()

    return router
