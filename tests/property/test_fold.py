"""P1, P2, P3, P5, P7: whatever the history and however it is cut, the book is the one that the model computes."""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, event, given, settings

from ledger.book.book import Book, create
from ledger.book.connection import table_names
from ledger.book.sink import BookSink
from ledger.views import VIEWS
from streams.batch import Batch, Outcome, PlainRecord
from tests.events import DAYS, LOG, PLACES, Cut, cuts, logs, timestamp
from tests.model import BASES, Cell, Figures, Log, Place, Result, ledger_of

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "200"))


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(log=logs(), schedule=cuts)
def test_the_book_is_what_the_model_computes(log: Log, schedule: list[Cut]) -> None:
    expected = ledger_of(log)
    for outcome in {*expected.outcomes.values(), *expected.rules.values(), *expected.unmatched.values()}:
        event(outcome)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "book.db"
        _post(path, log, schedule)
        with Book(path) as book:
            _is_as_expected(book, log, expected)


@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(log=logs(most=24), one=cuts, other=cuts)
def test_no_cut_restart_or_redelivery_shows_in_the_book(log: Log, one: list[Cut], other: list[Cut]) -> None:
    contents = []
    for schedule in (one, other):
        with tempfile.TemporaryDirectory() as directory:
            path = Path(directory) / "book.db"
            _post(path, log, schedule)
            contents.append(_content(path))
    assert contents[0] == contents[1]


# ---- posting


def _post(path: Path, log: Log, schedule: Sequence[Cut]) -> None:
    create(path, LOG, {place: log[place].first for place in PLACES})
    position = {place: log[place].first for place in PLACES}
    with _reopened(path) as books:
        sink = next(books)
        for cut in _to_the_end(log, position, schedule):
            left = [place for place in PLACES if position[place] < log[place].end]
            place = left[cut.place % len(left)]
            if cut.restart:
                sink = next(books)
            start, end = position[place], min(position[place] + cut.size, log[place].end)
            below = max(log[place].first, start - cut.redeliver)
            if below < start:
                changes = sink.book.connection.total_changes
                assert sink.post(_batch(log, place, below, end)) is Outcome.BEHIND
                assert sink.book.connection.total_changes == changes
            assert sink.post(_batch(log, place, start, end)) is Outcome.POSTED
            position[place] = end
            assert sink.next_offset(*place) == end


def _to_the_end(log: Log, position: dict[Place, int], schedule: Sequence[Cut]) -> Iterator[Cut]:
    whole = [Cut(0, 10**6, False, 0)] * len(PLACES)
    for cut in (*schedule, *whole):
        if all(position[place] == log[place].end for place in PLACES):
            return
        yield cut


@contextmanager
def _reopened(path: Path) -> Iterator[Iterator[BookSink]]:
    """Sinks on the same book, each opened when the one before was closed."""
    opened: list[Book] = []

    def books() -> Iterator[BookSink]:
        while True:
            for book in opened:
                book.close()
            opened[:] = [Book(path, writable=True)]
            opened[0].connection.execute("PRAGMA synchronous = OFF")  # no power cut is tried here
            yield BookSink(opened[0])

    try:
        yield books()
    finally:
        for book in opened:
            book.close()


def _batch(log: Log, place: Place, start: int, end: int) -> Batch:
    records = [
        PlainRecord(offset, timestamp(offset), key, value)
        for offset, key, value in log[place].records
        if start <= offset < end
    ]
    return Batch(*place, start, end, records)


def _content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, but for the book's own id; and all definitions."""
    with Book(path) as book:
        run = book.connection.execute
        content = {name: run(f"SELECT * FROM {name}").fetchall() for name in table_names(book.connection)}
        content["schema"] = run("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()
    content["meta"] = [row for row in content["meta"] if row[0] != "book_id"]
    return content


# ---- what the book shows, in the model's terms


def _is_as_expected(book: Book, log: Log, expected: Result) -> None:
    assert _journal(book) == _expected_journal(log, expected)
    assert _positions(book) == expected.positions
    assert all(position.balanced for position in book.positions())
    assert _postings(book) == {
        place: lines for place, by_basis in expected.postings.items() if (lines := _lines(by_basis))
    }
    assert _totals(book) == expected.totals
    assert _sums_of_postings(book) == expected.totals
    assert _unmatched(book) == expected.unmatched
    for day in (None, *_days_around()):
        for basis in BASES:
            assert _stock(book, day, basis) == expected.stock(day, basis), (day, basis)
        assert _stock_shown(book, day) == _shown(expected.stock(day)), day


def _lines(by_basis: dict[str, dict[Cell, Figures]]) -> dict[tuple[str, Cell], Figures]:
    return {(basis, cell): figures for basis, lines in by_basis.items() for cell, figures in lines.items()}


def _days_around() -> list[str]:
    return sorted({"1999-12-31", "2023-03-15", "2199-12-31", *DAYS})


def _rows(book: Book, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    return list(book.connection.execute(sql, values))


def _journal(book: Book) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    rows = _rows(
        book,
        'SELECT topic, partition, "offset", outcome, rule, broker_timestamp, value_hash, value'
        ' FROM journal LEFT JOIN rejections USING (topic, partition, "offset", outcome, rule)',
    )
    return {row[:3]: row[3:] for row in rows}


def _expected_journal(log: Log, expected: Result) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    journal: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for place, stretch in log.items():
        for offset, _, value in stretch.records:
            outcome, rule = expected.outcomes[(*place, offset)], expected.rules.get((*place, offset))
            kept = value if rule else None
            journal[(*place, offset)] = (outcome, rule, timestamp(offset), sha256(value or b"").hexdigest(), kept)
    return journal


def _positions(book: Book) -> dict[Place, dict[str, int]]:
    counts = ("first", "next", "accepted", "duplicate", "conflict", "rejected", "gap")
    return {
        (topic, partition): dict(zip(counts, numbers, strict=True))
        for topic, partition, *numbers in _rows(book, f"SELECT topic, partition, {', '.join(counts)} FROM positions")
    }


def _postings(book: Book) -> dict[tuple[str, int, int], dict[tuple[str, Cell], Figures]]:
    found: dict[tuple[str, int, int], dict[tuple[str, Cell], Figures]] = defaultdict(dict)
    columns = 'topic, partition, "offset", basis, kind, date, region, "right", industry, currency'
    for row in _rows(book, f"SELECT {columns}, events, with_amount, coalesce(amount_minor, 0) FROM postings"):
        found[row[:3]][row[3], Cell(*row[4:10])] = Figures(*row[10:])
    return found


def _totals(book: Book) -> dict[str, dict[tuple[Any, ...], Figures]]:
    columns = 'basis, kind, year, region, "right", industry, currency'
    sql = f"SELECT {columns}, events, with_amount, coalesce(amount_minor, 0) FROM totals"
    return _by_basis(_rows(book, sql))


def _sums_of_postings(book: Book) -> dict[str, dict[tuple[Any, ...], Figures]]:
    columns = 'basis, kind, CAST(substr(date, 1, 4) AS INTEGER), region, "right", industry, currency'
    sums = "sum(events), sum(with_amount), sum(coalesce(amount_minor, 0))"
    sql = f"SELECT {columns}, {sums} FROM postings GROUP BY 1, 2, 3, 4, 5, 6, 7"
    return _by_basis(row for row in _rows(book, sql) if any(row[7:]))


def _by_basis(rows: Any) -> dict[str, dict[tuple[Any, ...], Figures]]:
    found: dict[str, dict[tuple[Any, ...], Figures]] = {basis: {} for basis in BASES}
    for basis, *key, events, with_amount, amount in rows:
        found[basis][tuple(key)] = Figures(events, with_amount, int(amount))
    return found


REASONS = {
    "target_missing": "no target",
    "registration_missing": "no registration",
    "second_registration": "second registration",
    "second_grant": "second grant",
    "after_cancellation": "after cancellation",
}


def _unmatched(book: Book) -> dict[tuple[str, int, int, str], str]:
    rows = _rows(book, 'SELECT topic, partition, "offset", basis, reason FROM unmatched')
    return {row[:4]: REASONS[row[4]] for row in rows}


def _stock(book: Book, day: str | None, basis: str) -> dict[tuple[Any, ...], Figures]:
    """From the table, with all its columns and on both bases; the view shows less."""
    sql = f"""SELECT nullif(region, ''), r.name, i.code, c.code, sum({basis}_events), sum({basis}_with_amount),
        sum({basis}_high) * 1000000000000 + sum({basis}_low)
      FROM stock JOIN industry AS i ON i.number = industry LEFT JOIN currency AS c ON c.number = currency
      JOIN constant AS r ON r.family = 'right' AND r.number = "right"
      WHERE date <= ? GROUP BY region, "right", industry, currency"""
    rows = _rows(book, sql, int((day or "9999-12-31").replace("-", "")))
    return {row[:4]: Figures(*row[4:]) for row in rows if any(row[4:])}


def _stock_shown(book: Book, day: str | None) -> dict[tuple[str, str | None], tuple[int, int | None]]:
    if day is None:
        rows = _rows(book, "SELECT industry, currency, pledges, amount_minor FROM pledge_stock")
    else:
        select = VIEWS["pledge_stock"].select.replace(":as_of", day.replace("-", ""))
        rows = _rows(book, f"SELECT industry, currency, pledges, amount_minor FROM ({select})")
    return {row[:2]: (row[2], row[3]) for row in rows}


def _shown(stock: dict[tuple[Any, ...], Figures]) -> dict[tuple[str, str | None], tuple[int, int | None]]:
    sums: dict[tuple[str, str | None], Figures] = defaultdict(Figures)
    for (_, _, industry, currency), figures in stock.items():
        sums[industry, currency] = sums[industry, currency].plus(figures)
    return {key: (s.events, s.amount if key[1] else None) for key, s in sums.items()}
