"""What is the same in all files of the United States Patent and Trademark Office: ids, numbers, dates, texts.

An import's ids and times derive from the document alone, so that importing twice changes nothing. All formats
share one source, so that a second format of a document says the same event again.
"""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256

from schemas.identifiers import pct_application_number, us_application_number
from schemas.values import FIRST_DAY, LAST_DAY
from streams.sources.results import Unreadable

SOURCE = "urn:office:us:uspto"
LONGEST_TEXT = 2000

_YEAR_FIRST = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})(?:T.*)?").fullmatch
_YEAR_LAST = re.compile(r"([0-9]{2})-([0-9]{2})-([0-9]{4})").fullmatch
_NUMBER = re.compile(r"([A-Z]{0,2})0*([1-9][0-9]*)").fullmatch
_DESIGN, _PLANT = re.compile("D(?![A-Z])").match, re.compile("PP|PLT").match


def envelope(type_name: str, subject: str, day: date, identity: str) -> dict[str, str]:
    """The attributes of an imported event; its time is the first second (UTC) of the business date."""
    return {
        "id": _import_id(day, identity),
        "source": SOURCE,
        "type": type_name,
        "subject": subject,
        "time": f"{day.isoformat()}T00:00:00Z",
    }


def _import_id(day: date, identity: str) -> str:
    """A UUIDv8 (RFC 9562 section 5.8): the date in its first eight digits, `20180619-…`, then a SHA-256.

    Such ids lie in a book's index in the order of the dates. `identity` names the thing, never its content.
    """
    digits = sha256(f"{SOURCE} {identity}".encode()).hexdigest()
    variant = "89ab"[int(digits[7], 16) % 4]
    return f"{day:%Y%m%d}-{digits[:4]}-8{digits[4:7]}-{variant}{digits[8:11]}-{digits[11:23]}"


def tidy(text: str | None) -> str | None:
    """The text on one line, cut at 2,000 characters; None if it is empty or a word for nothing."""
    line = " ".join((text or "").split())[:LONGEST_TEXT].rstrip()
    return None if line in ("", "null", "NULL") else line


def day_of(text: str | None) -> date | None:
    """`20180619`, `2018-06-19`, `2018-06-19T00:00:00Z` or `06-19-2018`; None if no event can have it."""
    if match := _YEAR_FIRST(text or ""):
        year, month, day = match.groups()
    elif match := _YEAR_LAST(text or ""):
        month, day, year = match.groups()
    else:
        return None
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_DAY <= found <= LAST_DAY else None


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
