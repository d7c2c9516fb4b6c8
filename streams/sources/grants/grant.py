"""One grant of the US office, read from whatever format, and the event that it is."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from schemas.identifiers import publication_number
from schemas.ipc import ipc_symbol
from streams.sources import texts, uspto
from streams.sources.results import Imported, LeftOut, Rule, Unreadable, event

_KINDS = frozenset(["A", "B1", "B2", "E", "E1", "P", "P2", "P3", "S", "S1"])
_FULL_KINDS = {"S": "S1", "E": "E1"}
_KINDS_HAVE_DIGITS_FROM = date(2001, 1, 2)


class Grant(NamedTuple):
    """The bibliographic facts as a document has them; symbols and numbers in the document's own spelling."""

    number: str
    kind: str
    granted_on: str
    us_class: str | None
    title: str | None
    application: str | None
    filed_on: str | None
    priorities: list[str]
    ipc: list[str]
    cpc: list[str]
    region: str | None
    applicants: list[dict[str, str]]


def granted(grant: Grant) -> Imported:
    """The event `ip.patent.granted.v1`.

    What is required and cannot be read (number, kind, date, an IPC symbol) raises ValueError; of what is
    optional, it is left out. Raises LeftOut for what is not a patent.
    """
    number = uspto.patent_number(grant.number)
    if number.startswith("H") or grant.kind in ("H", "H1"):
        raise LeftOut(Rule.STATUTORY_REGISTRATION, f"{number} is a statutory invention registration, not a patent")
    if grant.kind not in _KINDS:
        raise Unreadable(f"US{number}: kind {grant.kind[:8]!r} is not one of a patent grant")
    day = texts.day_of(grant.granted_on)
    if day is None:
        raise Unreadable(f"US{number}: grant date {grant.granted_on[:32]!r} is not a day from 1900 on")
    application = texts.tidy(grant.application)
    filed_on = texts.day_of(grant.filed_on)
    priorities = filter(None, map(texts.day_of, grant.priorities))
    data = {
        "occurred_on": day.isoformat(),
        "region": grant.region,
        "office": "US",
        "number": number,
        "kind": grant.kind,
        "right": uspto.right_of(number, grant.us_class),
        "title": texts.tidy(grant.title),
        "application_number": uspto.application_number(application) if application else None,
        "filed_on": filed_on.isoformat() if filed_on else None,
        "priority_on": min((priority.isoformat() for priority in priorities), default=None),
        "ipc": list(dict.fromkeys(map(ipc_symbol, grant.ipc))),
        "cpc": _readable(grant.cpc) or None,
        "applicants": grant.applicants,
    }
    subject = _canonical_id(number, grant.kind, day)
    return event(uspto.envelope("ip.patent.granted.v1", subject, day, f"patent {number}"), data)


def _canonical_id(number: str, kind: str, day: date) -> str:
    # The search writes S and E for what the office has called S1 and E1 since its kinds have digits (2001).
    # As a subject a patent has one kind, or its two formats would be two grants.
    full = _FULL_KINDS.get(kind, kind) if day >= _KINDS_HAVE_DIGITS_FROM else kind
    return publication_number("US", number, full)


def _readable(symbols: list[str]) -> list[str]:
    # Inventive CPC symbols have the sections of the IPC; section Y only tags what has another symbol.
    read: dict[str, None] = {}
    for symbol in symbols:
        try:
            read[ipc_symbol(symbol)] = None
        except ValueError:
            continue
    return list(read)
