"""Figures that can be proven: for each kind, year and industry the tree of all its postings, and one entry that states
its sums and the roots of these trees.

A posting is a leaf of the tree of its figure and partition, in log order. So the entry of a figure commits to all its
postings: one that is changed, added or omitted gives another root. The entries of all figures, in order of kind, year
and industry, are the leaves of the **view** tree; a statement has its root.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ledger.merkle.frontier import Frontier
from ledger.nearest import UnknownName
from ledger.posting.cells import BASES, INDUSTRY_NUMBERS, KINDS, LOW
from ledger.posting.constants import CONSTANTS
from schemas.currencies import CURRENCY_NUMBERS
from schemas.industry import INDUSTRIES

_KINDS, _RIGHTS, _TOPICS = CONSTANTS["kind"], CONSTANTS["right"], CONSTANTS["topic"]
_INDUSTRIES = {industry.number: industry.code for industry in INDUSTRIES.values()}
_NONE = "-"


class FigurePosting(NamedTuple):
    """A posting without its figure: columns of the table `posting`."""

    offset: int
    date: int
    region: str
    right: int
    currency: int
    basis: int
    events: int
    with_amount: int
    high: int
    low: int

    @property
    def line(self) -> str:
        """The posting as a leaf: one line of words and numbers, the amount in minor units."""
        offset, date, region, right, currency, basis, events, known, high, low = self
        words = (region or _NONE, _RIGHTS.get(right, _NONE), currency_code(currency), _BASES[basis])
        return f"{offset} {date} {' '.join(words)} {events} {known} {high * LOW + low}"


class FigureKey(NamedTuple):
    """The identity of a figure, by number."""

    kind: int
    year: int
    industry: int

    @property
    def text(self) -> str:
        """The key in words."""
        kind, industry = _KINDS.get(self.kind, self.kind), _INDUSTRIES.get(self.industry, self.industry)
        return f"{kind} {self.year} {industry}"


def figure_key(kind: str, year: int, industry: str) -> FigureKey:
    """Return a figure by its words. Raise UnknownName."""
    for what, given, known in (("the kind", kind, KINDS), ("the industry", industry, INDUSTRY_NUMBERS)):
        if given not in known:
            raise UnknownName(what=what, given=given, known=tuple(known))
    return FigureKey(KINDS[kind], year, INDUSTRY_NUMBERS[industry])


PartitionNumbers = tuple[int, int]
"""(number of the topic, partition)"""
FigureSums = dict[tuple[int, int], tuple[int, int, int]]
"""(currency, bit of the basis) -> events, events with an amount, amount in minor units."""


def currency_code(number: int) -> str:
    """Return the code of a currency by its number, `-` for none."""
    return CURRENCY_NUMBERS[number].code if number else _NONE


def add_up(sums: FigureSums, postings: Iterable[FigurePosting]) -> None:
    """Add postings to the sums of their figure."""
    for one in postings:
        for basis in BASES.values():
            if one.basis & basis:
                events, known, amount = sums.get((one.currency, basis), (0, 0, 0))
                amount += one.high * LOW + one.low
                sums[one.currency, basis] = (events + one.events, known + one.with_amount, amount)


def entry_of(key: FigureKey, sums: FigureSums, trees: Iterable[tuple[PartitionNumbers, Frontier]]) -> bytes:
    """Return the entry of a figure: its key, its sums that are not 0, and its trees."""
    lines = ["ip-ledger figure v1", key.text]
    lines += sorted(
        f"sum {_BASES[basis]} {currency_code(currency)} {events} {known} {amount}"
        for (currency, basis), (events, known, amount) in sums.items()
        if events or known or amount
    )
    lines += [
        f"tree {_TOPICS[topic]} {partition} {tree.size} {tree.root().hex()}"
        for (topic, partition), tree in sorted(trees, key=lambda item: item[0])
    ]
    return "".join(f"{line}\n" for line in lines).encode()


_BASES = {1: "recorded", 2: "corrected", 3: "both"}
