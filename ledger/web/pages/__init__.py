"""The pages: the dashboard, rendered on the server."""

from __future__ import annotations

from fastapi import APIRouter

from ledger.settings import Settings


def pages_router(settings: Settings) -> APIRouter:
    """Return the routes of the pages. An endpoint with a parameter `reading: Reading` (`ledger.web.reading`) runs all
    its queries on `reading.book`, which is one state of the book."""
    return APIRouter()
