"""Patents, trademarks and international applications: flows and stocks."""

from __future__ import annotations

from ledger.views.view import View

VIEWS: tuple[View, ...] = ()
