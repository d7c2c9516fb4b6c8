"""The pages: the dashboard, rendered on the server.

A page is a pure function from a book and an address to data (`parts.Page`); templates render it.
"""

from __future__ import annotations

from ledger.web.pages.routes import pages_router

__all__ = ["pages_router"]
