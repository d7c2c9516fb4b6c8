"""Figures that look like slips."""

from __future__ import annotations

from ledger.views.view import View

VIEWS: tuple[View, ...] = ()
