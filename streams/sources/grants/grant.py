"""One grant of the US office, in any format, and its event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, NamedTuple

from schemas.ipc import ipc_symbol
from streams.sources import regions, texts, uspto
from streams.sources.grants import document_kinds
from streams.sources.omissions import Omissions
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
        GrantParty(tidied, regions.region(country, state))
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

    def as_data(self, right: str, filed_on: date | None, omissions: Omissions) -> dict[str, Any]:
        """Return the fields of the event; unreadable values are omitted. A chain of reissues has the first original."""
        filed = min(filter(None, (omissions.day("earlier filing date", day) for day in self.benefits)), default=None)
        originals = (
            (omissions.day("original's filing date", filed), omissions.day("original's grant date", granted))
            for filed, granted in self.originals
        )
        original = min(((day, granted) for day, granted in originals if day), key=itemgetter(0), default=None)
        last_day = omissions.day("date of a disclaimer", self.last_day)
        adjustment = omissions.read("term adjustment", self.days, lambda days: int(days) if _DAYS(days) else None)
        return {
            "earliest_filed_on": filed.isoformat() if filed and (filed_on is None or filed < filed_on) else None,
            "reissue_of": _original(*original) if original else None,
            "term_adjustment_days": adjustment or None,
            "term_months": omissions.read("term", self.years, _months) if right == "design" else None,
            "terminal_disclaimer": True if self.disclaimed or last_day else None,
            "disclaimed_after": last_day.isoformat() if last_day else None,
        }


def _original(filed: date, granted: date | None) -> dict[str, str]:
    return {"filed_on": filed.isoformat()} | ({"granted_on": granted.isoformat()} if granted else {})


def _months(years: str) -> int | None:
    """Return the months of a printed term, `14`, `3.5` or `3 1/2` years."""
    match = _YEARS(years)
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
    omissions = Omissions()
    filed_on = omissions.day("filing date", grant.filed_on)
    applicants = grant.applicants or grant.assignees
    priorities = filter(None, (omissions.iso_day("priority date", priority) for priority in grant.priorities))
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
        "priority_on": min(priorities, default=None),
        "ipc": _ipc(grant.ipc, Omissions() if right == "design" else omissions),  # Locarno classes of designs
        "cpc": list(omissions.all("CPC symbol", _without_tags(grant.cpc), ipc_symbol)) or None,
        "applicants": [party.as_data() for party in applicants],
        "assignees": [party.as_data() for party in grant.assignees] or None,
        "inventors": [party.as_data() for party in grant.inventors] or None,
        "claims": omissions.read("number of claims", grant.claims, _claims),
        "backward_cites": document_kinds.cited(grant.citations, omissions) or None,
        **grant.term.as_data(right, filed_on, omissions),
    }
    subject = document_kinds.canonical_id(number, kind, day.year)
    return event(uspto.uspto_envelope("ip.patent.granted.v1", subject, day, f"patent {number}"), data, omissions.named)


def _ipc(symbols: Iterable[str], omissions: Omissions) -> list[str]:
    # The first symbol is the primary one. If it is invalid, such as a design's Locarno class in older formats, no other
    # replaces it: unknown values are not guessed.
    first, *others = [*symbols] or [""]
    primary = omissions.all("IPC symbol", [first], ipc_symbol)
    return list(primary | omissions.all("IPC symbol", others, ipc_symbol)) if primary else []


def _without_tags(symbols: Iterable[str]) -> Iterator[str]:
    # Inventive CPC symbols have the sections of the IPC; section Y only tags documents that have another symbol.
    return (symbol for symbol in symbols if not symbol.startswith("Y"))


def _claims(count: str) -> int | None:
    match = _COUNT(count)
    return int(match[0]) if match and int(match[0]) <= _MOST_CLAIMS else None
