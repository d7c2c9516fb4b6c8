"""The place of a record in the log: three columns, or one text, `topic:partition=offset`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

PLACE_COLUMNS = ("topic", "partition", "offset")
"""The columns of a place."""


def place_of(row: Mapping[str, Any]) -> str:
    """Return the place of a row, as `ip-ledger show` takes it."""
    return f"{row['topic']}:{row['partition']}={row['offset']}"


def spell_out(asked: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return column names with `place` (or `-place`) replaced by its columns, unless the rows have a column `place`
    themselves."""
    names = set(known)
    if "place" in names or not names.issuperset(PLACE_COLUMNS):
        return tuple(asked)
    spelled: list[str] = []
    for name in asked:
        if name.removeprefix("-") == "place":
            spelled += [name.replace("place", part) for part in PLACE_COLUMNS]
        else:
            spelled.append(name)
    return tuple(spelled)


def with_places(
    rows: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> tuple[Sequence[Mapping[str, Any]], list[str]]:
    """Return rows and column names with the column `place` instead of its columns, if these stand side by side."""
    at = names.index(PLACE_COLUMNS[0]) if PLACE_COLUMNS[0] in names else 0
    if tuple(names[at : at + len(PLACE_COLUMNS)]) != PLACE_COLUMNS:
        return rows, list(names)
    return [{"place": place_of(row), **row} for row in rows], [*names[:at], "place", *names[at + len(PLACE_COLUMNS) :]]
