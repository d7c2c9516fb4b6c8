"""Sums: what a batch adds to the tables of totals, gathered by key before it is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger.posting.cells import LOW, Cell, Measure

Key = tuple[Any, ...]
Values = tuple[Any, ...]
Posting = tuple[int, Cell, Measure]
"""(basis, cell, measure): one signed line that a record adds to a total, on one basis or on both."""


class Addition(NamedTuple):
    """Which rows are added to: the table, the basis, and whether they are counts alone, without any amount."""

    table: str
    basis: int
    counts_alone: bool


@dataclass(slots=True)
class Sums:
    """What postings add to `total` and `summary`, and what changes in force add to `stock` and `summary`."""

    totals: _ByBasis = field(default_factory=lambda: defaultdict(dict))
    days: _ByBasis = field(default_factory=lambda: defaultdict(dict))
    stock: _ByBasis = field(default_factory=lambda: defaultdict(dict))

    def add(self, postings: Iterable[Posting]) -> None:
        """Add what one record posts."""
        for basis, (kind, date, region, right, industry, currency), measure in postings:
            _add(self.totals[basis], (kind, date // 10_000, region, right, industry, currency), measure)
            _add(self.days[basis], (kind, date, industry, currency), measure)

    def change_stock(self, before: Iterable[Posting], after: Iterable[Posting]) -> None:
        """Add what is in force of an entity now, less what was in force of it before."""
        for basis, (kind, date, region, right, industry, currency), measure in after:
            _add(self.stock[basis], (kind, region, industry, right, currency, date), measure)
            _add(self.days[basis], (kind, date, industry, currency), measure)
        for basis, (kind, date, region, right, industry, currency), (events, known, amount) in before:
            measure = (-events, -known, -amount)
            _add(self.stock[basis], (kind, region, industry, right, currency, date), measure)
            _add(self.days[basis], (kind, date, industry, currency), measure)

    def include(self, others: Iterable[Sums]) -> None:
        """Add what others have gathered."""
        for other in others:
            for ours, theirs in ((self.totals, other.totals), (self.days, other.days), (self.stock, other.stock)):
                for basis, by_key in theirs.items():
                    for key, measure in by_key.items():
                        _add(ours[basis], key, measure)

    def rows(self) -> dict[Addition, list[Values]]:
        """Return what is added: the columns of the key, then the events, and where there are any the amounts: how many
        events have one, and high and low of their sum."""
        rows: dict[Addition, list[Values]] = {}
        for table, sums in (("total", self.totals), ("stock", self.stock)):
            for basis, by_key in sums.items():
                _put(rows, table, basis, by_key)
        for basis, days in self.days.items():
            months = _rolled_up(days)
            for by_key in (days, months, _rolled_up(months)):
                _put(rows, "summary", basis, by_key)
        return rows


_ByBasis = dict[int, dict[Key, Measure]]


def _add(sums: dict[Key, Measure], key: Key, measure: Measure) -> None:
    known = sums.get(key)
    if known is not None:
        measure = (known[0] + measure[0], known[1] + measure[1], known[2] + measure[2])
    sums[key] = measure


def _rolled_up(sums: Mapping[Key, Measure]) -> dict[Key, Measure]:
    """Return sums by day as sums by month, or those by month as sums by year."""
    above: dict[Key, Measure] = {}
    for (kind, period, industry, currency), measure in sums.items():
        _add(above, (kind, period // 100, industry, currency), measure)
    return above


def _put(rows: dict[Addition, list[Values]], table: str, basis: int, sums: Mapping[Key, Measure]) -> None:
    counts = rows.setdefault(Addition(table, basis, counts_alone=True), [])
    amounts = rows.setdefault(Addition(table, basis, counts_alone=False), [])
    for key, (events, known, amount) in sums.items():
        if known or amount:
            amounts.append((*key, events, known, *divmod(amount, LOW)))
        elif events:  # a sum of 0 has no row: see `stock_of_nothing` and its like in schema.sql
            counts.append((*key, events))
