"""Several books of shares as one: merged, or asked together, they answer like the book of the whole log."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pysqlite3
import pytest

from ledger.book.book import Book
from ledger.book.connection import columns_of, table_names
from ledger.book.errors import BookExists, OtherVersion
from ledger.book.known import as_known
from ledger.book.merge import merge
from ledger.book.share import Share
from ledger.book.sink import BookSink
from ledger.book.union import BooksDiffer, SharesOverlap, TooManyBooks, UnionBook
from ledger.posting.cells import LOW
from ledger.queries.moved import moved_by
from ledger.queries.totals import totals
from ledger.queries.view import view
from ledger.views import VIEWS
from schemas.topics import TopicPartition
from streams.batch import Batch, Record
from streams.synthetic.market import generate_all
from tests.acceptance.load import noisy_records
from tests.books import compared, new_book, opened
from tests.each_case import each_case
from tests.events import LOG, TOPIC_PARTITIONS

pytestmark = pytest.mark.slow

SHARES = ("1/3", "2/3", "3/3")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Return books of one log by share: the whole, and three shares."""
    directory = tmp_path_factory.mktemp("union")
    records: dict[TopicPartition, list[Record]] = {stored: [] for stored in TOPIC_PARTITIONS}
    for topic, partition, key, value in noisy_records(700, 3, generate_all):
        stored = records[topic, partition]
        stored.append(Record(len(stored), 1_700_000_000_000 + len(stored), key, value))
    made = {}
    for share in ("all", *SHARES):
        held = Share.parse(share)
        path = made[share] = directory / f"{share.replace('/', 'of')}.db"
        new_book(path, share=held)
        with opened(path) as book:
            sink = BookSink(book)
            for topic, partition in held.topic_partitions(LOG.partitions):
                some = records[topic, partition]
                sink.post(Batch(topic, partition, 0, len(some), some))
    return made


@pytest.fixture(scope="module")
def shares(books: Mapping[str, Path]) -> list[Path]:
    return [books[share] for share in SHARES]


@pytest.fixture(scope="module")
def union(shares: list[Path]) -> Iterator[Book]:
    with UnionBook(shares) as book:
        yield book


@pytest.fixture(scope="module")
def whole(books: Mapping[str, Path]) -> Iterator[Book]:
    with Book(books["all"]) as book:
        yield book


def test_merged_shares_are_the_book_of_the_whole_log(
    books: Mapping[str, Path], shares: list[Path], tmp_path: Path
) -> None:
    merge(shares, tmp_path / "merged.db")
    assert [file.name for file in tmp_path.iterdir()] == ["merged.db"]
    merged, whole = (compared(path, path) for path in (tmp_path / "merged.db", books["all"]))
    assert merged.parts == whole.parts
    assert merged.digest == whole.digest
    assert compared(tmp_path / "merged.db", books["all"]).differences == []


def test_shares_are_merged_in_any_order_and_in_steps(
    books: Mapping[str, Path], shares: list[Path], tmp_path: Path
) -> None:
    merge([shares[2], shares[0]], tmp_path / "two.db")
    with Book(tmp_path / "two.db") as two:
        assert set(two.share.topic_partitions(LOG.partitions)) == set(two.next_offsets())
        assert len(two.next_offsets()) < len(TOPIC_PARTITIONS)
    merge([tmp_path / "two.db", shares[1]], tmp_path / "three.db")
    assert compared(tmp_path / "three.db", books["all"]).differences == []


def test_an_existing_file_is_never_merged_into(shares: list[Path], tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(BookExists):
        merge(shares, tmp_path / "mine")
    assert (tmp_path / "mine").read_text() == "mine"


def test_the_union_has_the_rows_of_the_whole_book(union: Book, whole: Book) -> None:
    for table in table_names(whole.connection):
        if table != "meta":
            every = ", ".join(map(str, range(1, len(columns_of(whole.connection, table)[0]) + 1)))
            rows = f"SELECT * FROM {table} ORDER BY {every}"
            assert union.connection.execute(rows).fetchall() == whole.connection.execute(rows).fetchall(), table
    assert union.positions() == whole.positions()
    assert union.share == whole.share
    assert {k: v for k, v in union.meta.items() if k != "book_id"} == {
        k: v for k, v in whole.meta.items() if k != "book_id"
    }


@each_case("name", list(VIEWS))
def test_every_view_answers_the_same(union: Book, whole: Book, name: str) -> None:
    ours, theirs = view(union, name), view(whole, name)
    assert sorted(ours.shown, key=repr) == sorted(theirs.shown, key=repr)
    assert ours.position == theirs.position
    assert ours.terms == theirs.terms


def test_totals_are_one_figure_of_one_position(union: Book, whole: Book) -> None:
    for kind in ("grants", "pledges"):
        ours, theirs = (totals(book, kind, ("industry", "year")) for book in (union, whole))
        assert ours.shown == theirs.shown
        assert ours.as_of_offsets == theirs.as_of_offsets


def test_the_union_is_asked_what_was_known_then(union: Book, whole: Book) -> None:
    at = ",".join(f"{position.topic}:{position.partition}={position.next // 2}" for position in whole.positions())
    ours, theirs = (as_known(book, at) for book in (union, whole))
    assert totals(ours, by=("industry", "year")).shown == totals(theirs, by=("industry", "year")).shown != []
    assert sorted(view(ours, "lineage").shown, key=repr) == sorted(view(theirs, "lineage").shown, key=repr)
    moved, also = (moved_by(book, at, filters=["kind=pledges"]) for book in (union, whole))
    assert sorted(moved.shown, key=repr) == sorted(also.shown, key=repr) != []


@pytest.mark.parametrize("sql", ["DELETE FROM book0.record", "DELETE FROM record", "UPDATE book1.meta SET value = ''"])
def test_the_union_is_read_only(union: Book, sql: str) -> None:
    with pytest.raises(pysqlite3.Error, match="readonly|because it is a view"):  # noqa: RUF043
        union.connection.execute(sql)


def test_large_amounts_are_carried_over(books: Mapping[str, Path], tmp_path: Path) -> None:
    paths = []
    for number in (1, 2):
        path = tmp_path / f"{number}.db"
        held = Share.parse(f"{number}/2")
        new_book(path, share=held)
        with closing(sqlite3.connect(path)) as connection, connection:
            low = LOW - 1
            connection.execute("INSERT INTO total VALUES (1, 2023, '', 1, 1, 1, 1, 1, 5, ?, 1, 1, 5, ?)", (low, low))
            row = (2, 2023, "", 1, 1, 1, *[3 - 2 * number, 0, 0, 0] * 2)  # 1 and -1: together a row of zeros
            connection.execute(f"INSERT INTO total VALUES ({', '.join('?' * 14)})", row)
        paths.append(path)
    merge(paths, tmp_path / "merged.db")
    with UnionBook(paths) as union, Book(tmp_path / "merged.db") as merged:
        rows = [book.connection.execute("SELECT * FROM total ORDER BY kind").fetchall() for book in (union, merged)]
    assert rows[0] == rows[1]
    assert [row[6:10] for row in rows[0]] == [(2, 2, 11, LOW - 2)]


# ---- what does not belong together


def changed(path: Path, copy: Path, name: str, value: str) -> Path:
    """Return a copy of a book with another value in `meta`."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy)) as connection, connection:
        assert connection.execute("UPDATE meta SET value = ? WHERE name = ?", (value, name)).rowcount == 1
    return copy


@pytest.mark.parametrize("join", [UnionBook, lambda paths: merge(paths, paths[0].with_name("never.db"))])
@pytest.mark.parametrize(
    ("name", "value", "what"),
    [
        ("industry_map", "9.9.9", "the industry map is .* in the first and 9.9.9 in the second"),
        ("cluster_id", "another", "the cluster is .* in the first and another in the second"),
        ("topic_id:ip.pledge.v1", "another", "the log"),
        ("unpacked_bytes", "5000000", "may unpack to is 67108864 in the first and 5000000 in the second"),
    ],
)
def test_books_of_another_log_or_map_are_refused(
    shares: list[Path], tmp_path: Path, name: str, value: str, what: str, join: type[UnionBook]
) -> None:
    with pytest.raises(BooksDiffer, match=what):
        join([shares[0], changed(shares[1], tmp_path / "other.db", name, value)])


def test_books_of_another_fold_version_are_refused(shares: list[Path], tmp_path: Path) -> None:
    with pytest.raises(OtherVersion):
        UnionBook([shares[0], changed(shares[1], tmp_path / "other.db", "fold_version", "4")])


def test_overlapping_shares_are_refused(books: Mapping[str, Path], shares: list[Path]) -> None:
    with pytest.raises(SharesOverlap, match=r"1of3\.db and .*all\.db both hold ip\.\w+\.v1:\d"):
        UnionBook([shares[0], books["all"]])
    with pytest.raises(SharesOverlap):
        UnionBook([shares[0], shares[0]])


def test_more_books_than_can_be_read_together_are_refused(shares: list[Path]) -> None:
    with pytest.raises(TooManyBooks, match="at most 10 books, not 11"):
        UnionBook(shares[:1] * 11)
