"""Generative AI: families of patents, counted once."""

from __future__ import annotations

from ledger.views.view import View

VIEWS: tuple[View, ...] = ()
