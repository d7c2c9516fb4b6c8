"""Every table of a book is compared by exactly one pass, and each pass has a name for its differences."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from ledger.audit.passes import PASSES, error_of, order_of
from ledger.book.book import Book
from ledger.book.connection import table_names


def test_every_table_belongs_to_one_pass(book: Book) -> None:
    """A new table needs a pass: without one, nobody would notice a change of it."""
    tables = Counter(table for one in PASSES for table in one.tables)
    assert {table for table, count in tables.items() if count > 1} == set()
    assert set(table_names(book.connection)) == tables.keys() - {"schema", "leaf", "erasure", "checkpoint"}
    assert len({one.error for one in PASSES}) == len(PASSES)


def test_the_log_comes_first_and_a_difference_has_a_name(book: Book) -> None:
    ordered = sorted(table_names(book.connection), key=order_of)
    assert ordered[:4] == ["tile", "record", "rejection", "position"]
    assert [error_of(table) for table in ("tile", "record", "total", "pledge", "leaf", "other")] == [
        "LeavesDiffer",
        "JournalDiffers",
        "TotalsDiffer",
        "EntitiesDiffer",
        "TreesDiffer",
        "UnknownTable",
    ]


def test_every_pass_is_described() -> None:
    page = Path("docs/auditors.md").read_text("utf-8")
    assert [one.error for one in PASSES if f"| `{one.error}` | {one.compares} |" not in page] == []
