"""High-value invention patents, and how many there are for 10,000 residents."""

from __future__ import annotations

from ledger.views.view import View

VIEWS: tuple[View, ...] = ()
