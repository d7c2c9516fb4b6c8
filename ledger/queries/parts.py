"""Exact sums of parts of patents by class: integers by denominator, one fraction at the end, no float.

A patent with n symbols and m applicants has parts of 1/(n*m), and a symbol in k classes divides its part by k. A fixed
denominator would need a remainder for somebody; the sum of fractions over the documents needs none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Any, Final, NamedTuple

import orjson

from schemas.classification import Class, Classification

PartCell = tuple[Any, ...]
NO_CLASS: Final = ""
"""The class of a symbol that no rule covers."""
NO_SYMBOL: Final = "-"
"""The class of a patent without a symbol."""
_REST: Final = {NO_CLASS: Class("", "", "no class"), NO_SYMBOL: Class("", "", "no symbol")}


def classes_and_rest(classification: Classification) -> dict[str, Class]:
    """Return the classes as in their file, then those of patents that have none, by code."""
    return {**classification.classes, **_REST}


class EqualDocuments(NamedTuple):
    """Equal documents: the values of their cell, their symbols as a JSON array (None without any), the applicants that
    are in the cell (`mine` of `parties`), and how many documents there are."""

    cell: PartCell
    ipc: str | None
    mine: int
    parties: int
    documents: int


_Share = tuple[str, int, int]
"""(class, numerator, denominator)"""


def _first(classes: list[tuple[str, ...]]) -> Iterator[_Share]:
    return ((code, 1, 1) for code in classes[0])


def _each(classes: list[tuple[str, ...]]) -> Iterator[_Share]:
    return ((code, 1, 1) for code in dict.fromkeys(code for codes in classes for code in codes))


def _parts(classes: list[tuple[str, ...]]) -> Iterator[_Share]:
    return ((code, 1, len(classes) * len(codes)) for codes in classes for code in codes)


SHARES: Final[Mapping[str, Callable[[list[tuple[str, ...]]], Iterator[_Share]]]] = {
    "first": _first,
    "each": _each,
    "parts": _parts,
}
"""The way to count by symbols -> the parts of one patent, from the classes of its symbols."""


def sums_by_class(
    groups: Iterable[EqualDocuments], classification: Classification, symbols: str
) -> dict[tuple[PartCell, str], Fraction]:
    """Return (cell, class) -> the exact number of patents; the class may be NO_CLASS or NO_SYMBOL."""
    by_denominator: dict[tuple[PartCell, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    shares_of = SHARES[symbols]

    @cache
    def shares(ipc: str | None) -> tuple[_Share, ...]:
        if ipc is None:
            return ((NO_SYMBOL, 1, 1),)
        return tuple(shares_of([classification.classes_of(symbol) or (NO_CLASS,) for symbol in orjson.loads(ipc)]))

    for group in groups:
        for code, part, of in shares(group.ipc):
            by_denominator[group.cell, code][of * group.parties] += part * group.mine * group.documents
    return {
        key: sum((Fraction(part, of) for of, part in sorted(sums.items())), Fraction())
        for key, sums in by_denominator.items()
    }


def symbols_without_class(groups: Iterable[EqualDocuments], classification: Classification) -> list[str]:
    """Return the symbols of documents that no rule of the classification covers, most documents first."""
    found: Counter[str] = Counter()
    for group in groups:
        for symbol in orjson.loads(group.ipc or "[]"):
            if not classification.classes_of(symbol):
                found[symbol] += group.documents
    return [symbol for symbol, _ in sorted(found.items(), key=lambda one: (-one[1], one[0]))]


def decimal_of(number: Fraction, decimals: int) -> str:
    """Return a non-negative fraction as a decimal text, rounded half up."""
    scale = 10**decimals
    units = (2 * number.numerator * scale + number.denominator) // (2 * number.denominator)
    return f"{units // scale}.{units % scale:0{decimals}}"
