"""One publication of a patent document by any office, and its event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from schemas import identifiers
from schemas.ipc import ipc_symbol
from streams.sources import envelopes, texts, uspto
from streams.sources.grants import document_kinds
from streams.sources.grants.grant import GrantParty
from streams.sources.omissions import Omissions
from streams.sources.results import Imported, Skip, SkipReason, Unreadable, event

_SOURCES = {
    "CN": "urn:office:cn:cnipa",
    "DE": "urn:office:de:dpma",
    "EP": "urn:office:ep:epo",
    "GB": "urn:office:gb:ipo",
    "JP": "urn:office:jp:jpo",
    "KR": "urn:office:kr:kipo",
    "TW": "urn:office:tw:tipo",
    "US": uspto.SOURCE,
    "WO": "urn:office:int:wipo",
}
"""The source of an office's events; for other offices it is built from the office's code."""

_PUBLISHED = re.compile(r"[A-Z]{2}A[12]?|USP1").fullmatch
_GRANTED = re.compile(
    r"(?!..[BC][89]"  # corrections
    r"|EPB[2-9]|AU(?:B[3-9]|C)|GBC|DEC5"  # patents as amended
    r"|DEB[12]?$"  # examined applications (Auslegeschriften), until the 1980s; the patent followed as C
    r"|USC)"  # reexamination certificates
    r"[A-Z]{2}[BC][0-9]?|CN[SUY]|US(?:E1?|P[23]?|S1?)"
).fullmatch
_US_APPLICATIONS_SINCE = "2001-03-15"  # the first Thursday of pre-grant publications; before, kind A was a patent
_US_PATENTS_B_SINCE = "2001-01-02"  # before, kind B was a reexamination certificate (MPEP 901.04(a))
_RIGHTS = {"P": "plant", "S": "design", "U": "utility_model", "Y": "utility_model"}

_SYMBOL = re.compile(r"([A-HY][0-9]{2}[A-Z])\s*([0-9]{1,4})\s*/\s*([0-9]{2,6})").match

Citation = tuple[str, str, str, str]
"""Country, number, kind and date of a cited document, as printed."""


class Publication(NamedTuple):
    """The bibliographic facts of a document. Texts, symbols and numbers are in its own spelling."""

    office: str
    number: str
    kind: str
    published_on: str
    title: str | None = None
    application: str | None = None
    filed_on: str | None = None
    priorities: Iterable[str] = ()
    ipc: Iterable[str] = ()
    cpc: Iterable[str] = ()
    applicants: Sequence[GrantParty] = ()
    inventors: Sequence[GrantParty] = ()
    assignees: Sequence[GrantParty] = ()
    claims: str | None = None
    citations: Iterable[Citation] = ()
    family: str | None = None


def publication_event(publication: Publication) -> Imported:
    """Return the event `ip.patent.published.v1` or `ip.patent.granted.v1`.

    Raise ValueError if number, kind or date is invalid; other invalid fields are left out by name. Raise Skip for other
    documents: search reports, corrections, amended patents.
    """
    facts = {name: getattr(publication, name) for name in ("office", "number", "kind", "published_on")}
    if missing := [name for name, value in facts.items() if not value]:
        raise Unreadable(f"a publication without {', '.join(missing)}")
    office, kind = publication.office, publication.kind
    day = texts.required_day(publication.published_on, f"{office}{publication.number[:32]}{kind}: publication date")
    granted = _is_grant(office, kind, day.isoformat())
    if not granted and not _PUBLISHED(office + kind):
        raise Skip(
            SkipReason.ANOTHER_DOCUMENT,
            f"{office}{publication.number[:32]}{kind}: kind {kind[:8]!r} is neither a first publication nor a grant",
        )
    number = _number(office, publication.number)
    subject = _subject(office, number, kind, day.year)
    omissions = Omissions()
    filed_on = omissions.iso_day("filing date", publication.filed_on)
    priorities = filter(None, [omissions.iso_day("priority date", each) for each in publication.priorities])
    right = _right(office, number, kind)
    symbols = Omissions() if right == "design" else omissions  # Locarno classes
    applicants = publication.applicants or publication.assignees
    data: dict[str, Any] = {
        "occurred_on": day.isoformat(),
        "region": applicants[0].region if applicants else None,
        "office": office,
        "number": number,
        "kind": kind,
        "right": right,
        "title": texts.tidy(publication.title),
        "application_number": _application(office, publication.application, omissions),
        "filed_on": filed_on,
        "priority_on": min(priorities, default=None),
        "ipc": list(symbols.all("IPC symbol", publication.ipc, ipc_symbol)),
        "cpc": list(symbols.all("CPC symbol", _without_tags(publication.cpc), ipc_symbol)) or None,
        "applicants": [party.as_data() for party in applicants],
        "assignees": [party.as_data() for party in publication.assignees] or None,
        "family_id": publication.family,
        "inventors": [party.as_data() for party in publication.inventors] or None,
    }
    data |= _of_grant(publication, omissions) if granted else {}
    what = "granted" if granted else "published"
    # A US grant has the identity of the same grant in the office's own files.
    identity = f"patent {number}" if granted and office == "US" else f"publication {subject}"
    return event(
        envelopes.envelope(_source(office), f"ip.patent.{what}.v1", subject, day, identity), data, omissions.named
    )


def _of_grant(publication: Publication, omissions: Omissions) -> dict[str, Any]:
    return {
        "claims": omissions.read("number of claims", publication.claims, _claims),
        "backward_cites": _cited(publication.citations, omissions) or None,
    }


def _source(office: str) -> str:
    return _SOURCES.get(office, f"urn:office:{office.lower()}:patents")


def _is_grant(office: str, kind: str, day: str) -> bool:
    if office == "US" and kind == "A":
        return day < _US_APPLICATIONS_SINCE
    if office == "US" and kind[0] == "B":
        return day >= _US_PATENTS_B_SINCE
    return _GRANTED(office + kind) is not None


def _right(office: str, number: str, kind: str) -> str:
    """Return the right by the kind; of a US reissue by its number."""
    if office == "US" and kind[0] != "P":
        return uspto.right_of(number, None)
    return _RIGHTS.get(kind[0], "invention")


def _number(office: str, printed: str) -> str:
    number = re.sub(r"[\s./-]", "", printed).removeprefix(office)
    return uspto.patent_number(number) if office == "US" and len(number) < 11 else number


def _subject(office: str, number: str, kind: str, year: int) -> str:
    if office == "US" and kind in document_kinds.PATENTS:
        return document_kinds.canonical_id(number, kind, year)
    return identifiers.publication_number(office, number, kind)


def _application(office: str, printed: str | None, omissions: Omissions) -> str | None:
    """Return the application's number if it has the form of its office, else None."""
    number = texts.tidy(printed)
    if number is None:
        return None
    if office == "US":
        return uspto.uspto_application_number(number)
    return omissions.read("application number", number, partial(identifiers.application_number, office))


def _without_tags(symbols: Iterable[str]) -> Iterator[str]:
    # Section Y of the CPC has no equal in the IPC.
    return (symbol for symbol in symbols if not symbol.startswith("Y"))


def _claims(count: str) -> int | None:
    return int(count) if count.isdecimal() and 0 < int(count) <= 10_000 else None


def _cited(citations: Iterable[Citation], omissions: Omissions) -> list[str]:
    """Return the ids of cited documents: US documents by US rules, others from office, number and kind. A list longer
    than MANY is dropped: a truncated one would be miscounted as complete."""
    ids: dict[str, None] = {}
    for country, number, kind, day in citations:
        if country == "US" and not (kind and identifiers.is_us_application(country, re.sub("[^0-9]", "", number))):
            ids |= dict.fromkeys(document_kinds.cited([(number, kind, day)], omissions))
        elif kind:
            document = omissions.read("cited document", number, partial(_cited_document, country, kind))
            ids |= {document: None} if document else {}
    return list(ids) if len(ids) <= document_kinds.MOST_CITATIONS else []


def _cited_document(country: str, kind: str, number: str) -> str:
    return identifiers.publication_number(country, _number(country, number), kind)


def ipc_spelled(text: str) -> str:
    """Return the symbol at the beginning of an ST.8 text: `G06N   3/0475      20230101AFI20110720BHEP`."""
    match = _SYMBOL(text)
    return f"{match[1]} {match[2]}/{match[3]}" if match else text
