"""Refused records as they are listed, counted and exported."""

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
def told(book: Book) -> Book:
    records = [Record(i, TIMES[i], b"P1", value) for i, value in enumerate(VALUES)]
    sink = BookSink(book)
    sink.post(Batch(PLEDGE, HOME, 0, len(records), records))
    sink.post(Batch(PATENT, HOME, 0, 1, [Record(0, 45, None, b"\xfe")]))
    return book


def test_they_are_counted_by_rule_the_most_first(told: Book) -> None:
    assert list(counts(told).items()) == [("not_utf8", 2), ("not_json", 2), ("empty", 1), ("conflict", 1)]
    assert counts(told, "not_json") == {"not_json": 2}
    assert counts(told, "misrouted") == {}


def test_they_are_listed_in_the_order_of_the_log(told: Book) -> None:
    rows = list(summaries(told))
    assert [(row["topic"], row["offset"]) for row in rows] == [(PLEDGE, i) for i in range(1, 6)] + [(PATENT, 0)]
    assert all(tuple(row) == SUMMARY_COLUMNS for row in rows)
    assert [row["offset"] for row in summaries(told, "conflict")] == [2]


def test_the_newest_come_first(told: Book) -> None:
    assert [(row["topic"], row["offset"]) for row in newest(told, 3)] == [(PATENT, 0), (PLEDGE, 1), (PLEDGE, 2)]
    assert [row["offset"] for row in newest(told, 100)][-2:] == [5, 4]
    assert [row["offset"] for row in newest(told, 1, "not_json")] == [5]
    assert list(newest(told, 0)) == []
    assert len(list(newest(told, 2**63 - 1))) == 6


@pytest.fixture
def unreadable(told: Book) -> Book:
    """With a batch of millions of offsets that cannot be read, and a record behind it."""
    batch = Record(6, 60, None, b"bytes", (), 100, Reason("batch_form", {"offsets": MANY}), MANY)
    BookSink(told).post(Batch(PLEDGE, HOME, 6, 7 + MANY, [batch, Record(6 + MANY, 70, b"P1", b"{")]))
    return told


MANY = 3_000_000


def test_a_batch_that_cannot_be_read_is_one_row_that_says_for_how_many_offsets_it_stands(unreadable: Book) -> None:
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


def test_it_fits_on_a_terminal(unreadable: Book) -> None:
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


def test_their_bytes_are_kept(told: Book) -> None:
    assert [row["value"] for row in kept(told)] == [*VALUES[1:], b"\xfe"]
    assert [row["value"] for row in kept(told, "not_utf8")] == [b"\xff", b"\xfe"]
    one = kept_at(told, PLEDGE, HOME, 3)
    assert one is not None
    assert (one["key"], one["value"], one["rule"]) == (b"P1", None, "empty")
    assert kept_at(told, PLEDGE, HOME, 0) is None


def test_of_what_is_listed_a_page_is_in_memory_and_nothing_is_held(told: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.queries.rejections.SUMMARY_PAGE_ROWS", 2)
    with Book(told.path) as reader:
        rows = summaries(reader, positions=reader.positions())
        first = next(rows)
        assert readers(told.path) == []
        BookSink(told).post(Batch(PLEDGE, HOME, 6, 7, [Record(6, 10, b"P1", b"later")]))
        assert [first["offset"], *(row["offset"] for row in rows)] == [1, 2, 3, 4, 5, 0]


@pytest.mark.parametrize("page", [1, 2, 6, 7])
def test_whoever_takes_them_slowly_holds_nothing_and_gets_those_of_the_beginning(
    told: Book, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr("ledger.queries.rejections.PAGE_ROWS", page)
    with Book(told.path) as reader:
        exported = kept(reader)
        first = next(exported)
        assert readers(told.path) == []
        more = [Record(6, 10, b"P1", b"later")]
        BookSink(told).post(Batch(PLEDGE, HOME, 6, 7, more))
        assert [first["value"], *(row["value"] for row in exported)] == [*VALUES[1:], b"\xfe"]


def test_a_rule_that_does_not_exist_is_named(told: Book) -> None:
    with pytest.raises(UnknownName, match=r"bad_date.*bad_data"):
        counts(told, "bad_date")


def test_a_table_shows_texts_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([{"subject": "[/red] [bold]P1[/bold] :smile:"}])
    assert "[/red] [bold]P1[/bold] :smile:" in capsys.readouterr().out


def test_json_is_exact_and_says_nothing_to_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    said = {"value": "质押 \x1b[2J \x9b2J \x7f \u202e \u2066 \u2028 😀"}
    for show in (print_line, print_json):
        show(said)
        out = capsys.readouterr().out
        assert json.loads(out) == said
        assert "质押" in out
        assert not re.search("[\x1b\x7f-\x9f\u2028-\u202e\u2066-\u2069]", out)
