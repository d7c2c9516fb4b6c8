"""One grant of the US office, in any format, and its event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from schemas.ipc import ipc_symbol
from streams.sources import places, texts, uspto
from streams.sources.grants import document_kinds
from streams.sources.results import Imported, Skip, SkipReason, Unreadable, event

_COUNT = re.compile("[1-9][0-9]{0,4}").fullmatch
_DAYS = re.compile("[0-9]{1,4}").fullmatch
_YEARS = re.compile(r"([1-9]?[0-9])(\.5| ?1/2)?").fullmatch
_MOST_CLAIMS = 10_000  # the limit of schemas/data/patent.py


class GrantParty(NamedTuple):
    """A person or firm, and the region of its address: a country or a US state."""

    name: str
    region: str | None

    def as_data(self) -> dict[str, str]:
        """Return the party as in events."""
        return {"name": self.name} | ({"country": self.region[:2]} if self.region else {})


def parties(printed: Iterable[tuple[str | None, str | None, str | None]]) -> list[GrantParty]:
    """Return the parties with a name, from names, countries and states."""
    return [
        GrantParty(tidied, places.region(country, state))
        for name, country, state in printed
        if (tidied := texts.tidy(name))
    ]


class Term(NamedTuple):
    """The facts about a term in a document, in its spelling: the filing dates of the US and international applications
    whose benefit it claims; of a reissue the filing and grant dates of the originals; the days of adjustment; the
    years of a design; whether a part is disclaimed, and the last day that is not."""

    benefits: Iterable[str] = ()
    originals: Sequence[tuple[str, str]] = ()
    days: str | None = None
    years: str | None = None
    disclaimed: bool = False
    last_day: str | None = None

    def as_data(self, right: str, filed_on: date | None) -> dict[str, Any]:
        """Return the fields of the event; unreadable values are omitted. A chain of reissues has the first original."""
        filed = min(filter(None, map(texts.day_of, self.benefits)), default=None)
        originals = ((texts.day_of(filed), texts.day_of(granted)) for filed, granted in self.originals)
        original = min(((day, granted) for day, granted in originals if day), key=itemgetter(0), default=None)
        last_day = texts.day_of(self.last_day)
        return {
            "earliest_filed_on": filed.isoformat() if filed and (filed_on is None or filed < filed_on) else None,
            "reissue_of": _original(*original) if original else None,
            "term_adjustment_days": int(self.days) if self.days and _DAYS(self.days) and self.days.strip("0") else None,
            "term_months": _months(self.years) if right == "design" else None,
            "terminal_disclaimer": True if self.disclaimed or last_day else None,
            "disclaimed_after": last_day.isoformat() if last_day else None,
        }


def _original(filed: date, granted: date | None) -> dict[str, str]:
    return {"filed_on": filed.isoformat()} | ({"granted_on": granted.isoformat()} if granted else {})


def _months(years: str | None) -> int | None:
    """Return the months of a printed term, `14`, `3.5` or `3 1/2` years."""
    match = _YEARS((years or "").strip())
    return int(match[1]) * 12 + (6 if match[2] else 0) if match else None


class Grant(NamedTuple):
    """The bibliographic data of a document; symbols and numbers in the document's spelling.

    A citation is the number, kind and date of a US document; kind and date are empty if not given. The grant's `kind`
    is None if the format has no kinds.
    """

    number: str
    kind: str | None
    granted_on: str
    us_class: str | None = None
    title: str | None = None
    application: str | None = None
    filed_on: str | None = None
    priorities: Iterable[str] = ()
    ipc: Iterable[str] = ()
    cpc: Iterable[str] = ()
    applicants: Sequence[GrantParty] = ()
    inventors: Sequence[GrantParty] = ()
    assignees: Sequence[GrantParty] = ()
    owner_type: str | None = None
    claims: str | int | None = None
    citations: Iterable[tuple[str, str, str]] = ()
    term: Term = Term()


def granted(grant: Grant) -> Imported:
    """Return the event `ip.patent.granted.v1`.

    Raise ValueError if the identity of a grant (number, kind, date) is unreadable; other unreadable values are omitted.
    Raise Skip if it is not a patent. If no applicant is named, the assignees are used.
    """
    number = uspto.patent_number(grant.number)
    if number[0] in "HT" or grant.kind in ("H", "H1"):
        reason = f"{number} is a statutory invention registration or a defensive publication, not a patent"
        raise Skip(SkipReason.STATUTORY_REGISTRATION, reason)
    day = texts.day_of(grant.granted_on)
    if day is None:
        raise Unreadable(f"US{number}: grant date {grant.granted_on[:32]!r} is not a day from 1900 on")
    kind = document_kinds.derived(number, day.year) if grant.kind is None else grant.kind
    if kind not in document_kinds.PATENTS:
        raise Unreadable(f"US{number}: kind {kind[:8]!r} is not a kind of patent grants")
    application = texts.tidy(grant.application)
    filed_on = texts.day_of(grant.filed_on)
    applicants = grant.applicants or grant.assignees
    priorities = filter(None, map(texts.day_of, grant.priorities))
    right = uspto.right_of(number, grant.us_class)
    data = {
        "occurred_on": day.isoformat(),
        "region": applicants[0].region if applicants else None,
        "owner_type": grant.owner_type,
        "office": "US",
        "number": number,
        "kind": kind,
        "right": right,
        "title": texts.tidy(grant.title),
        "application_number": uspto.uspto_application_number(application) if application else None,
        "filed_on": filed_on.isoformat() if filed_on else None,
        "priority_on": min((priority.isoformat() for priority in priorities), default=None),
        "ipc": _ipc(grant.ipc),
        "cpc": list(_readable(grant.cpc)) or None,
        "applicants": [party.as_data() for party in applicants],
        "assignees": [party.as_data() for party in grant.assignees] or None,
        "inventors": [party.as_data() for party in grant.inventors] or None,
        "claims": _claims(grant.claims),
        "backward_cites": document_kinds.cited(grant.citations) or None,
        **grant.term.as_data(right, filed_on),
    }
    subject = document_kinds.canonical_id(number, kind, day.year)
    return event(uspto.uspto_envelope("ip.patent.granted.v1", subject, day, f"patent {number}"), data)


def _ipc(symbols: Iterable[str]) -> list[str]:
    # The first symbol is the primary one. If it is invalid, such as a design's Locarno class in older formats, no other
    # replaces it: unknown values are not guessed.
    first, *others = [*symbols] or [""]
    primary = list(_readable([first]))
    return list(dict.fromkeys([*primary, *_readable(others)])) if primary else []


def _readable(symbols: Iterable[str]) -> dict[str, None]:
    # Inventive CPC symbols have the sections of the IPC; section Y only tags documents that have another symbol.
    read: dict[str, None] = {}
    for symbol in symbols:
        try:
            read[ipc_symbol(symbol)] = None
        except ValueError:
            continue
    return read


def _claims(count: str | int | None) -> int | None:
    match = _COUNT(str(count).strip())
    return int(match[0]) if match and int(match[0]) <= _MOST_CLAIMS else None
