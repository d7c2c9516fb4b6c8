"""Scores of patents, from events alone."""

from __future__ import annotations

from ledger.views.view import View

VIEWS: tuple[View, ...] = ()
