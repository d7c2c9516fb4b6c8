"""The pool of a pledge in a book, for imports that hold releases against it."""

from __future__ import annotations

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from streams.sources.reading import PooledAsset

_SQL = """SELECT a.id, a.since, a.until
FROM record AS e JOIN pledge_asset AS a ON a.partition = e.partition AND a.entity = e."offset" AND a.basis & 2
WHERE e.outcome = 1 AND e.topic = 1 AND e.subject = ? ORDER BY a.ordinal"""


def pool_in_book(book: Book, subject: str) -> list[PooledAsset]:
    """Return the assets of a pledge, corrected, with the days on which each is in the pool."""
    with translated_errors(book.path):
        rows = book.connection.execute(_SQL, (subject,)).fetchall()
    return [PooledAsset(id_, *map(_iso, days)) for id_, *days in rows]


def _iso(day: int) -> str:
    return f"{day // 10000:04}-{day // 100 % 100:02}-{day % 100:02}"
