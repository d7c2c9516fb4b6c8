"""Totals, summaries and what is in force: from the lives of all entities, as a book keeps them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from ledger.independent.fold import ExpectedBook
from ledger.independent.numbers import CURRENCY_CODES, INDUSTRY_CODES, KINDS, RIGHTS, STOCKS, day_number
from ledger.independent.stocks import changes_of
from ledger.independent.terms import BASES, Cell, Contribution, Figures

Sums = dict[tuple[Any, ...], tuple[Figures, ...]]
"""Key of a row -> figures on each basis."""
_Growing = dict[tuple[Any, ...], dict[str, Figures]]


def totals(result: ExpectedBook) -> Sums:
    """Return the rows of `total`: by kind, industry, region, right, currency and year."""
    sums: _Growing = defaultdict(dict)
    for basis in BASES:
        for (kind, year, region, right, industry, currency), figures in result.totals[basis].items():
            where = (_INDUSTRIES[industry], region or "", _RIGHTS[right], _CURRENCIES[currency])
            _add(sums, basis, (_KINDS[kind], *where, year), figures)
    return _nonzero(sums)


def stock_and_summary(result: ExpectedBook) -> tuple[Sums, Sums]:
    """Return the rows of `stock` (by kind, region, date, industry, right, currency) and of `summary` (by kind, period,
    industry, currency)."""
    stock: _Growing = defaultdict(dict)
    summary: _Growing = defaultdict(dict)
    for basis in BASES:
        changes = _added(changes_of(one.lives[basis]) for one in result.entities)
        for cell, figures in changes.items():
            where = (_INDUSTRIES[cell.industry], _RIGHTS[cell.right], _CURRENCIES[cell.currency])
            _add(stock, basis, (_STOCKS[cell.kind], cell.region or "", day_number(cell.date), *where), figures)
            _add_to_periods(summary, basis, _STOCKS[cell.kind], cell, figures)
        for cell, figures in _added(posted[basis] for posted in result.postings.values()).items():
            _add_to_periods(summary, basis, _KINDS[cell.kind], cell, figures)
    return _nonzero(stock), _nonzero(summary)


_KINDS = {name: number for number, name in KINDS.items()}
_STOCKS = {name: number for number, name in STOCKS.items()}
_RIGHTS = {name: number for number, name in RIGHTS.items()}
_INDUSTRIES = {code: number for number, code in INDUSTRY_CODES.items()}
_CURRENCIES = {code: number for number, code in CURRENCY_CODES.items()}


def _add_to_periods(sums: _Growing, basis: str, kind: int, cell: Cell, figures: Figures) -> None:
    """Add figures to their year and month."""
    for length in (4, 7):
        period = int(cell.date[:length].replace("-", ""))
        _add(sums, basis, (kind, period, _INDUSTRIES[cell.industry], _CURRENCIES[cell.currency]), figures)


def _add(sums: _Growing, basis: str, key: tuple[Any, ...], figures: Figures) -> None:
    sums[key][basis] = sums[key].get(basis, Figures()).plus(figures)


def _added(contributions: Iterable[Contribution]) -> Contribution:
    sums: Contribution = defaultdict(Figures)
    for contribution in contributions:
        for cell, figures in contribution.items():
            sums[cell] = sums[cell].plus(figures)
    return sums


def _nonzero(sums: _Growing) -> Sums:
    """Return both bases side by side, without sums that are 0 on both."""
    sides = {key: tuple(by_basis.get(basis, Figures()) for basis in BASES) for key, by_basis in sums.items()}
    return {key: both for key, both in sides.items() if any(figures != Figures() for figures in both)}
