"""The comparison of two books: exact differences of totals, and the versions and positions of both."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ledger.audit.compare import compare_totals
from ledger.book.book import Book
from ledger.book.position import parse_position
from ledger.book.sink import BookSink
from ledger.cli import main
from ledger.independent.fold import TopicPartition
from schemas.industry import SHIPPED, IndustryMap, read_map
from streams.batch import Batch, Record
from tests.acceptance.load import noisy_records
from tests.books import new_book, opened
from tests.events import PLEDGE, Event, asset, money, partition, record, registered, voided
from tests.maps import ROBOTS

MAP = read_map(ROBOTS)
ROBOT, DRUG = "B25J0009160000", "A61K0039395000"
Made = Callable[..., Path]


class Ended(NamedTuple):
    """The result of a command that ran in this process."""

    code: int
    out: str
    err: str


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Return a function that creates a book of pledges in one partition, or of other records, with a map."""

    def make(
        name: str, *events: Event, by: IndustryMap = SHIPPED, records: dict[TopicPartition, list[Any]] | None = None
    ) -> Path:
        path = tmp_path / name
        new_book(path, by=by)
        pledges = {(PLEDGE, partition("P1")): [record(offset, event) for offset, event in enumerate(events)]}
        with opened(path) as book:
            for (topic, number), each in (records or pledges).items():
                BookSink(book).post(Batch(topic, number, 0, len(each), each))
        return path

    return make


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    def ended(*words: object) -> Ended:
        monkeypatch.setattr(sys, "argv", ["ip-ledger", *map(str, words)])
        with pytest.raises(SystemExit) as exit_:
            main()
        return Ended(int(str(exit_.value.code)), *capsys.readouterr())

    return ended


def pledge(secured: str = "0.03", currency: str = "CNY", event_id: str = "r1") -> Event:
    """Return a pledge of two assets, a robot and a drug, with an amount that cannot be halved."""
    return registered(event_id, assets=[asset(ROBOT), asset(DRUG)], secured=money(secured, currency))


def test_another_map_moves_shares_and_never_the_whole(made: Made) -> None:
    found = compare_totals(made("a.db", pledge()), made("b.db", pledge(), by=MAP))
    assert found.same_position
    assert [(book["industry_map"], Path(book["book"]).name) for book in found.books] == [
        (SHIPPED.cited, "a.db"),
        (MAP.cited, "b.db"),
    ]
    shared = {"kind": "pledges", "year": 2023, "currency": "CNY"}
    assert found.rows == [
        shared
        | {
            "industry": industry,
            "events": events,
            "with_amount": events,
            "amount": amount,
            "amount_minor": minor,
            "difference_events": events[1] - events[0],
            "difference_minor": minor[1] - minor[0],
        }
        for industry, events, amount, minor in (
            ("ADVMFG", [1, 0], ["0.02", "0.00"], [2, 0]),
            ("AI", [0, 1], ["0.00", "0.02"], [0, 2]),
        )
    ]


def test_another_map_moves_amounts_only_within_kind_year_and_currency(made: Made) -> None:
    records: dict[TopicPartition, list[Record]] = defaultdict(list)
    for topic, number, key, value in noisy_records(600, seed=3):
        each = records[topic, number]
        each.append(Record(len(each), 1_700_000_000_000, key, value))
    found = compare_totals(made("a.db", records=records), made("b.db", records=records, by=MAP))
    assert {row["industry"] for row in found.rows} == {"ADVMFG", "AI"}
    assert {row["kind"] for row in found.rows} >= {"grants", "pledges"}
    sums: Counter[tuple[Any, ...]] = Counter()
    for row in found.rows:
        sums[row["kind"], row["year"], row["currency"]] += row["difference_minor"] or 0
    assert set(sums.values()) == {0}
    assert any(row["difference_minor"] for row in found.rows)


def test_two_books_of_one_log_and_one_map_are_equal(made: Made) -> None:
    found = compare_totals(made("a.db", pledge(), by=MAP), made("b.db", pledge(), by=read_map(ROBOTS)))
    assert (found.same_position, found.rows) == (True, [])


def test_amounts_are_exact_beyond_64_bits(made: Made) -> None:
    one, other = made("a.db", pledge()), made("b.db", pledge())
    with Book(other, writable=True) as book:
        book.connection.execute("UPDATE total SET corrected_high = 9999999, corrected_low = 3 WHERE industry = 0")
    (whole,) = compare_totals(one, other).rows
    assert whole["industry"] == "ALL"
    assert whole["amount_minor"] == [3, 9_999_999_000_000_000_003]
    assert whole["amount"] == ["0.03", "99999990000000000.03"]
    assert whole["difference_minor"] == 9_999_999_000_000_000_000 > 2**63 - 1


def test_rows_without_currency_have_no_amount_and_come_first(made: Made) -> None:
    undisclosed = registered(secured=..., amount_status="undisclosed")
    rows = compare_totals(made("a.db", undisclosed), made("b.db", registered())).rows
    assert [(row["industry"], row["currency"]) for row in rows] == [
        ("AI", None),
        ("AI", "CNY"),
        ("ALL", None),
        ("ALL", "CNY"),
    ]
    for row in rows[::2]:
        assert (row["events"], row["with_amount"]) == ([1, 0], [0, 0])
        assert (row["amount"], row["amount_minor"], row["difference_minor"]) == ([None, None], [None, None], None)


def test_a_voided_event_does_not_count_in_the_book_with_the_void(made: Made) -> None:
    before, after = made("a.db", pledge()), made("b.db", pledge(), voided(pledge()))
    rows = {row["industry"]: row for row in compare_totals(before, after).rows}
    assert {industry: row["difference_minor"] for industry, row in rows.items()} == {
        "ADVMFG": -2,
        "ALL": -3,
        "BIOPHARM": -1,
    }


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ([pledge()], [pledge(), pledge()]),
        ([], [pledge()]),
        ([pledge()], [pledge(event_id="r2")]),  # the same position in another log
    ],
)
def test_books_at_different_positions_are_known(made: Made, ours: list[Event], theirs: list[Event]) -> None:
    found = compare_totals(made("a.db", *ours), made("b.db", *theirs))
    assert not found.same_position
    records = [sum(parse_position(book["position"]).values()) for book in found.books]
    assert records == [len(ours), len(theirs)]


def test_a_book_of_another_fold_version_keeps_its_own_words(made: Made) -> None:
    one, other = made("a.db", pledge()), made("b.db", pledge())
    with Book(other, writable=True) as book:
        book.connection.execute("UPDATE meta SET value = '2' WHERE name = 'fold_version'")
        book.connection.execute("UPDATE constant SET number = 77 WHERE family = 'kind' AND name = 'pledges'")
        book.connection.execute("UPDATE total SET kind = 77")
        book.connection.execute("DELETE FROM position WHERE topic > 2")
    found = compare_totals(one, other)
    assert (found.rows, found.same_position) == ([], True)
    assert found.books[1]["fold_version"] == 2


@pytest.mark.slow
def test_the_command(made: Made, run: Callable[..., Ended], tmp_path: Path) -> None:
    one, other, third = made("a.db", pledge()), made("b.db", pledge(), by=MAP), made("c.db")
    same = run("compare", one, one, "--json")
    assert (same.code, same.err, json.loads(same.out)["rows"]) == (0, "", [])

    result = run("compare", one, other, "--json")
    assert (result.code, result.err, json.loads(result.out)) == (1, "", compare_totals(one, other).as_json())

    table = run("compare", one, other, "--csv")
    assert table.code == 1
    rows = list(csv.DictReader(io.StringIO(table.out)))
    assert [(row["industry"], row["a_amount"], row["b_amount"], row["difference_amount"]) for row in rows] == [
        ("ADVMFG", "0.02", "0.00", "-0.02"),
        ("AI", "0.00", "0.02", "0.02"),
    ]
    assert f"b: {other}, fold version" in table.err
    assert f"industry map {MAP.cited}\nposition: 1 offsets" in table.err

    assert "are NOT at the same position" in run("compare", one, third, "--json").err
    missing = run("compare", one, tmp_path / "none.db", "--json")
    assert (missing.code, missing.out) == (69, "")
    assert "none.db cannot be compared: there is no such file" in missing.err
