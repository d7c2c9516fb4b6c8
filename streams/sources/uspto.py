"""What is the same in all files of the United States Patent and Trademark Office: source, numbers, parties, rights."""

from __future__ import annotations

import re
from datetime import date

from schemas.identifiers import pct_application_number, us_application_number
from streams.sources import envelopes, places
from streams.sources.conveyances.conveyance import Asset
from streams.sources.results import Unreadable

SOURCE = "urn:office:us:uspto"

_NUMBER = re.compile(r"([A-Z]{0,2})0*([1-9][0-9]*)").fullmatch
_DESIGN, _PLANT = re.compile("D(?![A-Z])").match, re.compile("PP|PLT").match


def envelope(type_name: str, subject: str, day: date, identity: str, series: int | None = None) -> dict[str, str]:
    """The attributes of an event of this office."""
    return envelopes.envelope(SOURCE, type_name, subject, day, identity, series)


def party(name: str, place: str | None) -> dict[str, str]:
    """A party of an event, with its country where the place (a country, a US state) is known."""
    country = places.country(place)
    return {"name": name} | ({"country": country} if country else {})


def asset(application: str, patent: str | None, us_class: str | None = None) -> Asset:
    """A property of a conveyance: by the patent's number without kind, which not all formats know, where it is
    granted; else by the application's."""
    number = patent_number(patent) if patent else ""
    return Asset(application, f"US{number}" if number else application, right_of(number, us_class))


def patent_number(text: str) -> str:
    """A patent's number without padding: `D0967598` and `D967598` are `D967598`. Raises Unreadable."""
    match = _NUMBER(text.strip())
    if match is None:
        raise Unreadable(f"patent number {text[:64]!r}: it must be at most two letters and digits")
    return match[1] + match[2]


def application_number(text: str) -> str:
    """`15/123456`, `PCT/US2013/061281`; another form (`D/029532`, a design in the search) stays as it is."""
    for canonical in (us_application_number, pct_application_number):
        try:
            return canonical(text)
        except ValueError:
            continue
    return text


def right_of(number: str, us_class: str | None) -> str:
    """Design, plant or invention, by the patent's number or, for reissues and applications, by its US class.

    Design classes are D and a number, plants have the class PLT (Manual of Patent Examining Procedure, 903).
    """
    if _DESIGN(number) or _DESIGN(us_class or ""):
        return "design"
    return "plant" if _PLANT(number) or _PLANT(us_class or "") else "invention"
