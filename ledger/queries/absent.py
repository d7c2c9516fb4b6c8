"""Filter values that no row has, with suggestions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ledger.nearest import nearest
from ledger.queries.answer import Answer
from ledger.queries.ask import parse_filters
from ledger.queries.filters import Filter
from ledger.queries.kinds import kind_of
from ledger.views.view import Column

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


def _is_coded(column: Column) -> bool:
    return kind_of(column) == "text" and (column.unit != "text" or column.form not in ("", "id"))


def _sentence(column: str, value: str, known: tuple[str, ...]) -> str:
    if value.isdecimal() and len(known) > 1:
        return f"no row has {column} {value}: it has {known[0]} to {known[-1]}"
    if meant := nearest(value, known):
        return f"no row has {column} {value!r}: did you mean {meant}?"
    there = f": it has {', '.join(known)}" if 0 < len(known) <= MOST_SHOWN else ""
    return f"no row has {column} {value!r}{there}"
