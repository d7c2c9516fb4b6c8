"""Money around rights: valuations, loans, and what is lent upon what value."""

from __future__ import annotations

from ledger.views.view import View

VIEWS: tuple[View, ...] = ()
