"""Kinds of US patent documents (Manual of Patent Examining Procedure, 901.04(a)), and the ids that they are part of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import digits

from schemas.identifiers import publication_number
from streams.sources import uspto

PATENTS = frozenset(["A", "B1", "B2", "E", "E1", "P", "P2", "P3", "S", "S1"])
"""The kinds of patents; what is published besides are applications and registrations."""
MANY = 10_000
"""A list of citations longer than this is left out: a part of it would be counted as all."""

_WITH_DIGITS_FROM = 2001  # the kinds of what was issued from 2001-01-02, that year's first Tuesday, have digits
_WITH_DIGIT = {"S": "S1", "E": "E1", "P": "P2"}
_BY_LETTERS = {"D": "S", "RE": "E", "PP": "P"}
_YEAR = re.compile("[0-9]{4}").match
_PUNCTUATION = str.maketrans("", "", " .,")


def canonical_id(number: str, kind: str, year: int) -> str:
    """The subject of a patent, `USD967598S1`. Raises ValueError for what is no number or kind.

    The search writes S and E for what the office has called S1 and E1 since 2001, and so do the grants of that year's
    first weeks. As a subject a patent has one kind, or its formats would be as many grants.
    """
    return publication_number("US", number, _WITH_DIGIT.get(kind, kind) if year >= _WITH_DIGITS_FROM else kind)


def derived(number: str, year: int) -> str:
    """The kind of a patent whose document has none, by the letters of its number and the year of its issue.

    From 2001 on a patent without letters is B1, and B2 where its application had been published before. A document
    without kind cannot tell; B1 is what nearly all were in 2001, the only year in question.
    """
    kind = _BY_LETTERS.get(number.rstrip(digits), "A")
    return kind if year < _WITH_DIGITS_FROM else _WITH_DIGIT.get(kind, "B1")


def cited(citations: Iterable[tuple[str, str, str]]) -> list[str]:
    """The ids of cited US patents, each once; a citation is a number, a kind (or nothing) and a date, all as printed.

    Left out is what has no certain id: published applications, numbers and dates that cannot be read, and patents
    without kind from 2001 on. All are left out if they are too many.
    """
    ids = dict.fromkeys(filter(None, (_cited(*citation) for citation in citations)))
    return list(ids) if len(ids) <= MANY else []


def _cited(printed: str, kind: str, date: str) -> str | None:
    dated = _YEAR(date)
    if dated is None or (kind or "A") not in PATENTS:
        return None
    year = int(dated[0])
    try:
        number = uspto.patent_number(printed.translate(_PUNCTUATION).upper())
        if number[0] in "HT" or (not kind and derived(number, year) == "B1"):
            return None
        return canonical_id(number, kind or derived(number, year), year)
    except ValueError:
        return None
