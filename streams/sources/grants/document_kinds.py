"""Kinds of US patent documents (Manual of Patent Examining Procedure, 901.04(a)), and the ids that contain them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import digits

from schemas.identifiers import publication_number
from streams.sources import uspto
from streams.sources.omissions import Omissions

PATENTS = frozenset(["A", "B1", "B2", "E", "E1", "P", "P2", "P3", "S", "S1"])
"""The kinds of patents; other published documents are applications and registrations."""
MOST_CITATIONS = 10_000
"""Longer lists of citations are dropped: a truncated list would be miscounted as complete."""

_WITH_DIGITS_FROM = 2001  # kinds have digits in documents from 2001-01-02 on, that year's first Tuesday
_WITH_DIGIT = {"S": "S1", "E": "E1", "P": "P2"}
_BY_LETTERS = {"D": "S", "RE": "E", "PP": "P"}
_APPLICATIONS = frozenset(["A1", "A2", "A9"])
_ISSUED = {
    "": (6_167_568, 6_167_569),
    "D": (435_712, 435_713),
    "RE": (36_516, 37_100),
    "PP": (11_193, 12_300),
    "X": (99_999, 100_000),
}
"""The last numbers of 2000 and the first of 2001 (Table of Issue Years and Patent Numbers); for reissues and
plants the first of 2000 and one of 2001, for lack of the table. Patents before 1836 have an X."""
_YEAR = re.compile("[0-9]{4}").match
_PUNCTUATION = str.maketrans("", "", " .,")


def canonical_id(number: str, kind: str, year: int) -> str:
    """Return the subject of a patent, `USD967598S1`. Raise ValueError for an invalid number or kind.

    The search writes S and E for the kinds that the office has called S1 and E1 since 2001, and so do the grants of
    that year's first weeks. As a subject a patent has one kind; otherwise each format would give a different grant.
    """
    return publication_number("US", number, _WITH_DIGIT.get(kind, kind) if year >= _WITH_DIGITS_FROM else kind)


def derived(number: str, year: int) -> str:
    """Return the kind of a patent whose document has none, by the letters of its number and the year of its issue.

    From 2001 on a patent without letters is B1, or B2 if its application was published before. A document without kind
    does not show that; B1 is right for nearly all of 2001, the only year in question.
    """
    kind = _BY_LETTERS.get(number.rstrip(digits), "A")
    return kind if year < _WITH_DIGITS_FROM else _WITH_DIGIT.get(kind, "B1")


def cited(citations: Iterable[tuple[str, str, str]], omissions: Omissions) -> list[str]:
    """Return the ids of cited US documents, each once; a citation is a printed number, kind and date, or only a number.

    If the kind is unknown and does not follow from date or number, such as B1 or B2 from 2001 on and the kind of an
    application, the id is the number alone (`US8711504`), by which conveyances identify patents too. Documents
    other than patents are omitted, and so are unreadable numbers, by name. If there are too many, all are omitted.
    """
    ids: dict[str, None] = {}
    for printed, kind, date in citations:
        try:
            if document := _cited(printed, kind, date):
                ids[document] = None
        except ValueError:
            omissions.name("cited document", printed)
    if len(ids) > MOST_CITATIONS:
        omissions.name("citations, because they are more than", str(MOST_CITATIONS))
        return []
    return list(ids)


def _cited(printed: str, kind: str, date: str) -> str | None:
    if application := uspto.publication(printed):
        return application + kind * (kind in _APPLICATIONS)
    dated = _YEAR(date)
    if (kind or "A") not in PATENTS:
        return None
    number = uspto.patent_number(printed.translate(_PUNCTUATION).upper())
    if number[0] in "HT":
        return None
    before = _is_before_2001(number) if dated is None else int(dated[0]) < _WITH_DIGITS_FROM
    if before is None:
        return canonical_id(number, kind, 0) if kind else _without_kind(number)
    year = _WITH_DIGITS_FROM - before
    derivation = derived(number, year)
    if not kind and not before and derivation in ("B1", "P2"):
        return _without_kind(number)
    return canonical_id(number, kind or derivation, year)


def _is_before_2001(number: str) -> bool | None:
    """Return whether a patent of this number was issued before 2001; None if it is near that year's first."""
    letters = number.rstrip(digits)
    if letters not in _ISSUED:
        raise ValueError(f"numbers do not begin with {letters}")
    last_before, first_since = _ISSUED[letters]
    serial = int(number[len(letters) :])
    return True if serial <= last_before else False if serial >= first_since else None


def _without_kind(number: str) -> str:
    return canonical_id(number, "A", 0)[:-1]
