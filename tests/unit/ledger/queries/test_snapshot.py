"""Asking the book: a question has a deadline where it would hold a worker's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.backup import backup
from ledger.book.book import Book
from ledger.book.wal import readers
from ledger.queries import snapshot
from ledger.queries.snapshot import AnswerTooLong
from ledger.queries.view import view


def test_a_question_that_holds_a_book_for_too_long_is_ended_and_a_copy_answers_it(
    book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "ANSWER_SECONDS", -1.0)
    monkeypatch.setattr(snapshot, "_STEPS_PER_CHECK", 1)
    with Book(book.path) as reader:
        with pytest.raises(AnswerTooLong, match=r"ip-ledger backup COPY"):
            view(reader, "journal")
        assert not reader.connection.in_transaction
        assert reader.positions(), "the book can be asked again"
    assert readers(book.path) == []
    backup(book.path, tmp_path / "copy.db")
    with Book(tmp_path / "copy.db") as copy:
        view(copy, "journal")


def test_the_age_is_found_by_an_index(book: Book) -> None:
    plan = [row[-1] for row in book.connection.execute(f"EXPLAIN QUERY PLAN {snapshot.NEWEST_TIMESTAMP}")]
    assert "SEARCH record USING PRIMARY KEY (topic=? AND partition=? AND offset=?)" in plan
