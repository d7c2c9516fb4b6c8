"""Calibration on a book: valuations before their price, by position in the log; a planted model is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.nearest import UnknownName
from ledger.queries.calibration import calibration
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from streams.batch import Batch, Record
from tests.books import new_book, opened
from tests.deals import patent, request, sale
from tests.events import Event, asset, money, value_of, voided
from tests.posting import event_on, shown


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    new_book(tmp_path / "book.db")
    with opened(tmp_path / "book.db") as book:
        yield Log(book)


class Log:
    """A log whose records are one second apart, in the order in which they are published."""

    def __init__(self, book: Book) -> None:
        self.book, self._sink, self._time = book, BookSink(book), 1_725_000_000_000

    def publish(self, *events: Event) -> None:
        ends = self.book.next_offsets()
        for event in events:
            topic = EVENT_TYPES[event["type"]].topic
            topic_partition = topic, partition_of(event["subject"].encode(), TOPICS[topic].partitions)
            self._time += 1000
            record = Record(ends[topic_partition], self._time, event["subject"].encode(), value_of(event))
            self._sink.post(Batch(*topic_partition, ends[topic_partition], ends[topic_partition] + 1, [record]))
            ends[topic_partition] += 1
        assert self.book.connection.execute("SELECT path, reason FROM rejection").fetchall() == []


def valued(number: int, mid: float, day: str = "2023-12-01", **data: Any) -> Event:
    """Return a valuation of asset `CN<number>`, with a range of a half to twice the middle."""
    ends = {name: money(f"{mid * factor:.2f}") for name, factor in (("low", 0.5), ("mid", 1), ("high", 2))}
    usual = {"as_of": day, "method": "market", "model_id": "m", "model_version": "1", "coverage": "0.8", **ends}
    return event_on("valuation.completed", f"CN{number}", day, **usual | data)


def measured(log: Log, *by: str, **where: str) -> list[tuple[Any, ...]]:
    filters = [f"{name}={value}" for name, value in where.items()]
    return [tuple(row) for row in calibration(log.book, by, filters=filters).rows]


def test_a_valuation_is_held_against_the_price_that_came_after_it(log: Log) -> None:
    log.publish(valued(1, 100), sale(1, "150.00"), valued(2, 100), sale(2, "250.00"))
    ((promised, prices, covered, coverage, *_, kept, bias, error, verdict),) = measured(log)
    assert (str(promised), prices, covered, coverage) == ("0.8", 2, 1, 0.5)
    assert (kept, bias, verdict) == ("too few", -0.4667, "too few")
    assert error == 0.6931  # ln 2: the prices are 1.5 and 2.5 times the values
    assert shown(log.book, "realised_values", "subject", "inside") == [("CN1", 1), ("CN2", 0)]


@pytest.mark.parametrize(
    "events",
    [
        [sale(1, "150.00"), valued(1, 100)],
        [valued(1, 100), sale(1, "150.00", assets=[asset(id="CN1"), asset(id="CN2")])],
        [valued(1, 100), sale(1, "150.00", price=money("150.00", "USD"))],
        [valued(1, 100), sale(1, "150.00", conveyance="merger")],
        [valued(1, 100, "2021-12-01"), sale(1, "150.00")],
        [valued(1, 100, bound="floor", high=...), sale(1, "150.00")],
        [valued(1, 100, purpose="licence"), sale(1, "150.00")],
        [valued(1, 100), sale(1, "150.00"), voided(sale(1, "150.00"))],
        [valued(1, 100), voided(valued(1, 100)), sale(1, "150.00")],
        [request("CN1"), sale(1, "150.00")],
    ],
    ids=[
        "after the price", "a pool", "another currency", "a merger", "too old", "a floor", "another purpose",
        "a voided price", "a voided valuation", "no valuation",
    ],
)  # fmt: skip
def test_what_does_not_count(log: Log, events: list[Event]) -> None:
    log.publish(*events)
    assert measured(log) == []


def test_the_proceeds_of_a_pledge_are_a_price(log: Log) -> None:
    pledge = event_on("pledge.registered", "P1", "2024-01-01", assets=[asset(id="CN1")])
    realised = event_on("pledge.realised", "P1", "2024-06-01", proceeds=money("90.00"))
    log.publish(valued(1, 100), pledge, realised)
    assert shown(log.book, "realised_values", "subject", "price", "topic") == [("CN1", "90.00", "ip.pledge.v1")]


def test_the_last_valuation_of_a_model_before_the_price_counts(log: Log) -> None:
    log.publish(valued(1, 10, "2023-10-01"), valued(1, 20, "2023-11-01"), valued(1, 30, "2023-11-01", model_id="n"))
    log.publish(sale(1, "25.00"), valued(1, 40, "2023-12-31"))
    assert shown(log.book, "realised_values", "model", "mid") == [("m", "20.00"), ("n", "30.00")]


def test_an_answer_is_sorted_cut_and_paged(log: Log) -> None:
    log.publish(*(valued(1, 10, model_id=model) for model in ("a", "b", "c")), sale(1, "25.00"))
    first = calibration(log.book, ["model"], columns=["prices", "model"], sort=["-model"], limit=2, after="")
    assert first.rows == [(1, "c"), (1, "b")]
    assert first.next is not None
    last = calibration(log.book, ["model"], columns=["model"], sort=["-model"], limit=2, after=first.next)
    assert (last.rows, last.next) == ([("a",)], None)


def test_a_planted_model_is_named_and_an_honest_one_is_not(log: Log) -> None:
    random = Random(7)
    for number in range(1, 101):
        price = random.lognormvariate(12, 1.3)
        for model, factor in (("honest", 1.0), ("planted", 1.3)):
            log.publish(valued(number, price * factor * random.lognormvariate(0, 0.2), model_id=model))
        log.publish(sale(number, f"{price:.2f}"))
    found = {row[0]: row[1:] for row in measured(log, "model")}
    assert found["honest"][-1] == "not biased"
    assert found["planted"][-1] == "too high"
    assert found["planted"][-3] == pytest.approx(0.3, abs=0.12)
    assert {model: row[1] for model, row in found.items()} == {"honest": 100, "planted": 100}
    assert found["honest"][6] in ("kept", "too wide")
    assert [row[0] for row in measured(log, "model", model="planted")] == ["planted"]


def test_an_unknown_column_is_named(log: Log) -> None:
    with pytest.raises(UnknownName, match="modell"):
        calibration(log.book, ["modell"])


def test_requests_are_completed_refused_or_waiting(log: Log) -> None:
    asked = [request(f"CN{number}") | {"id": f"q{number}"} for number in (1, 2, 3)]
    log.publish(*asked)
    about = {"request_source": asked[0]["source"], "model_id": "ip-ledger/market", "model_version": "1"}
    log.publish(valued(1, 100, request_id="q1", **about))
    log.publish(event_on("valuation.refused", "CN2", "2024-07-01", request_id="q2", had=8, needed=9, **about))
    found = shown(log.book, "valuation_requests", "subject", "state", "mid", "reason", "had", "needed")
    assert sorted(found) == [
        ("CN1", "completed", "100.00", None, None, None),
        ("CN2", "refused", None, "too_few", 8, 9),
        ("CN3", "waiting", None, None, None, None),
    ]


def test_a_model_is_registered_or_only_used(log: Log) -> None:
    about = {"model_id": "m", "model_version": "1", "valid_to": "2024-03-31"}
    for day, owner in (("2024-01-01", "desk 1"), ("2024-02-01", "desk 2")):
        log.publish(event_on("reference.model", "model/m/1", day, **about, owner=owner))
    log.publish(valued(1, 100), valued(2, 100), valued(3, 100, model_id="n"), valued(4, 1, model_id="ip-ledger/market"))
    columns = ("model_id", "registered", "owner", "valuations")
    own, other = ("ip-ledger/market", 1, None, 1), ("n", 0, None, 1)
    assert shown(log.book, "models", *columns, as_of=20240131) == [own, ("m", 1, "desk 1", 2), other]
    assert shown(log.book, "models", *columns, as_of=20240331) == [own, ("m", 1, "desk 2", 2), other]
    assert shown(log.book, "models", *columns, as_of=20240401) == [own, ("m", 0, None, 2), other]


def test_a_price_counts_once_whatever_the_number_of_purposes_that_a_model_valued_for(log: Log) -> None:
    purposes = ("transfer", "management", "reporting", "insurance")
    for number in range(1, 11):
        for day, purpose in enumerate(purposes, 1):
            log.publish(valued(number, 100 * day, f"2023-12-0{day}", purpose=purpose))
        log.publish(sale(number, "400.00"))
    ((_, prices, covered, *_, bias, _, verdict),) = measured(log)
    assert (prices, covered, bias, verdict) == (10, 10, 0, "too few")  # the last value of each
    assert [row[2] for row in measured(log, "purpose")] == [10] * 4


def test_calibration_shows_whom_a_model_favours_by_the_owners_size_and_sort(log: Log) -> None:
    fees = {1: "M1551", 2: "M2551", 3: "M3551", 4: "M283", 5: "M170", 6: "X2551"}
    paid = [event_on("patent.fee_paid", f"CN{each}", "2023-01-01", source_code=code) for each, code in fees.items()]
    later = event_on("patent.fee_paid", "CN1", "2023-12-02", source_code="M2552", fee_year=8)
    before = event_on("patent.fee_paid", "CN2", "2020-01-01", source_code="M1551", fee_year=3)
    log.publish(*paid, later, before, patent(3, owner_type="university"))
    for number in fees:
        log.publish(valued(number, 100), sale(number))
    rows = shown(log.book, "realised_values", "subject", "owner_size", "owner_type")
    sizes = [("CN1", "large"), ("CN2", "small"), ("CN3", "micro"), ("CN4", "small"), ("CN5", None), ("CN6", None)]
    assert rows == [(subject, size, "university" if subject == "CN3" else None) for subject, size in sizes]
    counts = {row[0]: row[2] for row in measured(log, "owner_size")}
    assert counts == {None: 2, "large": 1, "micro": 1, "small": 2}
