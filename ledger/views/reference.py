"""Reference data: rates, populations, policies, published figures."""

from __future__ import annotations

from ledger.views.view import View

VIEWS: tuple[View, ...] = ()
