"""Publish events to ip-ledger and ask it, over HTTP. The data of events is in `ip_ledger.events`."""

from __future__ import annotations

from ip_ledger.answers import Answer, Change, Problem, Published, Receipt, Refused
from ip_ledger.async_client import AsyncLedger
from ip_ledger.client import Ledger
from ip_ledger.envelope import Correction, Event, UnknownType, Voiding, correction_of, event_of, parse, void_of

__all__ = [
    "Answer",
    "AsyncLedger",
    "Change",
    "Correction",
    "Event",
    "Ledger",
    "Problem",
    "Published",
    "Receipt",
    "Refused",
    "UnknownType",
    "Voiding",
    "correction_of",
    "event_of",
    "parse",
    "void_of",
]
