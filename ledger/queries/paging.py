"""Pages of an answer: rows in a total order, and a cursor that continues behind the last one.

A cursor holds the sort keys of the last row and how many rows with the same keys have been returned, so rows that are
posted between two pages shift nothing. Rows are ordered by the keys that were asked for, then by place, then by all
other columns that are short.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ledger.queries.filters import Bind, raw_of
from ledger.queries.masking import hides
from ledger.views.columns import PLACE
from ledger.views.view import Column
from schemas.errors import UsageError

_LONGEST = 16_384
"""Characters of a cursor."""
_PLACE = tuple(column.name for column in PLACE)
_LONG = "hex"
"""The unit of values that may have megabytes."""


class BadCursor(UsageError):
    """The cursor {given!r} does not belong to this question and order. Follow the `next` link of an answer unchanged,
    or ask for the first page."""


class CursorPage(list[tuple[Any, ...]]):
    """The rows of a page; `next` is the cursor behind the last, None if there are no more."""

    next: str | None = None


class Key(NamedTuple):
    """One sort key: an SQL expression, and its direction."""

    sql: str
    descending: bool = False

    @property
    def order(self) -> str:
        """The key in ORDER BY. SQLite sorts null first."""
        return f"{self.sql} DESC" if self.descending else self.sql

    def after(self, value: object, bound: str) -> str:
        """Return the SQL that is true behind this value."""
        if value is None:
            return "0" if self.descending else f"{self.sql} IS NOT NULL"
        return f"({self.sql} < {bound} OR {self.sql} IS NULL)" if self.descending else f"{self.sql} > {bound}"


class Cursor(NamedTuple):
    """The keys of the last row, and the number of rows with these keys that were returned."""

    values: list[Any]
    seen: int


def total_order(columns: Sequence[Column], asked: Iterable[Key]) -> list[Key]:
    """Return the keys that were asked for and the ones that order equal rows."""
    keys = {key.sql: key for key in asked}
    by_place = sorted(columns, key=lambda column: column.name not in _PLACE)
    for column in by_place:
        if column.unit != _LONG and not hides(column):  # anybody can unpack a cursor
            for sql in raw_of(column):
                keys.setdefault(sql, Key(sql))
    return list(keys.values())


def by_place(keys: Sequence[Key]) -> str | None:
    """Return SQL that is always true and lets SQLite begin with the index of places, if rows are ordered by place; else
    None. Otherwise it may sort all rows for the first page."""
    places = [f'v."{name}"' for name in _PLACE]
    return f"({', '.join(places)}) >= (0, 0, 0)" if [key.order for key in keys[: len(places)]] == places else None


def behind(keys: Sequence[Key], cursor: Cursor, bind: Bind) -> str:
    """Return the SQL that is true for the rows with the keys of a cursor, and all behind them."""
    bound = [bind(value) for value in cursor.values]
    if None not in cursor.values and not any(key.descending for key in keys):
        # one comparison of rows, for which SQLite uses an index
        return f"({', '.join(key.sql for key in keys)}) >= ({', '.join(bound)})"
    condition = "1"
    for key, value, name in reversed(list(zip(keys, cursor.values, bound, strict=True))):
        condition = f"({key.after(value, name)} OR ({key.sql} IS {name} AND {condition}))"
    first, value = keys[0], cursor.values[0]
    if value is not None and not first.descending:  # for the index
        condition = f"{first.sql} >= {bound[0]} AND {condition}"
    return condition


def paged(
    rows: Sequence[Sequence[Any]], width: int, size: int, cursor: Cursor | None, keys: Sequence[Key]
) -> CursorPage:
    """Return the page of rows that were read with their keys, one more than fits if there are more."""
    page = CursorPage(tuple(row[:width]) for row in rows[:size])
    if len(rows) > size > 0:
        values = list(rows[size - 1][width:])
        same = sum(list(row[width:]) == values for row in rows[:size])
        if cursor is not None and cursor.values == values:
            same += cursor.seen
        page.next = cursor_text(Cursor(values, same), keys)
    return page


def cursor_text(cursor: Cursor, keys: Sequence[Key]) -> str:
    """Return a cursor as text."""
    content = json.dumps([_print_of(keys), cursor.seen, *map(_jsonable, cursor.values)], separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(content.encode())).decode().rstrip("=")


def cursor_of(text: str, keys: Sequence[Key]) -> Cursor:
    """Return the cursor of a text. Raise BadCursor."""
    try:
        packed = base64.urlsafe_b64decode(text[:_LONGEST] + "=" * (-len(text) % 4))
        unpacked = zlib.decompressobj().decompress(packed, 4 * _LONGEST)
        keys_print, seen, *values = json.loads(unpacked)
        cursor = Cursor([_value(value) for value in values], int(seen))
    except (ValueError, TypeError, binascii.Error, zlib.error, KeyError, RecursionError) as error:
        raise BadCursor(given=text[:40]) from error
    plain = all(value is None or isinstance(value, int | float | str | bytes) for value in cursor.values)
    whole = all(abs(value) < 2**63 for value in cursor.values if isinstance(value, int))
    if keys_print != _print_of(keys) or len(values) != len(keys) or not 0 <= cursor.seen < 2**63 or not plain & whole:
        raise BadCursor(given=text[:40])
    return cursor


def _print_of(keys: Sequence[Key]) -> str:
    return hashlib.sha256("\n".join(key.order for key in keys).encode()).hexdigest()[:16]


def _jsonable(value: object) -> object:
    return {"b": value.hex()} if isinstance(value, bytes) else value


def _value(value: Any) -> Any:
    return bytes.fromhex(value["b"]) if isinstance(value, dict) else value
