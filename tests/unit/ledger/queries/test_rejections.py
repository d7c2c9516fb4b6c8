"""Listing, counting and exporting rejected records."""

from __future__ import annotations

import json
import os
import re

import pytest

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.book.wal import readers
from ledger.commands.formats.json import print_json
from ledger.commands.formats.table import print_table
from ledger.commands.output import print_line
from ledger.nearest import UnknownName
from ledger.queries.rejections import SUMMARY_COLUMNS, counts, kept, kept_at, newest, summaries
from schemas.wording import Reason
from streams.batch import Batch, Record
from tests.events import PATENT, PLEDGE, money, partition, registered, value_of
from tests.processes import on_a_terminal

HOME = partition("P1")
VALUES = [value_of(registered()), b"\xff", value_of(registered(secured=money("7"))), None, b"{", b"}"]
TIMES = [50, 40, 30, 20, 10, 10]
"""The broker's timestamps need not grow with the offset."""


@pytest.fixture
def posted(book: Book) -> Book:
    records = [Record(i, TIMES[i], b"P1", value) for i, value in enumerate(VALUES)]
    sink = BookSink(book)
    sink.post(Batch(PLEDGE, HOME, 0, len(records), records))
    sink.post(Batch(PATENT, HOME, 0, 1, [Record(0, 45, None, b"\xfe")]))
    return book


def test_rejections_are_counted_by_rule_most_frequent_first(posted: Book) -> None:
    assert list(counts(posted).items()) == [("not_utf8", 2), ("not_json", 2), ("empty", 1), ("conflict", 1)]
    assert counts(posted, "not_json") == {"not_json": 2}
    assert counts(posted, "misrouted") == {}


def test_rejections_are_listed_in_the_order_of_the_log(posted: Book) -> None:
    rows = list(summaries(posted))
    assert [(row["topic"], row["offset"]) for row in rows] == [(PLEDGE, i) for i in range(1, 6)] + [(PATENT, 0)]
    assert all(tuple(row) == SUMMARY_COLUMNS for row in rows)
    assert [row["offset"] for row in summaries(posted, "conflict")] == [2]


def test_newest_rejections_come_first(posted: Book) -> None:
    assert [(row["topic"], row["offset"]) for row in newest(posted, 3)] == [(PATENT, 0), (PLEDGE, 1), (PLEDGE, 2)]
    assert [row["offset"] for row in newest(posted, 100)][-2:] == [5, 4]
    assert [row["offset"] for row in newest(posted, 1, "not_json")] == [5]
    assert list(newest(posted, 0)) == []
    assert len(list(newest(posted, 2**63 - 1))) == 6


@pytest.fixture
def unreadable(posted: Book) -> Book:
    """Return the book with an unreadable batch of millions of offsets, followed by a record."""
    batch = Record(6, 60, None, b"bytes", (), 100, Reason("batch_form", {"offsets": MANY}), MANY)
    BookSink(posted).post(Batch(PLEDGE, HOME, 6, 7 + MANY, [batch, Record(6 + MANY, 70, b"P1", b"{")]))
    return posted


MANY = 3_000_000


def test_an_unreadable_batch_is_one_row_with_its_number_of_offsets(unreadable: Book) -> None:
    assert [(row["offset"], row["offsets"]) for row in summaries(unreadable, "unreadable")] == [(6, MANY)]
    assert [(row["offset"], row["offsets"]) for row in newest(unreadable, 2)] == [(6 + MANY, 1), (6, MANY)]
    assert {row["offsets"] for row in summaries(unreadable) if row["rule"] != "unreadable"} == {1}
    assert len(list(summaries(unreadable))) == 8
    assert counts(unreadable)["unreadable"] == MANY


def listed(book: Book, *words: str, columns: int = 80) -> str:
    environment = {**os.environ, "LEDGER_BOOK": str(book.path)}
    done = on_a_terminal("rejections", "list", *words, environment=environment, where=book.path.parent, columns=columns)
    assert done.code == 0, done.out
    return re.sub("\x1b\\[[0-9;]*m", "", done.out)


@pytest.mark.slow
def test_the_table_fits_on_a_terminal(unreadable: Book) -> None:
    lines = listed(unreadable, "--rule", "unreadable").splitlines()
    assert lines[1].split() == ["place", "offsets", "rule", "path", "message", "id"]
    assert f"{PLEDGE}:{HOME}=6  {MANY:,} " in lines[3]
    assert "more: --newest" not in lines[-2]
    assert f"{MANY:,} in all: {MANY} unreadable" in lines[-2]
    assert f"{MANY + 6:,} more: --newest" in listed(unreadable, "--newest", "1")
    lines = listed(unreadable).splitlines()
    assert lines[1].split() == ["place", "offsets", "rule", "path", "message", "id"], "not one column is left out"
    assert all(len(line) <= 80 for line in lines[:-2])


@pytest.mark.parametrize("most", [[], ["--newest", str(2**63 - 1)]])
def test_csv_and_json_have_the_same_rows(unreadable: Book, most: list[str]) -> None:
    rows = json.loads(listed(unreadable, "--json", *most))["rows"]
    assert len(rows) == 8
    header, *lines = listed(unreadable, "--csv", *most).splitlines()[:9]
    assert header == ",".join(SUMMARY_COLUMNS)
    assert [line.split(",")[:4] for line in lines] == [
        [str(row[name]) for name in ("topic", "partition", "offset", "offsets")] for row in rows
    ]


def test_the_bytes_of_rejections_are_kept(posted: Book) -> None:
    assert [row["value"] for row in kept(posted)] == [*VALUES[1:], b"\xfe"]
    assert [row["value"] for row in kept(posted, "not_utf8")] == [b"\xff", b"\xfe"]
    one = kept_at(posted, PLEDGE, HOME, 3)
    assert one is not None
    assert (one["key"], one["value"], one["rule"]) == (b"P1", None, "empty")
    assert kept_at(posted, PLEDGE, HOME, 0) is None


def test_a_listing_holds_one_page_in_memory_and_no_lock(posted: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.queries.rejections.SUMMARY_PAGE_ROWS", 2)
    with Book(posted.path) as reader:
        rows = summaries(reader, positions=reader.positions())
        first = next(rows)
        assert readers(posted.path) == []
        BookSink(posted).post(Batch(PLEDGE, HOME, 6, 7, [Record(6, 10, b"P1", b"later")]))
        assert [first["offset"], *(row["offset"] for row in rows)] == [1, 2, 3, 4, 5, 0]


@pytest.mark.parametrize("page", [1, 2, 6, 7])
def test_a_slow_reader_holds_no_lock_and_gets_the_rows_of_its_start(
    posted: Book, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr("ledger.queries.rejections._PAGE_ROWS", page)
    with Book(posted.path) as reader:
        exported = kept(reader)
        first = next(exported)
        assert readers(posted.path) == []
        more = [Record(6, 10, b"P1", b"later")]
        BookSink(posted).post(Batch(PLEDGE, HOME, 6, 7, more))
        assert [first["value"], *(row["value"] for row in exported)] == [*VALUES[1:], b"\xfe"]


def test_a_rule_that_does_not_exist_is_named(posted: Book) -> None:
    with pytest.raises(UnknownName, match=r"bad_date.*bad_data"):
        counts(posted, "bad_date")


def test_a_table_shows_printable_text_unchanged(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([{"subject": "[/red] [bold]P1[/bold] :smile:"}])
    assert "[/red] [bold]P1[/bold] :smile:" in capsys.readouterr().out


def test_json_is_exact_and_does_not_control_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    content = {"value": "质押 \x1b[2J \x9b2J \x7f \u202e \u2066 \u2028 😀"}
    for show in (print_line, print_json):
        show(content)
        out = capsys.readouterr().out
        assert json.loads(out) == content
        assert "质押" in out
        assert not re.search("[\x1b\x7f-\x9f\u2028-\u202e\u2066-\u2069]", out)
