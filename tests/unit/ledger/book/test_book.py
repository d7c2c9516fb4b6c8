"""The book: created once, opened by one version, written only by us, and described in its own tables."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite3
import pytest

from ledger.book import connection
from ledger.book.book import Book, create_book, exists
from ledger.book.connection import columns_of, open_for_writing, require_sound, rewrite, table_names, transaction
from ledger.book.errors import BookDamaged, BookUnavailable, NotABook, OldSQLite, OtherVersion
from ledger.book.sink import BookSink
from ledger.posting.constants import CONSTANTS, FOLD_VERSION
from ledger.views import VIEWS
from schemas.currencies import CURRENCIES
from schemas.industry import INDUSTRIES, SHIPPED
from streams.batch import Batch
from tests.books import new_book
from tests.events import LOG, PATENT, PLEDGE, TOPIC_PARTITIONS, partition, record, registered


def dump(book: Book) -> dict[str, list[Any]]:
    run = book.connection.execute
    return {table: run(f"SELECT * FROM {table}").fetchall() for table in table_names(book.connection)}


# ---- creating


def test_a_new_book_begins_at_the_given_offset_of_every_partition(path: Path) -> None:
    create_book(path, LOG, dict.fromkeys(TOPIC_PARTITIONS, 0) | {(PLEDGE, 2): 17})
    with Book(path) as book:
        positions = {(p.topic, p.partition): p for p in book.positions()}
    assert list(positions) == sorted(TOPIC_PARTITIONS)
    assert {topic_partition: p.next for topic_partition, p in positions.items() if p.next} == {(PLEDGE, 2): 17}
    assert all(p.first == p.next and p.balanced and p.last_offset is None for p in positions.values())


def test_a_book_is_created_once(path: Path, book: Book) -> None:
    before = dump(book)
    create_book(path, LOG, dict.fromkeys(TOPIC_PARTITIONS, 5))
    assert dump(book) == before


def test_two_books_differ_only_in_their_ids(tmp_path: Path) -> None:
    paths = [tmp_path / "a.db", tmp_path / "b.db"]
    dumps = []
    for path in paths:
        create_book(path, LOG, dict.fromkeys(TOPIC_PARTITIONS, 0))
        with Book(path) as book:
            dumps.append(dump(book) | {"meta": [row for row in dump(book)["meta"] if row[1] != book.id]})
            assert re.fullmatch("[0-9a-f]{32}(-[0-9a-f]+){2}", book.id)
    assert dumps[0] == dumps[1]


def test_a_copy_becomes_another_book_when_it_is_written_to(path: Path, book: Book) -> None:
    """In one consumer group each of the two would get only a part of the log."""
    copy, link = path.with_name("copy.db"), path.with_name("link.db")
    book.connection.execute("VACUUM INTO ?", (str(copy),))
    link.symlink_to(path)
    with Book(copy) as other:
        assert other.id == book.id
    ids = set()
    for _ in range(2):
        with Book(copy, writable=True) as other, Book(copy) as seen, Book(link, writable=True) as same:
            assert other.id == seen.id != book.id == same.id
            assert other.group == f"ip-ledger.{other.id}" != book.group == same.group
            assert dump(other)["position"] == dump(book)["position"]
            ids.add(other.id)
    assert len(ids) == 1


def test_a_book_with_two_names_is_not_written(path: Path, book: Book) -> None:
    book.close()
    other = path.with_name("other.db")
    other.hardlink_to(path)
    for name in (path, other):
        with pytest.raises(BookUnavailable, match="2 names"):
            Book(name, writable=True)
    other.unlink()
    Book(path, writable=True).close()


def test_a_book_knows_its_log_and_its_versions(book: Book) -> None:
    assert book.log == LOG
    assert book.meta["fold_version"] == str(FOLD_VERSION)
    assert book.meta["industry_map"] == SHIPPED.version


def test_a_book_explains_its_small_integers(book: Book) -> None:
    run = book.connection.execute
    constants = {(family, number): name for family, number, name in run("SELECT * FROM constant")}
    assert constants == {(family, n): name for family, names in CONSTANTS.items() for n, name in names.items()}
    assert run("SELECT code FROM industry ORDER BY number").fetchall() == [(code,) for code in INDUSTRIES]
    assert dict(run("SELECT code, decimals FROM currency")) == {c.code: c.decimals for c in CURRENCIES.values()}


def test_the_small_integers_never_change() -> None:
    """A change of any of these is a new fold version."""
    assert FOLD_VERSION == 7
    assert {family: names for family, names in CONSTANTS.items() if family != "type"} == {
        "topic": {
            1: "ip.pledge.v1",
            2: "ip.patent.v1",
            3: "ip.valuation.v1",
            4: "ip.deal.v1",
            5: "ip.loan.v1",
            6: "ip.trademark.v1",
            7: "ip.pct.v1",
            8: "ip.reference.v1",
        },
        "outcome": {1: "accepted", 2: "duplicate", 3: "conflict", 4: "rejected"},
        "rule": {
            1: "too_large",
            2: "empty",
            3: "not_utf8",
            4: "not_json",
            5: "bad_envelope",
            6: "unknown_type",
            7: "bad_data",
            8: "misrouted",
            9: "unreadable",
            20: "conflict",
        },
        "kind": {
            1: "grants",
            2: "pledges",
            3: "pledge_changes",
            4: "pledge_cancellations",
            5: "pledge_extensions",
            6: "pledge_defaults",
            7: "pledge_realisations",
            8: "filings",
            9: "publications",
            10: "cessations",
            11: "valuations",
            12: "licences",
            13: "assignments",
            14: "open_licences",
            15: "open_licence_acceptances",
            16: "loan_disbursements",
            17: "loan_repayments",
            18: "loan_compensations",
            19: "trademarks",
            20: "trademark_cessations",
            21: "pct_filings",
            22: "trademark_filings",
            23: "loan_subsidies",
        },
        "right": {
            1: "invention",
            2: "utility_model",
            3: "design",
            4: "plant",
            5: "trademark",
            6: "copyright",
            9: "mixed",
        },
        "basis": {1: "recorded", 2: "corrected"},
    }


def test_every_table_is_strict_and_has_its_natural_key(book: Book) -> None:
    for schema, name, kind, _, without_rowid, strict in book.connection.execute("PRAGMA table_list"):
        if schema == "main" and kind == "table" and not name.startswith("sqlite_"):
            assert strict, name
            _, keys = columns_of(book.connection, name)
            assert without_rowid or keys == ["number"], name


def test_every_view_is_in_the_book(path: Path) -> None:
    new_book(path, views=True)
    with Book(path) as book:
        found = {name for (name,) in book.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")}
    assert found == {*VIEWS, *(f"{view.name}_recorded" for view in VIEWS.values() if view.takes_a_basis)}


def test_the_tables_and_their_keys(book: Book) -> None:
    assert table_names(book.connection) == sorted(dump(book))
    columns, keys = columns_of(book.connection, "posting")
    assert columns[:3] == keys[:3] == ["topic", "partition", "block"]
    with pytest.raises(ValueError, match="is not a table of a book"):
        columns_of(book.connection, "total; DROP TABLE total")


# ---- opening


def test_a_book_of_another_version_is_read_but_not_written(path: Path, book: Book) -> None:
    book.connection.execute("UPDATE meta SET value = '0' WHERE name = 'fold_version'")
    with pytest.raises(
        OtherVersion, match=r"by version 0, this program folds by version 7.*ip-ledger replay --book NEW"
    ):
        Book(path, writable=True)
    with Book(path) as reader:
        assert reader.meta["fold_version"] == "0"


def test_a_reader_cannot_write(path: Path, book: Book) -> None:
    with Book(path) as reader, pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader.connection.execute("DELETE FROM meta")
    assert book.meta


def test_a_reader_cannot_write_to_an_attached_file(path: Path, book: Book) -> None:
    with Book(path) as reader:
        reader.connection.execute("ATTACH ? AS other", (str(path.with_name("other.db")),))
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            reader.connection.execute("CREATE TABLE other.loot (name TEXT)")


@pytest.mark.parametrize("writable", [False, True])
def test_another_file_is_unavailable(path: Path, writable: bool) -> None:
    path.write_bytes(b"no book at all, but long enough for a header of SQLite" * 20)
    with pytest.raises(NotABook, match="not a book of this ledger: file is not a database"):
        Book(path, writable=writable)


def test_a_missing_book_is_unavailable_and_not_created(path: Path) -> None:
    with pytest.raises(BookUnavailable, match="there is no such file"):
        Book(path)
    assert not path.exists()


def test_a_file_is_a_book_once_it_is_complete(path: Path) -> None:
    assert not exists(path)
    path.touch()
    assert not exists(path)
    open_for_writing(path).conn.close()  # a crash just after the file was opened for the first time
    assert not exists(path)
    create_book(path, LOG, dict.fromkeys(TOPIC_PARTITIONS, 0))
    assert exists(path)


def test_a_foreign_file_is_not_overwritten_by_a_new_book(path: Path) -> None:
    with closing(sqlite3.connect(str(path))) as others:
        others.execute("CREATE TABLE addresses (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(NotABook, match="it lacks the tables of a book"):
        exists(path)
    assert path.read_bytes() == before


def test_a_table_of_the_same_name_does_not_make_a_book(path: Path) -> None:
    with closing(sqlite3.connect(str(path))) as others:
        others.execute("CREATE TABLE meta (name TEXT, value TEXT)")
    for look in (exists, Book):
        with pytest.raises(NotABook, match="it lacks the tables of a book"):
            look(path)


def test_a_directory_is_not_a_book(tmp_path: Path) -> None:
    for look in (exists, Book, open_for_writing):
        with pytest.raises(BookUnavailable, match="cannot be opened: it is a directory"):
            look(tmp_path)


def test_an_old_sqlite_does_not_write(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "OLDEST_SQLITE", (99, 0, 0))
    with pytest.raises(OldSQLite, match=r"SQLite 3\.\d+\.\d+ can corrupt a WAL; writing needs 99\.0\.0"):
        create_book(path, LOG, {})
    assert not path.exists()


# ---- writing


def test_a_commit_survives_a_power_failure(book: Book) -> None:
    assert book.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert book.connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


def test_a_rewritten_file_is_the_same_book(path: Path) -> None:
    rewrite(path)
    assert not path.exists()
    path.write_bytes(content := bytes(range(256)) * 10_000)
    rewrite(path)
    assert path.read_bytes() == content


def test_a_transaction_is_atomic(path: Path, book: Book) -> None:
    def fail_half_way() -> None:
        with transaction(book.connection):
            book.connection.execute("DELETE FROM meta")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert dump(book)["meta"]
    with transaction(book.connection):
        book.connection.execute("DELETE FROM meta WHERE name = 'book_id'")
        with Book(path) as reader:
            assert "book_id" in reader.meta
    with Book(path) as reader:
        assert "book_id" not in reader.meta


def test_a_position_that_does_not_balance_cannot_be_written(book: Book) -> None:
    for change in ("next = 1", "accepted = 1", "next = 1, accepted = 2, gap = -1", "last_offset = 0"):
        with pytest.raises(sqlite3.IntegrityError, match="CHECK constraint failed"):
            book.connection.execute(f"UPDATE position SET {change}")


def test_an_index_that_differs_from_its_table_is_damage(path: Path, book: Book) -> None:
    """Earlier events of a subject are looked up in this index: duplicates of P1 would go unnoticed."""
    BookSink(book).post(Batch(PLEDGE, partition("P1"), 0, 1, [record(0, registered())]))
    require_sound(path)
    book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sql = "SELECT (rootpage - 1) * 4096 FROM sqlite_schema WHERE name = 'record_by_subject'"
    (start,) = book.connection.execute(sql).fetchone()
    content = bytearray(path.read_bytes())
    content[content.index(b"P1", start) + 1] ^= 1
    path.write_bytes(content)
    with pytest.raises(BookDamaged, match=r"missing from index record_by_subject.*ip-ledger replay --book NEW"):
        require_sound(path)


def test_a_header_of_a_later_sqlite_is_damage(path: Path, book: Book) -> None:
    book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    book.close()
    content = bytearray(path.read_bytes())
    content[47] = 9  # the schema format, which is 4 at most: https://www.sqlite.org/fileformat.html, section 1.3.9
    path.write_bytes(content)
    with pytest.raises(BookDamaged, match="unsupported file format"):
        Book(path)


def test_every_offset_of_every_partition_is_in_the_positions(book: Book) -> None:
    assert [(p.topic, p.partition) for p in book.positions()] == sorted(TOPIC_PARTITIONS)
    assert BookSink(book).next_offset(PATENT, 3) == 0


def test_a_book_of_another_version_is_not_opened_for_writing(book: Book, tmp_path: Path) -> None:
    """A writer would move the WAL that a crash left into the file."""
    book.connection.execute("UPDATE meta SET value = '0' WHERE name = 'fold_version'")
    files = [tmp_path / "left.db", tmp_path / "left.db-wal"]
    for file, suffix in zip(files, ("", "-wal"), strict=True):
        shutil.copy(f"{book.path}{suffix}", file)
    before = [file.read_bytes() for file in files]
    assert before[1], "something is left"
    with pytest.raises(OtherVersion):
        Book(files[0], writable=True)
    assert [file.read_bytes() for file in files] == before
