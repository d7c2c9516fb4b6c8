"""Comparison of the totals of two books, for example with two industry maps, or at two positions.

Two correct books may differ here. `verify` instead checks row by row that one book follows from the log.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from ledger.book.book import Book, PartitionState
from ledger.book.connection import translated_errors
from ledger.book.errors import BookUnavailable, NotComparable, SchemaDiffers
from ledger.book.position import position_text
from ledger.posting.cells import LOW
from ledger.queries.snapshot import read_snapshot
from schemas.currencies import decimal_text

# Names come from the book itself, which may have another fold version.
_TOTALS = """SELECT k.name, i.code, year, c.code,
  sum(corrected_events), sum(corrected_with_amount), sum(corrected_high), sum(corrected_low)
FROM total JOIN constant AS k ON k.family = 'kind' AND k.number = kind
JOIN industry AS i ON i.number = industry LEFT JOIN currency AS c ON c.number = currency
GROUP BY kind, industry, year, currency"""

FLAT = (
    *("kind", "industry", "year", "currency"),
    *("a_events", "b_events", "difference_events", "a_amount", "b_amount", "difference_amount"),
)
"""The columns of a flat row; a is the first book, b the second."""

_Key = tuple[str, str, int, str | None]
"""(kind, industry, year, currency)"""


class Total(NamedTuple):
    """Events, events with an amount, and the sum of the amounts in minor units."""

    events: int = 0
    with_amount: int = 0
    minor: int = 0


_NOTHING = Total()


class Side(NamedTuple):
    """One of the two books in one snapshot: its position and versions, and its totals on the corrected basis."""

    book: Path
    positions: list[PartitionState]
    fold_version: int
    industry_map: str
    totals: dict[_Key, Total]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The totals that differ between two books, in order of kind, industry, year and currency."""

    books: list[dict[str, Any]]
    same_position: bool
    rows: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Return the output of `ip-ledger compare --json`."""
        return asdict(self)

    def flat_rows(self) -> list[dict[str, Any]]:
        """Return the rows with the columns `FLAT`, amounts as decimal texts."""
        return [_flat(row) for row in self.rows]


def compare_totals(one: Path, other: Path) -> Comparison:
    """Compare the totals of two books. Raise NotComparable, BookDamaged, AnswerTooLong."""
    sides = _side(one), _side(other)
    before, after = (side.totals for side in sides)
    keys = sorted({*before, *after}, key=lambda key: (*key[:3], key[3] or ""))
    pairs = [(key, before.get(key, _NOTHING), after.get(key, _NOTHING)) for key in keys]
    return Comparison(
        [
            {
                "book": str(side.book),
                "position": position_text(side.positions),
                "fold_version": side.fold_version,
                "industry_map": side.industry_map,
            }
            for side in sides
        ],
        _posted(sides[0]) == _posted(sides[1]),
        [_row(key, was, is_) for key, was, is_ in pairs if was != is_],
    )


def _side(path: Path) -> Side:
    try:
        opened = Book(path)
    except SchemaDiffers:
        raise
    except BookUnavailable as error:
        raise NotComparable(path=path, reason=error.facts["reason"]) from error
    with opened as book, translated_errors(path), read_snapshot(book):
        rows = book.connection.execute(_TOTALS).fetchall()
        totals = {row[:4]: Total(row[4], row[5], row[6] * LOW + row[7]) for row in rows}
        return Side(path, book.positions(), int(book.fold_version), book.meta.get("industry_map", "none"), totals)


def _posted(side: Side) -> set[tuple[Any, ...]]:
    """Return the posted range of each partition, and the hash of its last record to identify the log. Partitions
    without posted records are ignored, as fold versions differ in their topics."""
    return {
        (position.topic, position.partition, position.first, position.next, position.last_hash)
        for position in side.positions
        if position.next
    }


def _row(key: _Key, was: Total, is_: Total) -> dict[str, Any]:
    kind, industry, year, currency = key
    return {
        "kind": kind,
        "industry": industry,
        "year": year,
        "currency": currency,
        "events": [was.events, is_.events],
        "with_amount": [was.with_amount, is_.with_amount],
        "amount": [decimal_text(total.minor, currency) if currency else None for total in (was, is_)],
        "amount_minor": [total.minor if currency else None for total in (was, is_)],
        "difference_events": is_.events - was.events,
        "difference_minor": is_.minor - was.minor if currency else None,
    }


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    difference, currency = row["difference_minor"], row["currency"]
    pairs = {f"{book}_{name}": row[name][i] for name in ("events", "amount") for i, book in enumerate("ab")}
    flat = row | pairs | {"difference_amount": decimal_text(difference, currency) if currency else None}
    return {name: flat[name] for name in FLAT}
