"""Common parts of all files of the United States Patent and Trademark Office: source, numbers, parties, rights."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from schemas.identifiers import pct_application_number, us_application_number
from streams.sources import envelopes, regions
from streams.sources.results import Unreadable

SOURCE = "urn:office:us:uspto"

_NUMBER = re.compile(r"(?:US[ -]?)?([A-Z]{0,2})0*([1-9][0-9]*)").fullmatch
_KIND = re.compile(r"(?<=[0-9]) ?(?:A|B[12]?|C[1-3]?|E1?|S1?|P[1-3]?|H1?)$").sub
_HAGUE = re.compile(r"DM/?[0-9]{1,7}").fullmatch
_PUBLICATION = re.compile(
    r"(?:US[ -]?)?((?:19|20)[0-9]{2})[/-]?([0-9]{7}|[0-9]{6}(?=[ -]?A))(?:[ -]?[A-Z][0-9]?)?"
).fullmatch
_DOCDB = re.compile(r"(?:US)?(?:19|20)[0-9]{2}([0-9]{2})([0-9]{6})[AP]?").fullmatch
_ZEROS = re.compile(r"(?:US)?[0/,]*[A-Z]?").fullmatch
_DESIGN, _PLANT = re.compile("D(?![A-Z])").match, re.compile("PP|PLT").match
_DESIGN_SERIES = re.compile("(?:29|35|DM)/").match


class ConveyedAsset(NamedTuple):
    """A conveyed right: the number that identifies it from its application on, its id and its right in events. Once the
    right is granted, its id differs from the application's number."""

    known_by: str
    id: str
    right: str


def uspto_envelope(type_name: str, subject: str, day: date, identity: str, series: int | None = None) -> dict[str, str]:
    """Return the attributes of an event of this office."""
    return envelopes.envelope(SOURCE, type_name, subject, day, identity, series)


def party(name: str, country_or_state: str | None) -> dict[str, str]:
    """Return a party of an event, with its country if the country or the US state is known."""
    country = regions.country(country_or_state)
    return {"name": name} | ({"country": country} if country else {})


def asset(
    application: str | None,
    patent: str | None,
    *others: str | None,
    us_class: str | None = None,
) -> ConveyedAsset | None:
    """Return a property of a conveyance. A granted one has the patent's number, without kind, which not all formats
    give; else the number of the application, or the first of the others (international application or registration,
    publication). Return None if it has no number at all. Raise Unreadable for an invalid patent number if there is no
    other. A number of zeros is none, and a publication instead of a patent is one."""
    given, application = application, None if application and _ZEROS(application) else application
    if patent and not _matched(patent):
        others = (*others, publication(patent))
    number = patent_number(patent) if patent and (_matched(patent) or not any((application, *others))) else ""
    granted = f"US{number}" if number else None
    known_by = uspto_application_number(application) if application else next(filter(None, (granted, *others)), None)
    if known_by is None:
        if given:
            raise Unreadable(f"application number {given[:64]!r}: it must be a number above 0")
        return None
    return ConveyedAsset(known_by, granted or known_by, right_of(number, us_class, known_by))


def patent_number(text: str) -> str:
    """Return a patent's number without padding and kind: `D0967598`, `D967598 S1` are `D967598`. Raise Unreadable."""
    match = _matched(text)
    if match is None:
        raise Unreadable(f"patent number {text[:64]!r}: it must be a number above 0 after at most two letters")
    return match[1] + match[2]


def _matched(text: str) -> re.Match[str] | None:
    return _NUMBER(_KIND("", text.strip().replace(",", "").replace(".", "")))


def uspto_application_number(text: str) -> str:
    """Return `15/123456`, also from `US201515123456A` of DOCDB, or `PCT/US2013/061281`; series D means designs, 29. Any
    other text stays unchanged."""
    text = f"29{text[1:]}" if text.startswith("D/") else text
    if match := _DOCDB(text):
        return f"{match[1]}/{match[2]}"
    for canonical in (us_application_number, pct_application_number):
        try:
            return canonical(text)
        except ValueError:
            continue
    return text


def international(text: str | None) -> str | None:
    """Return `PCT/US2012/030214`, also from `US1230214` and `EP2017051719`; the number of a Hague registration
    (`DM/088610`) unchanged. Return None for any other text."""
    if not text:
        return None
    try:
        return pct_application_number(text if text.startswith("PCT") else f"PCT{text}")
    except ValueError:
        return text if _HAGUE(text) else None


def publication(text: str | None) -> str | None:
    """Return `US20140226420`, an application's publication, from a text with or without office, slash and kind; else
    None."""
    match = _PUBLICATION(text or "")
    return f"US{match[1]}{match[2].zfill(7)}" if match else None


def right_of(number: str, us_class: str | None, application: str = "") -> str:
    """Return design, plant or invention, by the patent's number or, for reissues and applications, by its US class.

    Design classes are D and a number, plants have the class PLT (Manual of Patent Examining Procedure, 903). The
    applications of series 29, and 35 or DM of the Hague system, are for designs (ibid., 503).
    """
    if _DESIGN(number) or _DESIGN(us_class or "") or _DESIGN_SERIES(application):
        return "design"
    return "plant" if _PLANT(number) or _PLANT(us_class or "") else "invention"
