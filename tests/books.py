"""New books for tests: copies of one, because creating a book takes a tenth of a second.

With all views for SQL clients, a connection would parse them for 30 ms: most books have a few.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from ledger.audit.diff import Compared, first_differences
from ledger.book.book import Book, create_book
from ledger.book.share import WHOLE, Share
from ledger.views import VIEWS
from schemas.industry import SHIPPED, IndustryMap
from tests.events import LOG

FEW_VIEWS = [
    VIEWS[name]
    for name in (
        "conflicts",
        "industry_year",
        "journal",
        "lineage",
        "pledge_stock",
        "positions",
        "rejections",
        "statements",
        "totals",
        "unmatched",
    )
]


def new_book(
    path: Path, first: int = 0, *, views: bool = False, by: IndustryMap = SHIPPED, share: Share = WHOLE
) -> None:
    """Write a new book that begins at this offset in every partition of its share."""
    path.write_bytes(_bytes_of(first, views, by, share))


def opened(path: Path) -> Book:
    """Open a book for writing, without fsync: these tests cut no power."""
    book = Book(path, writable=True)
    book.connection.execute("PRAGMA synchronous = OFF")
    return book


def compared(book: Path, log: Path) -> Compared:
    """Compare two files of books."""
    with Book(book) as left:
        return first_differences(left, log)


@cache
def _bytes_of(first: int, views: bool, by: IndustryMap, share: Share) -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "book.db"
        firsts = dict.fromkeys(share.topic_partitions(LOG.partitions), first)
        create_book(path, LOG, firsts, by, share=share, views=VIEWS.values() if views else FEW_VIEWS)
        return path.read_bytes()
