"""Queries on a book, without terminal or broker.

    >>> from pathlib import Path
    >>> from ledger import queries
    >>> with queries.open(Path("book.db")) as book:
    ...     queries.view(book, "pledge_stock", filters=["industry=AI"]).rows_as_dicts()

Each query is a function that takes an open book and returns an `Answer`: rows, the meaning of the columns, and the
position of the book.
"""

from __future__ import annotations

from pathlib import Path

from ledger.book.book import Book
from ledger.book.known import as_known
from ledger.book.union import open_books
from ledger.queries.answer import Answer, BookState
from ledger.queries.calibration import calibration
from ledger.queries.entity import EntityAnswer, NoSuchEntity, entity
from ledger.queries.fields import fields
from ledger.queries.filters import Filter
from ledger.queries.maps import compare_maps
from ledger.queries.moved import moved, moved_by
from ledger.queries.overview import (
    by_month,
    by_year,
    falling_due,
    growth,
    newest_events,
    stock_by_industry,
    year_to_date,
)
from ledger.queries.period import growth_to_date
from ledger.queries.pledge_amounts import pledge_amounts
from ledger.queries.show import NothingFound, Shown, show
from ledger.queries.totals import SeveralIndustries, totals
from ledger.queries.view import view
from ledger.views.view import Column

__all__ = [
    "Answer",
    "Book",
    "BookState",
    "Column",
    "EntityAnswer",
    "Filter",
    "NoSuchEntity",
    "NothingFound",
    "SeveralIndustries",
    "Shown",
    "as_known",
    "by_month",
    "by_year",
    "calibration",
    "compare_maps",
    "entity",
    "falling_due",
    "fields",
    "growth",
    "growth_to_date",
    "moved",
    "moved_by",
    "newest_events",
    "open",
    "pledge_amounts",
    "show",
    "stock_by_industry",
    "totals",
    "view",
    "year_to_date",
]


def open(path: Path | str) -> Book:  # noqa: A001
    """Open a book read-only. Close it, or use it in a `with`.

    Raise BookUnavailable, NotABook, BookDamaged; OtherVersion if its numbers may have other meanings.
    """
    return open_books([Path(path)])
