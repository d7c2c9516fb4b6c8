"""The files of an open book are still those at their paths."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from ledger import worker
from ledger.book.book import Book
from ledger.book.errors import BookReplaced
from ledger.book.wal import wal_bytes
from ledger.log_watch import LogWatch
from ledger.worker import WatchedSink
from streams.batch import Batch, PostResult
from streams.cluster import Cluster
from streams.log_identity import Identities
from tests.books import new_book
from tests.events import PLEDGE, partition, record, registered

HOME = partition("P1")
BATCH = Batch(PLEDGE, HOME, 0, 1, [record(0, registered(), b"P1")])


@pytest.fixture
def sink(book: Book, monkeypatch: pytest.MonkeyPatch) -> WatchedSink:
    """Return a worker's sink whose topics never change."""
    monkeypatch.setattr(worker, "same_topics", lambda book, *found: None)
    monkeypatch.setattr("streams.log_identity.Identities.topics", lambda self: ())
    monkeypatch.setattr(LogWatch, "look", lambda self, next_offsets: None)
    return WatchedSink(Cluster("none"), book, Identities(Cluster("none")), LogWatch(Cluster("none")))


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_a_file_that_disappears_before_the_commit_rolls_the_transaction_back(
    sink: WatchedSink, path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_same, looks = sink._book.files.require_same, count(1)

    def look() -> None:
        if next(looks) == 2:  # the first is before the transaction, the second before the commit
            Path(f"{path}{suffix}").unlink()
        require_same()

    monkeypatch.setattr(sink._book.files, "require_same", look)
    with pytest.raises(BookReplaced, match=f"book.db{suffix} is gone"):
        sink.post_all([BATCH])
    assert sink.next_offset(PLEDGE, HOME) == 0
    with pytest.raises(BookReplaced):
        sink.post_all([BATCH])
    assert sink.next_offset(PLEDGE, HOME) == 0
    with pytest.raises(BookReplaced):
        sink.idle()


def test_a_replaced_file_is_noticed(sink: WatchedSink, path: Path, tmp_path: Path) -> None:
    assert sink.post_all([BATCH]) == [PostResult.POSTED]
    new_book(tmp_path / "other.db")
    (tmp_path / "other.db").replace(path)
    with pytest.raises(BookReplaced, match=r"book\.db is another file now"):
        sink.idle()


def test_a_link_that_now_leads_elsewhere_is_noticed(tmp_path: Path) -> None:
    """The WAL is next to the book, not to the link."""
    for directory in ("one", "two"):
        (tmp_path / directory).mkdir()
        new_book(tmp_path / directory / "book.db")
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "one" / "book.db")
    with Book(link, writable=True) as book:
        book.connection.execute("UPDATE position SET last_hash = x'00'")
        assert wal_bytes(link) > 0
        book.files.require_same()
        link.unlink()
        link.symlink_to(tmp_path / "two" / "book.db")
        with pytest.raises(BookReplaced, match=r"link\.db is another file now"):
            book.files.require_same()
