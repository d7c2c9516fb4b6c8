"""Sums: a batch's additions to the tables of totals, summed by key before they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ledger.posting.cells import LOW, NOTHING, Amounts, Basis, Cell

_Key = tuple[Any, ...]
Values = tuple[Any, ...]
Posting = tuple[int, Cell, Amounts]
"""(basis, cell, amounts): one signed line that a record adds to a total, on one basis or on both."""

EVENTS_ALONE, BOTH_ALIKE, EACH = 1, 4, 8
"""The number of measures after a row's key. 1: events, equal on both bases. 4: events, events with an amount, high and
low of the sum of the amounts, equal on both bases. 8: these four as recorded, then as corrected."""


class Addition(NamedTuple):
    """A kind of row to add: its table, and its number of measures."""

    table: str
    measures: int


@dataclass(slots=True)
class Sums:
    """Additions of postings to `total` and `summary`, and of changes in force to `stock` and `summary`."""

    posted: list[Posting] = field(default_factory=list)
    in_force: list[Posting] = field(default_factory=list)

    def add(self, postings: Iterable[Posting]) -> None:
        """Add the postings of one record."""
        self.posted += postings

    def change_stock(self, before: list[Posting], after: list[Posting]) -> None:
        """Add an entity's present stock, minus its earlier stock."""
        if before != after:
            self.in_force += after
            self.in_force += [(basis, cell, (-a, -b, -c)) for basis, cell, (a, b, c) in before]

    def include(self, others: Iterable[Sums]) -> None:
        """Add all of several other sums."""
        for other in others:
            self.posted += other.posted
            self.in_force += other.in_force

    def rows(self) -> dict[Addition, list[Values]]:
        """Return the rows to add: each key once, with its measures, without rows of zeros."""
        totals, stock, summary = _ByBasis(), _ByBasis(), _ByBasis()
        for basis in (Basis.RECORDED, Basis.CORRECTED, Basis.BOTH):
            posted = [(cell, amounts) for on, cell, amounts in self.posted if on == basis]
            in_force = [(cell, amounts) for on, cell, amounts in self.in_force if on == basis]
            totals[basis] = _added_up(
                ((kind, date // 10_000, region, right, industry, currency), amounts)
                for (kind, date, region, right, industry, currency), amounts in posted
            )
            stock[basis] = _added_up(
                ((kind, region, date, industry, right, currency), amounts)
                for (kind, date, region, right, industry, currency), amounts in in_force
            )
            months = _added_up(
                ((kind, date // 100, industry, currency), amounts)
                for lines in (posted, in_force)
                for (kind, date, _, _, industry, currency), amounts in lines
            )
            summary[basis] = months | _yearly(months)
        rows: dict[Addition, list[Values]] = {}
        for table, sums in (("total", totals), ("stock", stock), ("summary", summary)):
            _put(rows, table, sums)
        return rows


_Sums = dict[_Key, Amounts]
_ByBasis = dict[int, _Sums]


def _added_up(lines: Iterable[tuple[_Key, Amounts]]) -> _Sums:
    sums: _Sums = {}
    for key, amounts in lines:
        known = sums.get(key)
        if known is not None:
            amounts = (known[0] + amounts[0], known[1] + amounts[1], known[2] + amounts[2])
        sums[key] = amounts
    return sums


def _yearly(months: _Sums) -> _Sums:
    """Return sums by month as sums by year."""
    return _added_up(
        ((kind, month // 100, industry, currency), amounts)
        for (kind, month, industry, currency), amounts in months.items()
    )


def _put(rows: dict[Addition, list[Values]], table: str, sums: Mapping[int, _Sums]) -> None:
    recorded, corrected, both = sums[Basis.RECORDED], sums[Basis.CORRECTED], sums[Basis.BOTH]
    alone, alike, each = (
        rows.setdefault(Addition(table, measures), []) for measures in (EVENTS_ALONE, BOTH_ALIKE, EACH)
    )
    apart = recorded | corrected
    for key, (events, known, amount) in both.items():
        if key in apart:
            continue
        if known or amount:
            alike.append((*key, events, known, *divmod(amount, LOW)))
        elif events:  # a sum of 0 has no row: see `stock_of_nothing` and its like in schema.sql
            alone.append((*key, events))
    for key in apart:
        events, known, amount = both.get(key, NOTHING)
        (a, b, c), (d, e, f) = recorded.get(key, NOTHING), corrected.get(key, NOTHING)
        measures = (events + a, known + b, *divmod(amount + c, LOW), events + d, known + e, *divmod(amount + f, LOW))
        if any(measures):
            each.append((*key, *measures))
