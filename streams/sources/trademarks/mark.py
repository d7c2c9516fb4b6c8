"""One trademark from the US office's status service (TSDR), and the events of its life.

Codes and party types are those of the office's documentation of its trademark applications (Trademark Applications
Daily XML DTD). The term of a registration: 15 U.S.C. 1058, 1059; 37 CFR 2.181.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from streams.sources import regions, texts, uspto
from streams.sources.omissions import Omissions
from streams.sources.results import Imported, Skip, SkipReason, Unreadable, event

ORIGINAL_REGISTRANT = 30
_ROLES = {"ORIGINAL APPLICANT": 10, "OWNER AT PUBLICATION": 20, "ORIGINAL REGISTRANT": ORIGINAL_REGISTRANT}
_UNKNOWN_ROLE = 99

_SERIAL = re.compile(r"([0-9]{2})[/-]?([0-9]{3}),?([0-9]{3})").fullmatch
_NUMBER = re.compile(r"0*([1-9][0-9]{0,6})").fullmatch
_NICE = re.compile(r"0*([1-9]|[1-3][0-9]|4[0-5])").fullmatch

_TERMS = ((date(1905, 4, 1), 30), (date(1989, 11, 16), 20))
"""Years of terms that begin before a day: under the Act of 1881, and before the revision of 1988 took effect."""
_TERM = 10
_RENEWAL_OPENS = timedelta(days=366)  # a renewal may be filed within a year before the term's end

_RENEWED = re.compile("RNL|REN|89AG|S89G").match
"""Codes of renewals: registered and renewed (RNL1 for the first time), and the entries that accompany them,
declarations of use accepted and renewal granted."""
_CEASED = {
    "401": "cancelled",  # the international registration was cancelled, no transformation filed
    "402": "cancelled",  # the same, case cancelled
    "626": "other",  # an old registration, cancelled or expired
    "709": "cancelled",  # section 71: no declaration of use, under the Madrid Protocol
    "710": "cancelled",  # section 8: no declaration of use
    "711": "surrendered",  # section 7: by its owner
    "712": "cancelled",  # section 37: by order of a court
    "713": "cancelled",  # section 18: by the Trademark Trial and Appeal Board
    "714": "cancelled",  # section 24: the same, of the Supplemental Register
    "715": "cancelled",  # restored to pendency: registered too early
    "716": "cancelled",  # its number was issued by mistake
    "900": "expired",
}
"""Status -> the reason why a registration has ceased. Any other is in force, even during a request for cancellation."""


class Owner(NamedTuple):
    """An owner and its time: 10 the original applicant, 20 at publication, 30 the original registrant, above: later.

    `state` is a US state's name or code.
    """

    role: int
    name: str
    country: str
    state: str


class HistoryEntry(NamedTuple):
    """One entry of the prosecution history."""

    code: str
    day: str


class Mark(NamedTuple):
    """A mark as in a document. `number` is empty for an unregistered mark; classes are Nice classes, or others if the
    document has those."""

    serial: str
    filed_on: str
    number: str
    registered_on: str
    status: str
    status_on: str
    classes: list[str]
    owners: list[Owner]
    history: list[HistoryEntry]

    @property
    def is_registered(self) -> bool:
        """True if it has or had a registration; a number of zeros means none."""
        return self.number.strip("0") != ""


def role(code: str, description: str) -> int:
    """Return the party type of an owner, by its description or its code."""
    named = _ROLES.get(description.upper())
    return named or (int(code) if code.isdecimal() else _UNKNOWN_ROLE)


def filed(mark: Mark) -> Iterator[Imported]:
    """Yield the application: `ip.trademark.filed.v1`."""
    match = _SERIAL(mark.serial)
    if match is None:
        raise Unreadable(f"serial number {mark.serial[:32]!r}: it must be 8 digits")
    serial = "".join(match.groups())
    if not mark.filed_on:
        raise Skip(SkipReason.NO_FILING_DATE, f"application {serial}: it has no filing date")
    applicants, omissions = _owners(mark, min), Omissions()
    data = {
        "region": _region(applicants),
        "office": "US",
        "application_number": uspto.uspto_application_number(serial),
        "classes": _classes(mark, omissions) or None,
        "applicants": _parties(applicants),
    }
    day = texts.required_day(mark.filed_on, f"filing date of application {serial}")
    yield _event("filed", f"US-A-{serial}", day, f"trademark application {serial}", data, omissions.named)


def registered(mark: Mark) -> Iterator[Imported]:
    """Yield the registration, its renewals, and its end: `ip.trademark.registered.v1`, `.renewed.v1`, `.ceased.v1`."""
    if not mark.is_registered:
        return
    match = _NUMBER(mark.number)
    if match is None:
        raise Unreadable(f"registration number {mark.number[:32]!r}: it must be at most 7 digits")
    subject = f"US{match[1]}"
    begin = texts.required_day(mark.registered_on, f"registration date of {subject}")
    omissions = Omissions()
    if not (classes := _classes(mark, omissions)):
        raise Skip(SkipReason.NO_NICE_CLASS, f"{subject}: {', '.join(mark.classes) or 'no class at all'}")
    owners = _owners(mark, max)
    data = {
        "region": _region(owners),
        "office": "US",
        "classes": classes,
        "owners": _parties(owners),
        "valid_to": mark_term_end(begin).isoformat(),
    }
    yield _event("registered", subject, begin, f"trademark {match[1]}", data, omissions.named)
    for valid_to, entry in _renewals(mark, begin).items():
        day = texts.required_day(entry.day, f"date of a renewal of {subject}")
        data = {"valid_to": valid_to.isoformat(), "source_code": entry.code}
        yield _event("renewed", subject, day, f"trademark {match[1]} renewed to {valid_to}", data)
    if reason := _CEASED.get(mark.status):
        day = texts.required_day(mark.status_on, f"date of the status of {subject}")
        yield _event(
            "ceased", subject, day, f"trademark {match[1]} ceased", {"reason": reason, "source_code": mark.status}
        )


def mark_term_end(begin: date) -> date:
    """Return the last day of a term: the anniversary, on which it may still be renewed (TMEP 1606.03)."""
    years = next((years for before, years in _TERMS if begin < before), _TERM)
    try:
        return begin.replace(year=begin.year + years)
    except ValueError:
        return date(begin.year + years, 2, 28)


def _renewals(mark: Mark, begin: date) -> dict[date, HistoryEntry]:
    """Return the first entry that renews each term, by the last day of the new term."""
    renewals: dict[date, HistoryEntry] = {}
    entries = ((entry.day, not entry.code.startswith("R"), entry) for entry in mark.history if _RENEWED(entry.code))
    for *_, entry in sorted(entries):
        renewals.setdefault(_renewed_to(begin, texts.required_day(entry.day, "date of a renewal")), entry)
    return renewals


def _renewed_to(begin: date, day: date) -> date:
    """Return the last day of the term that an entry began. Entries may be years late, and old ones missing: an entry
    renews the last term whose renewal was open."""
    end = mark_term_end(begin)
    while (following := mark_term_end(end)) <= day + _RENEWAL_OPENS:
        end = following
    return mark_term_end(end)


def _owners(mark: Mark, choose: Callable[[list[int]], int]) -> list[Owner]:
    """Return the owners of the earliest or latest time up to the registration; later owners did not register the mark.

    So the earliest known owner replaces an unnamed original applicant, and likewise a registrant.
    """
    known = [owner for owner in mark.owners if owner.name and owner.role <= ORIGINAL_REGISTRANT]
    if not known:
        raise Skip(SkipReason.NO_OWNER, f"application {mark.serial}: no owner up to its registration is named")
    chosen = choose([owner.role for owner in known])
    return [owner for owner in known if owner.role == chosen]


def _parties(owners: list[Owner]) -> list[dict[str, str]]:
    return [uspto.party(owner.name, owner.country) for owner in owners]


def _region(owners: list[Owner]) -> str | None:
    country, state = regions.country(owners[0].country or None), owners[0].state
    named = regions.subdivision("US", state) if country == "US" and state else None
    return named or regions.region(country, state.upper())


def _classes(mark: Mark, omissions: Omissions) -> list[int]:
    return sorted(omissions.all("Nice class", mark.classes, _nice))


def _nice(number: str) -> int | None:
    match = _NICE(number)
    return int(match[1]) if match else None


def _event(
    what: str, subject: str, day: date, identity: str, data: dict[str, Any], unread: tuple[str, ...] = ()
) -> Imported:
    envelope = uspto.uspto_envelope(f"ip.trademark.{what}.v1", subject, day, identity)
    return event(envelope, {"occurred_on": day.isoformat()} | data, unread)
