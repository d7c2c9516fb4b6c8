"""Explain an empty answer: filter values that no row has, with suggestions; filters that exclude each other; days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

from ledger.book.book import Book
from ledger.nearest import nearest
from ledger.queries.answer import Answer
from ledger.queries.ask import parse_filters
from ledger.queries.filters import Filter
from ledger.queries.kinds import kind_of
from ledger.queries.view import day_text
from ledger.views.view import NEWEST_DAY, Column, view_sql

MOST_SHOWN = 8
"""The longest list of known values in a message."""


def absent_values(
    answer: Answer, filters: Iterable[str | Filter], values_of: Callable[[str], Iterable[object]]
) -> Iterator[str]:
    """Yield a message for each code in a filter `=` that no row of the query has, regardless of other filters.

    `values_of` returns the values of a column without filters. It is called only if the answer lacks a value, and never
    for ids, subjects and other free text: a view of all of them takes seconds.
    """
    columns = {column.name: column for column in answer.columns}
    for asked in parse_filters(filters):
        column = columns.get(asked.column)
        if asked.operator != "=" or (column is not None and not _is_coded(column)):
            continue
        found = set() if column is None else {str(row[answer.names.index(column.name)]) for row in answer.shown}
        missing = [value for value in asked.values if value and value not in found]
        if not missing or (column is None and answer.shown):
            continue
        known = tuple(sorted({str(value) for value in values_of(asked.column) if value is not None}))
        yield from (_sentence(asked.column, value, known) for value in missing if value not in known)


def why_empty(book: Book, answer: Answer, filters: Iterable[str | Filter]) -> str:
    """Return a sentence on why an answer without rows has none, where each value of its filters exists."""
    asked = parse_filters(filters)
    for one, other in combinations((each for each in asked if each.operator == "="), 2):
        if one.column == other.column and set(one.values).isdisjoint(other.values):
            return f"no row can have {_text(one)} and {_text(other)}"
    first, last = _days(book)
    if first is None or last is None:
        return "the book has no event yet that counts"
    dated = f"the events of the book are dated {first} to {last}"
    if answer.as_of and answer.as_of.isoformat() < first:
        return f"no event is dated up to {answer.as_of}: {dated}"
    if "kind" in answer.terms and answer.as_of and answer.as_of.year > int(last[:4]):
        return f"no event is dated in {answer.as_of.year}: {dated}"
    if asked:
        return f"no row has {' and '.join(map(_text, asked))}; {dated}"
    return f"the book has no event that counts here; {dated}"


def _text(asked: Filter) -> str:
    return f"{asked.column}{asked.operator}{','.join(asked.values)}"


def _days(book: Book) -> tuple[str | None, str | None]:
    """Return the first and the newest business date of the book; None if no event counts."""
    sql = f"""SELECT min((
      SELECT min(date) FROM posting AS p
      WHERE p.topic = b.topic AND p.partition = b.partition AND p.block = b.block AND p.kind = b.kind
    )), {NEWEST_DAY} FROM ({view_sql("posted_block")}) AS b"""
    first, last = book.connection.execute(sql).fetchone()
    return day_text(first), day_text(last)


def _is_coded(column: Column) -> bool:
    if column.unit == "year":
        return True
    return kind_of(column) == "text" and (column.unit != "text" or column.form not in ("", "id"))


def _sentence(column: str, value: str, known: tuple[str, ...]) -> str:
    if value.isdecimal() and len(known) > 1:
        return f"no row has {column} {value}: it has {known[0]} to {known[-1]}"
    if meant := nearest(value, known):
        return f"no row has {column} {value!r}: did you mean {meant}?"
    there = f": it has {', '.join(known)}" if 0 < len(known) <= MOST_SHOWN else ""
    return f"no row has {column} {value!r}{there}"
