"""Two books of one log are the same, whatever words their program has for people."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.book.book import Book, create_book
from ledger.book.sink import BookSink
from ledger.queries.rejections import summaries
from schemas.wording import TEMPLATES
from streams.batch import Batch, Record
from tests.books import compared
from tests.events import LOG, PATENT, TOPIC_PARTITIONS, granted, partition, value_of


def test_other_words_change_no_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = [b"{", None, value_of(granted(kind="?")), value_of(granted()), value_of(granted(title="other"))]
    subject = granted()["subject"].encode()
    batch = Batch(PATENT, partition(subject.decode()), 0, 5, [Record(n, n, subject, v) for n, v in enumerate(values)])

    def posted(name: str) -> tuple[Path, list[str]]:
        create_book(tmp_path / name, LOG, dict.fromkeys(TOPIC_PARTITIONS, 0))
        with Book(tmp_path / name, writable=True) as book:
            BookSink(book).post(batch)
            return book.path, [row["message"] for row in summaries(book)]

    before, words = posted("before.db")
    for reason, template in TEMPLATES.items():
        monkeypatch.setitem(TEMPLATES, reason, f"in other words: {template}")
    after, others = posted("after.db")
    assert others == [f"in other words: {sentence}" for sentence in words]
    assert len(words) == 4
    _, digest, differences, _ = compared(before, after)
    assert (digest, differences) == (compared(after, after)[1], [])
