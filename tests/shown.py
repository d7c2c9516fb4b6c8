"""What a book shows, in the model's terms, and whether it is what the model computes."""

from __future__ import annotations

import re
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from ledger.book.book import Book
from ledger.book.connection import table_names
from ledger.posting.cells import LOW, STOCKS, Stock
from ledger.views import VIEWS
from ledger.views.log import UNKEPT
from ledger.views.statements import PATENTS, PLEDGES
from ledger.views.view import View
from tests.data import DAYS
from tests.events import timestamp
from tests.model import BASES, Cell, Figures, Log, Place, Result
from tests.model.days import Patent, Pledge, patent_on, pledge_on
from tests.model.terms import amount_of


def content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, but for the book's own id; and all definitions."""
    with Book(path) as book:
        run = book.connection.execute
        found = {name: run(f"SELECT * FROM {name}").fetchall() for name in table_names(book.connection)}
        found["schema"] = run("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()
    found["meta"] = [row for row in found["meta"] if row[0] != "book_id"]
    return found


def assert_as_expected(book: Book, log: Log, expected: Result) -> None:
    """All that the book shows is what the model made of this log."""
    assert _journal(book) == _expected_journal(log, expected)
    assert _positions(book) == expected.positions
    assert all(position.balanced for position in book.positions())
    assert _postings(book) == {
        place: lines for place, by_basis in expected.postings.items() if (lines := _lines(by_basis))
    }
    assert _totals(book) == expected.totals
    assert _sums_of_postings(book) == expected.totals
    assert _summary(book) == _totals_without_region_and_right(book)
    assert _unmatched(book) == expected.unmatched
    assert _conflicts(book) == {place for place, outcome in expected.outcomes.items() if outcome == "conflict"}
    assert_statements(book, expected)
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


_KEY = "kind, industry, year, currency"
_SIDES = ("recorded", "corrected")


def _summary(book: Book) -> list[tuple[Any, ...]]:
    columns = ", ".join(f"{side}_{column}" for side in _SIDES for column in ("events", "with_amount", "high", "low"))
    yearly = f"(SELECT *, period AS year FROM summary WHERE period <= 9999 AND kind < {STOCKS})"
    return _rows(book, f"SELECT {_KEY}, {columns} FROM {yearly} ORDER BY {_KEY}")


def _totals_without_region_and_right(book: Book) -> list[tuple[Any, ...]]:
    sums = ", ".join(
        f"sum({side}_events), sum({side}_with_amount),"
        f" sum({side}_high) + sum({side}_low) / {LOW}, sum({side}_low) % {LOW}"
        for side in _SIDES
    )
    return _rows(book, f"SELECT {_KEY}, {sums} FROM total GROUP BY {_KEY} ORDER BY {_KEY}")


def _by_basis(rows: Any) -> dict[str, dict[tuple[Any, ...], Figures]]:
    found: dict[str, dict[tuple[Any, ...], Figures]] = {basis: {} for basis in BASES}
    for basis, *key, events, with_amount, amount in rows:
        found[basis][tuple(key)] = Figures(events, with_amount, int(amount))
    return found


def _unmatched(book: Book) -> dict[tuple[str, int, int, str], str]:
    rows = _rows(book, 'SELECT topic, partition, "offset", basis, reason FROM unmatched')
    return {row[:4]: row[4] for row in rows}


def _conflicts(book: Book) -> set[tuple[Any, ...]]:
    """Where they are; each row of one says what differs, or that nothing does that is kept."""
    rows = _rows(book, 'SELECT topic, partition, "offset", field, stands, told FROM conflicts')
    fields = [row[:4] for row in rows]
    assert len(fields) == len(set(fields))
    for *place, field, stands, told in rows:
        assert (stands != told) == (field != UNKEPT)
        assert field != UNKEPT or fields.count((*place, field)) == [row[:3] for row in rows].count(tuple(place)) == 1
    return {row[:3] for row in rows}


def _stock(book: Book, day: str | None, basis: str) -> dict[tuple[Any, ...], Figures]:
    """From the table, with all its columns and on both bases; the view shows less."""
    sql = f"""SELECT nullif(region, ''), r.name, i.code, c.code, sum({basis}_events), sum({basis}_with_amount),
        sum({basis}_high) * 1000000000000 + sum({basis}_low)
      FROM stock JOIN industry AS i ON i.number = industry LEFT JOIN currency AS c ON c.number = currency
      JOIN constant AS r ON r.family = 'right' AND r.number = "right"
      WHERE kind = {Stock.PLEDGES} AND date <= ? GROUP BY region, "right", industry, currency"""
    rows = _rows(book, sql, int((day or "9999-12-31").replace("-", "")))
    return {row[:4]: Figures(*row[4:]) for row in rows if any(row[4:])}


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


def assert_statements(book: Book, expected: Result) -> None:
    """What has effect, and what pledges and patents are by it on some days, is what the model says."""
    for basis in BASES:
        _assert_effective(book, basis, expected)
        for topic, said_on, shown_on in (("ip.pledge.v1", pledge_on, _pledges), ("ip.patent.v1", patent_on, _patents)):
            entities = {entity.subject: entity.told[basis] for entity in expected.of(topic)}
            for day in ("2022-12-31", "2023-01-02", "2199-12-31") if entities else ():
                known = {subject: said_on(told, day) for subject, told in entities.items()}
                assert shown_on(book, day, basis) == {s: one for s, one in known.items() if one}, (day, basis)


def _assert_effective(book: Book, basis: str, expected: Result) -> None:
    rows = _rows(
        book,
        f"""SELECT t.name, partition, "offset", f.name, source, subject, day, facts FROM statement_{basis}
          JOIN constant AS t ON t.family = 'topic' AND t.number = topic
          JOIN constant AS f ON f.family = 'type' AND f.number = statement_{basis}.family""",
    )
    said = {(*entity.place, one.offset): one for entity in expected.entities for one in entity.told[basis].effective}
    assert {row[:3] for row in rows} == said.keys()
    for row in rows:
        one = said[row[:3]]
        assert row[3:6] == (f"ip.{one.type}.v1", one.source, one.subject)
        assert row[6] == int(one.data["occurred_on"].replace("-", ""))
        assert agrees(one.data, orjson.loads(row[7]))


def _on(book: Book, tables: str, select: str, day: str, basis: str) -> list[tuple[Any, ...]]:
    sql = View("", "", (), f"WITH {tables} {select}").on(basis)
    return list(book.connection.execute(sql, {"as_of": int(day.replace("-", ""))}))


def _pledges(book: Book, day: str, basis: str) -> dict[str, Pledge]:
    pools: dict[str, list[str]] = defaultdict(list)
    for subject, asset in _on(
        book, PLEDGES, "SELECT subject, id FROM pledged WHERE released_on IS NULL ORDER BY place", day, basis
    ):
        pools[subject].append(asset)
    columns = "subject, minor, currency, registered_on, debt_to, cancelled_on, defaulted_on, realised_on"
    pledges = {}
    for subject, minor, currency, *days in _on(book, PLEDGES, f"SELECT {columns} FROM pledge", day, basis):
        amount = None if minor is None else (minor, _CODES[currency])
        pledges[subject] = Pledge(pools[subject], amount, *map(_iso, days))
    return pledges


def _patents(book: Book, day: str, basis: str) -> dict[str, Patent]:
    rows = _on(book, PATENTS, "SELECT subject, granted_on, ended_on FROM patent", day, basis)
    return {subject: Patent(_iso(granted_on), _iso(ended_on)) for subject, granted_on, ended_on in rows}


def _iso(day: int | None) -> str | None:
    return None if day is None else f"{day // 10000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def agrees(said: Any, kept: Any) -> bool:
    """True if facts say what the data say: days as numbers, money in minor units, rights by number; where a name is in
    both. What is null was not said."""
    if isinstance(said, dict):
        if said.keys() == {"amount", "currency"}:
            amount = amount_of(said)
            return amount is not None and list(kept) == [_NUMBERS[amount[1]], amount[0]]
        return all(agrees(value, kept[name]) for name, value in said.items() if value is not None and name in kept)
    if isinstance(said, list):
        return len(said) == len(kept) and all(map(agrees, said, kept))
    if isinstance(said, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
        return bool(kept == int(said.replace("-", "")))
    return bool(kept == _NUMBERS.get(said, said) if isinstance(said, str) and isinstance(kept, int) else kept == said)


_CODES = {156: "CNY", 840: "USD", 392: "JPY", 978: "EUR", 414: "KWD"}
_NUMBERS = {code: number for number, code in _CODES.items()} | {
    "invention": 1,
    "utility_model": 2,
    "design": 3,
    "plant": 4,
    "trademark": 5,
    "copyright": 6,
}
