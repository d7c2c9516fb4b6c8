"""Compare what a book shows with the model."""

from __future__ import annotations

import re
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from ledger.book.book import Book
from ledger.book.connection import table_names
from ledger.independent.fold import BASES, Cell, ExpectedBook, Figures, Log, TopicPartition
from ledger.independent.numbers import STOCKS as STOCK_KINDS
from ledger.independent.tables import differences
from ledger.independent.terms import amount_of
from ledger.posting.cells import LOW, STOCKS
from ledger.views import VIEWS
from ledger.views.log import UNKEPT
from ledger.views.view import on_basis
from tests.data import DAYS
from tests.events import timestamp


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables except the book's id, and the definitions of tables and indexes."""
    with Book(path) as book:
        run = book.connection.execute
        found = {name: run(f"SELECT * FROM {name}").fetchall() for name in table_names(book.connection)}
        found["schema"] = run("SELECT name, sql FROM sqlite_schema WHERE type != 'view' ORDER BY name").fetchall()
    found["meta"] = [row for row in found["meta"] if row[0] != "book_id"]
    return found


def assert_as_expected(book: Book, log: Log, expected: ExpectedBook) -> None:
    """Assert that everything the book shows is what the model computes from this log."""
    assert _journal(book) == _expected_journal(log, expected)
    assert _positions(book) == expected.positions
    assert all(position.balanced for position in book.positions())
    assert _postings(book) == {
        place: lines for place, by_basis in expected.postings.items() if (lines := _lines(by_basis))
    }
    assert _totals(book) == expected.totals
    assert _sums_of_postings(book) == expected.totals
    assert _unmatched(book) == expected.unmatched
    assert _conflicts(book) == {place for place, outcome in expected.outcomes.items() if outcome == "conflict"}
    assert_statements(book, expected)
    assert differences(book.connection, _timed(log), expected) == []
    for table in ("total", "summary", "stock"):
        wrong = " OR ".join(f"{basis}_low NOT BETWEEN 0 AND {LOW - 1}" for basis in BASES)
        assert _rows(book, f"SELECT * FROM {table} WHERE {wrong}") == []
    for day in (None, *_days_around()):
        for basis in BASES:
            in_force = expected.in_force(day, basis)
            assert _in_force(book, day, basis) == in_force, (day, basis)
            assert _in_force_by_industry(book, day, basis) == _by_industry(in_force), (day, basis)
        assert _stock_shown(book, day) == _shown(expected.stock(day)), day


def _timed(log: Log) -> Log:
    """Return a log with the timestamps that records of tests have."""
    return {
        topic_partition: stretch._replace(timestamps={offset: timestamp(offset) for offset, _, _ in stretch.records})
        for topic_partition, stretch in log.items()
    }


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


def _expected_journal(log: Log, expected: ExpectedBook) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    journal: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for topic_partition, stretch in log.items():
        for offset, _, value in stretch.records:
            outcome, rule = (
                expected.outcomes[(*topic_partition, offset)],
                expected.rules.get((*topic_partition, offset)),
            )
            kept = value if rule else None
            journal[(*topic_partition, offset)] = (
                outcome,
                rule,
                timestamp(offset),
                sha256(value or b"").hexdigest(),
                kept,
            )
    return journal


def _positions(book: Book) -> dict[TopicPartition, dict[str, int]]:
    counts = ("first", "next", "accepted", "duplicate", "conflict", "rejected", "gap")
    return {
        (topic, partition): dict(zip(counts, numbers, strict=True))
        for topic, partition, *numbers in _rows(book, f"SELECT topic, partition, {', '.join(counts)} FROM positions")
    }


_POSTINGS = """(
  SELECT 'corrected' AS basis, * FROM lineage UNION ALL SELECT 'recorded' AS basis, * FROM lineage_recorded
)"""


def _postings(book: Book) -> dict[tuple[str, int, int], dict[tuple[str, Cell], Figures]]:
    found: dict[tuple[str, int, int], dict[tuple[str, Cell], Figures]] = defaultdict(dict)
    columns = 'topic, partition, "offset", basis, kind, date, region, "right", industry, currency'
    for row in _rows(book, f"SELECT {columns}, events, with_amount, coalesce(amount_minor, 0) FROM {_POSTINGS}"):
        found[row[:3]][row[3], Cell(*row[4:10])] = Figures(*row[10:])
    return found


def _totals(book: Book) -> dict[str, dict[tuple[Any, ...], Figures]]:
    columns = 'basis, kind, year, region, "right", industry, currency'
    sql = f"SELECT {columns}, events, with_amount, coalesce(amount_minor, 0) FROM totals"
    return _by_basis(_rows(book, sql))


def _sums_of_postings(book: Book) -> dict[str, dict[tuple[Any, ...], Figures]]:
    columns = 'basis, kind, CAST(substr(date, 1, 4) AS INTEGER), region, "right", industry, currency'
    sums = "sum(events), sum(with_amount), sum(coalesce(amount_minor, 0))"
    sql = f"SELECT {columns}, {sums} FROM {_POSTINGS} GROUP BY 1, 2, 3, 4, 5, 6, 7"
    return _by_basis(row for row in _rows(book, sql) if any(row[7:]))


def _by_basis(rows: Any) -> dict[str, dict[tuple[Any, ...], Figures]]:
    found: dict[str, dict[tuple[Any, ...], Figures]] = {basis: {} for basis in BASES}
    for basis, *key, events, with_amount, amount in rows:
        found[basis][tuple(key)] = Figures(events, with_amount, int(amount))
    return found


def _unmatched(book: Book) -> dict[tuple[str, int, int, str], str]:
    rows = _rows(book, 'SELECT topic, partition, "offset", basis, reason FROM unmatched')
    return {row[:4]: row[4] for row in rows}


def _conflicts(book: Book) -> set[tuple[Any, ...]]:
    """Return the positions of conflicts; assert that each row names a field that differs, or that none is kept."""
    rows = _rows(book, 'SELECT topic, partition, "offset", field, stands, conflicting FROM conflicts')
    fields = [row[:4] for row in rows]
    assert len(fields) == len(set(fields))
    for *place, field, first, later in rows:
        assert (first != later) == (field != UNKEPT)
        assert field != UNKEPT or fields.count((*place, field)) == [row[:3] for row in rows].count(tuple(place)) == 1
    return {row[:3] for row in rows}


def _in_force(book: Book, day: str | None, basis: str) -> dict[tuple[Any, ...], Figures]:
    """Sum the table, with all columns and both bases; the views show less."""
    sql = f"""SELECT kind, nullif(region, ''), r.name, i.code, c.code, {_sums_on(basis)}
      FROM stock JOIN industry AS i ON i.number = industry LEFT JOIN currency AS c ON c.number = currency
      LEFT JOIN constant AS r ON r.family = 'right' AND r.number = "right"
      WHERE date <= ? GROUP BY kind, region, "right", industry, currency"""
    rows = _rows(book, sql, int((day or "9999-12-31").replace("-", "")))
    return {(STOCK_KINDS[row[0]], *row[1:5]): Figures(*row[5:]) for row in rows if any(row[5:])}


def _in_force_by_industry(book: Book, day: str | None, basis: str) -> dict[tuple[Any, ...], Figures]:
    """Sum earlier years, earlier months of the year, and days of the month."""
    sql = f"""SELECT kind, i.code, c.code, {_sums_on(basis)}
      FROM (
        SELECT kind, industry, currency, {_MEASURES} FROM summary
        WHERE kind > {STOCKS} AND (period < :day / 10000 OR period / 100 = :day / 10000 AND period < :day / 100)
        UNION ALL
        SELECT kind, industry, currency, {_MEASURES} FROM stock WHERE date / 100 = :day / 100 AND date <= :day
      ) JOIN industry AS i ON i.number = industry LEFT JOIN currency AS c ON c.number = currency
      GROUP BY kind, industry, currency"""
    rows = book.connection.execute(sql, {"day": int((day or "9999-12-31").replace("-", ""))})
    return {(STOCK_KINDS[row[0]], *row[1:3]): Figures(*row[3:]) for row in rows if any(row[3:])}


_MEASURES = ", ".join(f"{basis}_{sum_}" for basis in BASES for sum_ in ("events", "with_amount", "high", "low"))


def _sums_on(basis: str) -> str:
    return f"sum({basis}_events), sum({basis}_with_amount), sum({basis}_high) * {LOW} + sum({basis}_low)"


def _by_industry(in_force: dict[tuple[Any, ...], Figures]) -> dict[tuple[Any, ...], Figures]:
    sums: dict[tuple[Any, ...], Figures] = defaultdict(Figures)
    for (kind, _, _, *rest), figures in in_force.items():
        sums[kind, *rest] = sums[kind, *rest].plus(figures)
    return {key: figures for key, figures in sums.items() if figures != Figures()}


def _stock_shown(book: Book, day: str | None) -> dict[tuple[str, str | None], tuple[int, int | None]]:
    if day is None:
        rows = _rows(book, "SELECT industry, currency, pledges, amount_minor FROM pledge_stock")
    else:
        select = VIEWS["pledge_stock"].on("corrected").replace(":as_of", day.replace("-", ""))
        rows = _rows(book, f"SELECT industry, currency, pledges, amount_minor FROM ({select})")
    return {row[:2]: (row[2], row[3]) for row in rows}


def _shown(stock: dict[tuple[Any, ...], Figures]) -> dict[tuple[str, str | None], tuple[int, int | None]]:
    sums: dict[tuple[str, str | None], Figures] = defaultdict(Figures)
    for (_, _, industry, currency), figures in stock.items():
        sums[industry, currency] = sums[industry, currency].plus(figures)
    return {key: (s.events, s.amount if key[1] else None) for key, s in sums.items()}


# ---- statements


def assert_statements(book: Book, expected: ExpectedBook) -> None:
    """Assert that the statements are those that have effect in the model."""
    for basis in BASES:
        _assert_effective(book, basis, expected)


def _assert_effective(book: Book, basis: str, expected: ExpectedBook) -> None:
    rows = _rows(
        book,
        f"""SELECT t.name, partition, "offset", f.name, source, subject, occurred_on, facts
          FROM ({on_basis(VIEWS["statements"].relation, basis)}) AS s
          JOIN constant AS t ON t.family = 'topic' AND t.number = topic
          JOIN constant AS f ON f.family = 'type' AND f.number = s.type""",
    )
    effective = {
        (*entity.topic_partition, one.offset): one
        for entity in expected.entities
        for one in entity.lives[basis].effective
    }
    assert {row[:3] for row in rows} == effective.keys()
    for row in rows:
        one = effective[row[:3]]
        assert row[3:6] == (f"ip.{one.type}.v1", one.source, one.subject)
        assert row[6] == int(one.data["occurred_on"].replace("-", ""))
        assert agrees(one.data, orjson.loads(row[7]))


def agrees(data: Any, kept: Any) -> bool:
    """Return True if kept facts equal the data (days as numbers, money in minor units, rights by number), for every
    field that both have and that is not null."""
    if isinstance(data, dict):
        if data.keys() == {"amount", "currency"}:
            amount = amount_of(data)
            return amount is not None and list(kept) == [_NUMBERS[amount[1]], amount[0]]
        return all(agrees(value, kept[name]) for name, value in data.items() if value is not None and name in kept)
    if isinstance(data, list):
        return len(data) == len(kept) and all(map(agrees, data, kept))
    if isinstance(data, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", data):
        return bool(kept == int(data.replace("-", "")))
    return bool(kept == _NUMBERS.get(data, data) if isinstance(data, str) and isinstance(kept, int) else kept == data)


_NUMBERS = {"CNY": 156, "USD": 840, "JPY": 392, "EUR": 978, "KWD": 414} | {
    "invention": 1,
    "utility_model": 2,
    "design": 3,
    "plant": 4,
    "trademark": 5,
    "copyright": 6,
}
