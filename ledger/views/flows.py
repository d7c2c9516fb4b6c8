"""Flows: what was registered in a period, and how it grew."""

from __future__ import annotations

from ledger.views.view import View

VIEWS: tuple[View, ...] = ()
