"""The refusal grounds of the pledge measures, as flags."""

from __future__ import annotations

from ledger.views.view import View

VIEWS: tuple[View, ...] = ()
