"""Any view, filtered by its columns, on a basis and a day."""

from __future__ import annotations

from collections.abc import Mapping

from ledger.book.book import Book
from ledger.nearest import UnknownName
from ledger.queries.state import Answer, one_state
from ledger.views import VIEWS
from ledger.views.view import END_OF_TIME, View
from schemas.errors import UsageError


class NoSuchColumn(UsageError):
    """The view {view} has no column {column!r}. It has: {known}."""


class NotDated(UsageError):
    """The view {view} is not a stock: it cannot be asked for as of a day. Leave --as-of out."""


class OneBasis(UsageError):
    """The view {view} has no other basis: it shows what was said, or both bases at once. Leave --recorded out."""


def ask_view(
    book: Book, name: str, filters: Mapping[str, str], as_of: int | None = None, *, recorded: bool = False
) -> Answer:
    """The rows of a view where each filtered column has the value given. `as_of` is YYYYMMDD, for stocks."""
    view = VIEWS.get(name)
    if view is None:
        raise UnknownName(what="the view", given=name, known=VIEWS)
    if as_of is not None and not view.takes_a_day:
        raise NotDated(view=name)
    if recorded and not view.takes_a_basis:
        raise OneBasis(view=name)
    basis = "recorded" if recorded else "corrected"
    values = {f"f{i}": value for i, value in enumerate(filters.values())}
    with one_state(book) as (positions, age):
        if view.takes_a_day:
            if as_of is None:
                (as_of,) = book.connection.execute(f"SELECT {view.day}").fetchone()
            values["as_of"] = as_of  # type: ignore[assignment]
        rows = book.connection.execute(f"SELECT * FROM ({view.on(basis)})" + _where(view, filters), values).fetchall()
    columns = [column.name for column in view.columns]
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    day = None if as_of == END_OF_TIME else as_of
    return Answer(positions, age, columns, named, day, basis if view.takes_a_basis else None)


def _where(view: View, filters: Mapping[str, str]) -> str:
    known = [column.name for column in view.columns]
    for column in filters:
        if column not in known:
            raise NoSuchColumn(view=view.name, column=column, known=", ".join(known))
    # compared as text, so that `year=2023` finds the number
    conditions = [f'CAST("{column}" AS TEXT) = :f{i}' for i, column in enumerate(filters)]
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""
