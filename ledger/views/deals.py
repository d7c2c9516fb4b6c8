"""Transactions: licences, assignments, open licences."""

from __future__ import annotations

from ledger.views.view import View

VIEWS: tuple[View, ...] = ()
