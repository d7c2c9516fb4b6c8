"""Any view on a basis and a day, by the definitions of this program, not those installed in the book."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Unpack

from ledger.book.book import Book
from ledger.nearest import UnknownName
from ledger.posting.days import day_number
from ledger.posting.rows import END
from ledger.queries.answer import Answer
from ledger.queries.ask import Choice, Relation, ask, basis_number, chosen_columns, parse_filters
from ledger.queries.filters import Filter, only_values
from ledger.queries.snapshot import read_snapshot
from ledger.views import VIEWS
from ledger.views.view import View, on_basis
from schemas.errors import UsageError


class NotDated(UsageError):
    """--as-of does not apply to {view}, which is not a stock. Omit it."""


LISTED = "`ip-ledger views` lists all."
"""The next step after a name that no view has."""


class OneBasis(UsageError):
    """--recorded does not apply to {view}, which does not distinguish recorded from corrected figures. Omit it."""


def view(
    book: Book, name: str, *, basis: str = "corrected", as_of: date | None = None, **choice: Unpack[Choice]
) -> Answer:
    """Return the rows of a view. `as_of` is for stocks; each has its own default.

    Raise UnknownName, NotDated, OneBasis, and the errors of `ask`.
    """
    asked = VIEWS.get(name)
    if asked is None:
        raise UnknownName(what="the view", given=name, known=VIEWS, otherwise=LISTED)
    basis_number(basis)
    if as_of is not None and not asked.takes_a_day:
        raise NotDated(view=name)
    if basis == "recorded" and not asked.takes_a_basis:
        raise OneBasis(view=name)
    filters = choice["filters"] = parse_filters(choice.get("filters", ()))
    relation, values = _relation(asked, basis, filters)
    with read_snapshot(book) as state:
        if asked.takes_a_day:
            values["as_of"] = book_day(book, asked.day) if as_of is None else day_number(as_of)
        rows = ask(book, relation, values, choice)
    terms = {"as_of": day_text(values.get("as_of")), "basis": basis if asked.takes_a_basis else None}
    return Answer(state, chosen_columns(relation, choice), rows, terms, name)


def _relation(asked: View, basis: str, filters: Sequence[Filter]) -> tuple[Relation, dict[str, Any]]:
    """Return the raw SQL of a view on a basis, narrowed if a filter allows it, and its parameters."""
    name, columns = f"The view {asked.name}", asked.columns
    for column in columns:
        if column.name in asked.narrowed:
            for sought in filters:
                only = only_values(column, sought)
                if only:
                    return Relation(name, columns, on_basis(asked.relation_of(column.name), basis)), {"only": only}
    return Relation(name, columns, on_basis(asked.relation if filters else asked.whole, basis)), {}


def book_day(book: Book, day: str) -> int | None:
    """Return the day (YYYYMMDD) of an SQL expression of this program."""
    found: int | None = book.connection.execute(f"SELECT {day}").fetchone()[0]
    return found


def day_text(day: int | None) -> str | None:
    """Return YYYYMMDD as YYYY-MM-DD; None for no day, and for END, the day after all days."""
    return f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}" if day and day != END else None
