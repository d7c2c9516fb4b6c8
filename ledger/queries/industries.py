"""The industries of a book."""

from __future__ import annotations

from typing import Unpack

from ledger.book.book import Book
from ledger.queries.answer import Answer
from ledger.queries.ask import Choice, Relation, ask, chosen_columns
from ledger.queries.snapshot import read_snapshot
from ledger.views.view import Column

INDUSTRY_LIST = (
    Column("industry", "code", "code of the industry; `ALL`: the whole", raw="code"),
    Column("name_en", "text", "English name"),
    Column("name_zh", "text", "Chinese name"),
)
_SQL = "SELECT number, code, name_en, name_zh FROM industry ORDER BY number"
_RELATION = Relation("The answer of industries", INDUSTRY_LIST, _SQL)


def industries(book: Book, **choice: Unpack[Choice]) -> Answer:
    """Return the industries of the book's map. Raise the errors of `ask`."""
    with read_snapshot(book) as state:
        rows = ask(book, _RELATION, {}, choice)
    return Answer(state, chosen_columns(_RELATION, choice), rows, {"industry_map": book.meta["industry_map"]})
