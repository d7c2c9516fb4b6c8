"""Where a figure comes from, and whether all is there."""

from __future__ import annotations

from ledger.views.view import View

VIEWS: tuple[View, ...] = ()
