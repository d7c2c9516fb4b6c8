"""Pledges one by one: what falls due, what is encumbered, how cohorts fared."""

from __future__ import annotations

from ledger.views.view import View

VIEWS: tuple[View, ...] = ()
