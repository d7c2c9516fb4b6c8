"""Answers to requests: which evidence is seen, that it is the same whenever it is asked, and the events they make."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.valuations.answer import answer, evidence_before, requests
from ledger.valuations.evidence import VALUATIONS, EvidenceReader
from ledger.valuations.proof import proven, requested
from schemas.codec import Judged, judge
from schemas.topics import TopicPartition
from streams.batch import Batch
from tests.books import new_book, opened
from tests.deals import patent, request, sale
from tests.effort import EFFORT
from tests.events import Event, asset, corrected, money, partition, record, voided
from tests.posting import event_on, post

PRICES = [f"{price}00.00" for price in range(1, 10)]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    new_book(tmp_path / "book.db")
    with opened(tmp_path / "book.db") as book:
        yield book


def nine(start: int = 1) -> list[Event]:
    return [sale(number, price) for number, price in enumerate(PRICES, start)]


def asked(book: Book, event: Event) -> tuple[Any, dict[TopicPartition, int]]:
    """Publish a request; return it as the book has it, and where the log ended before it."""
    before = book.next_offsets()
    post(book, event)
    number = partition(event["subject"])
    (found,) = requests(book, number, before[VALUATIONS, number], before[VALUATIONS, number] + 1)
    return found, before


def answered(book: Book, event: Event, evidence: EvidenceReader | None = None) -> dict[str, Any]:
    """Publish a request and return the answer's data, from an event that the ledger accepts."""
    found, before = asked(book, event)
    value = answer(evidence or EvidenceReader(book), found, evidence_before(book, found, before))
    judged = judge(value)
    assert isinstance(judged, Judged), judged
    content = json.loads(value)
    assert (content["subject"], content["source"]) == (event["subject"], "urn:ip-ledger:evaluator")
    return {"type": content["type"].removeprefix("ip.valuation.").removesuffix(".v1"), **content["data"]}


def test_nine_deals_are_an_interval_with_its_evidence(book: Book) -> None:
    post(book, *nine())
    found = answered(book, request("CN99"))
    assert found["type"] == "completed"
    assert [found[end]["amount"] for end in ("low", "mid", "high")] == ["100.00", "500.00", "900.00"]
    assert (found["coverage"], found["approach"], found["made_by"]) == ("0.8", "market", "rule")
    assert [item["value"]["amount"] for item in found["evidence"]] == PRICES
    assert [item["asset"] for item in found["evidence"]] == [f"CN{number}" for number in range(1, 10)]
    assert (found["request_source"], found["right"]) == ("urn:registry:cn-sh", "invention")


def test_eight_comparables_are_refused(book: Book) -> None:
    post(book, *nine()[:8])
    found = answered(book, request("CN99"))
    assert (found["type"], found["reason"], found["had"], found["needed"]) == ("refused", "too_few", 8, 9)
    assert len(found["evidence"]) == 8


def test_an_asset_of_an_unknown_right_is_refused(book: Book) -> None:
    post(book, *nine())
    assert answered(book, request("CN99", right=...))["reason"] == "asset_unknown"


@pytest.mark.parametrize(
    "ninth",
    [
        sale(9, "1.00", assignors=[{"name": "o1 "}]),
        sale(9, "1.00", assets=[asset(id="CN9"), asset(id="CN10")]),
        sale(9, None),
        sale(9, "1.00", conveyance="merger"),
        sale(9, "1.00", assets=[asset(id="CN9", right="design")]),
        sale(9, "1.00", assets=[asset(id="US9")]),
        sale(9, "1.00", price=money("1.00", "USD")),
        sale(9, "1.00", day="2021-06-30"),
        sale(9, "1.00", day="2024-07-01"),
        sale(9, "1.00", assets=[asset(id="CN99")]),
        sale(9, "1.00", assignors=[{"name": "O99"}]),
    ],
    ids=[
        "the owner of another", "a pool", "no price", "a merger", "another right", "another office", "another currency",
        "too old", "after the day", "of the subject", "by its owner",
    ],
)  # fmt: skip
def test_a_deal_that_is_no_comparable_does_not_count(book: Book, ninth: Event) -> None:
    post(book, patent(99), *nine()[:8], ninth)
    found = answered(book, request("CN99"))
    assert (found["type"], found["had"]) == ("refused", 8)


def test_one_owner_with_eight_cheap_deals_does_not_make_a_market(book: Book) -> None:
    names = (
        "Dumper Inc",
        "Dumper, Inc.",
        "DUMPER INC.",
        "(Dumper) Inc",
        "dumper  inc",
        "Dumper-Inc",
        "DumperInc",
        "Dumper Inc;",
    )
    cheap = [sale(number, "1.00", assignors=[{"name": name}]) for number, name in enumerate(names, 20)]
    post(book, *cheap, sale(1), sale(2, assignors=[{"name": "..."}]))
    assert answered(book, request("CN99"))["had"] == 3


def test_licences_are_compared_with_licences_alone(book: Book) -> None:
    licences = [
        event_on(
            "licence.recorded",
            f"L-{number}",
            "2024-01-02",
            contract_no=f"L-{number}",
            fee="fixed",
            amount=money(price),
            licensors=[{"name": f"O{number}"}],
            licensees=[{"name": "B"}],
            assets=[asset(id=f"CN{number}")],
        )
        for number, price in enumerate(PRICES, 1)
    ]
    post(book, *licences)
    assert answered(book, request("CN99", purpose="licence"))["type"] == "completed"
    assert answered(book, request("CN99", purpose="transfer"))["had"] == 0


def test_the_nearest_by_words_and_symbols_are_taken(book: Book) -> None:
    near = {"ipc": ["H01M0010052500"], "title": "Lithium battery with a solid electrolyte"}
    far = {"ipc": ["A23L0033100000"], "title": "Drink of ginger and honey"}
    for number in range(1, 19):
        post(book, patent(number, **(near if number % 2 else far)), sale(number, f"{number}.00"))
    post(book, patent(99, ipc=["H01M0010052500"], title="Battery with solid electrolytes"))
    found = answered(book, request("CN99"))
    assert [item["asset"] for item in found["evidence"]] == [f"CN{number}" for number in range(1, 19, 2)]


def test_without_words_the_latest_are_taken(book: Book) -> None:
    post(book, *(sale(number, f"{number}.00", day=f"2024-01-{number:02}") for number in range(1, 21)))
    found = answered(book, request("CN99"))
    assert (found["low"]["amount"], found["high"]["amount"]) == ("12.00", "20.00")


# ---- what was published before the request


def test_what_is_published_later_is_never_seen(book: Book) -> None:
    post(book, *nine())
    found, before = asked(book, request("CN99"))
    offsets = evidence_before(book, found, before)
    first = answer(EvidenceReader(book), found, offsets)
    changed = corrected(sale(3), price=money("12345.00"))
    post(book, *(sale(number, "1.00", day="2024-06-29") for number in range(20, 40)), changed, voided(sale(1)))
    post(book, patent(2, right="design"))
    evidence = EvidenceReader(book)
    assert answer(evidence, found, evidence_before(book, found, before)) == first
    evidence.move(book.next_offsets())  # and back
    assert answer(evidence, found, offsets) == first
    assert json.loads(first)["data"]["high"]["amount"] == "900.00"


def test_corrected_and_voided_deals_change_the_next_answer(book: Book) -> None:
    evidence = EvidenceReader(book)
    post(book, *nine())
    assert answered(book, request("CN99"), evidence)["high"]["amount"] == "900.00"
    post(book, corrected(sale(9, PRICES[8]), price=money("950.00")))
    assert answered(book, request("CN99", purpose="insurance"), evidence)["high"]["amount"] == "950.00"
    post(book, voided(sale(1, PRICES[0])))
    found = answered(book, request("CN99", purpose="transfer"), evidence)
    assert (found["type"], found["had"]) == ("refused", 8)


def test_a_request_sees_no_more_than_the_positions_that_it_names(book: Book) -> None:
    post(book, *nine())
    first = ",".join(f"{topic}:{number}={end}" for (topic, number), end in book.next_offsets().items())
    post(book, *nine(21)[:5])
    assert answered(book, request("CN99", positions=first))["high"]["amount"] == "900.00"
    assert answered(book, request("CN99", positions="ip.patent.v1:0=5"))["had"] == 0
    ahead = ",".join(f"ip.deal.v1:{number}=999" for number in range(4))
    found, before = asked(book, request("CN98", positions=ahead))
    post(book, *(sale(number, "1.00") for number in range(40, 60)))
    assert evidence_before(book, found, before).items() <= before.items()


def test_nothing_after_the_request_in_its_own_partition_is_seen(book: Book) -> None:
    found, _ = asked(book, request("CN99", approach="cost", comparables=...))
    post(book, stated("development", cost=money("1000.00")))
    offsets = evidence_before(book, found, book.next_offsets())
    assert json.loads(answer(EvidenceReader(book), found, offsets))["data"]["reason"] == "inputs_missing"


# ---- the other approaches


def stated(name: str, **data: Any) -> Event:
    return event_on("valuation.input", "CN99", "2024-03-01", name=name, **data)


def test_costs_are_a_floor(book: Book) -> None:
    fee = event_on("patent.fee_paid", "CN99", "2024-02-01", fee_year=3, amount=money("900.00"))
    post(book, fee, stated("development", cost=money("1000.00")), stated("tests", cost=money("1.00", "USD")))
    post(book, stated("development", cost=money("2000.00")))
    found = answered(book, request("CN99", approach="cost", comparables=...))
    assert (found["low"], found["mid"], found["bound"]) == (money("2900.00"), money("2900.00"), "floor")
    assert found.keys().isdisjoint({"high", "coverage"})
    assert [item["value"]["amount"] for item in found["evidence"]] == ["900.00", "2000.00"]


def test_scenarios_are_an_interval_without_a_coverage(book: Book) -> None:
    for name, revenue in (("low", "1000.00"), ("high", "3000.00")):
        scenario = {"revenues": [money(revenue)], "royalty_bp": 500, "tax_bp": 0, "discount_bp": 0}
        post(book, stated(name, scenario=scenario))
    found = answered(book, request("CN99", approach="income", comparables=...))
    assert [found[end]["amount"] for end in ("low", "mid", "high")] == ["50.00", "50.00", "150.00"]
    assert "coverage" not in found


def test_a_patent_that_is_not_in_force_has_no_market_value(book: Book) -> None:
    post(book, *nine(), patent(99), event_on("patent.ceased", "CN99", "2024-06-01"))
    assert answered(book, request("CN99"))["reason"] == "not_in_force"
    assert answered(book, request("CN99", as_of="2024-05-31"))["type"] == "completed"


def test_a_portfolio_is_a_sum_without_a_coverage(book: Book) -> None:
    post(book, *nine())
    found = answered(book, request("Portfolio", assets=["CN98", "CN99"]))
    assert [found[end]["amount"] for end in ("low", "mid", "high")] == ["200.00", "1000.00", "1800.00"]
    assert "coverage" not in found
    post(book, patent(98), event_on("patent.ceased", "CN98", "2024-06-01"))
    found = answered(book, request("Portfolio", assets=["CN98", "CN99"], purpose="transfer"))
    assert (found["type"], found["reason"], found["asset"]) == ("refused", "not_in_force", "CN98")


# ---- proof


def publish(book: Book, subject: str, value: bytes) -> None:
    """Post a record with this value, byte for byte."""
    number = partition(subject)
    start = book.next_offsets()[VALUATIONS, number]
    BookSink(book).post(Batch(VALUATIONS, number, start, start + 1, [record(start, value, subject.encode())]))


def test_each_answer_is_proven_and_a_tampered_one_is_found(book: Book) -> None:
    post(book, *nine())
    evidence = EvidenceReader(book)
    values = {}
    for subject in ("CN90", "CN91", "CN92"):
        found, before = asked(book, request(subject))
        values[subject] = answer(evidence, found, evidence_before(book, found, before))
    tampered = values["CN92"].replace(b'"900.00"', b'"901.00"', 1)
    unasked = values["CN91"].replace(b'"request_id":"', b'"request_id":"0')
    post(book, voided(sale(1)))
    for subject, value in (("CN90", values["CN90"]), ("CN91", unasked), ("CN92", tampered)):
        publish(book, subject, value)
    verdicts = {one.subject: (one.answer, one.model_id, one.verdict) for one in proven(book)}
    assert verdicts == {
        "CN90": ("ip.valuation.completed", "ip-ledger/market", "equal"),
        "CN91": ("ip.valuation.completed", "ip-ledger/market", "request_missing"),
        "CN92": ("ip.valuation.completed", "ip-ledger/market", "differs"),
    }
    assert requested(book) == 3


def test_an_answer_by_another_version_is_not_judged(book: Book) -> None:
    post(book, *nine())
    found, before = asked(book, request("CN90"))
    value = answer(EvidenceReader(book), found, evidence_before(book, found, before))
    publish(book, "CN90", value.replace(b'"model_version":"2"', b'"model_version":"0"'))
    assert [one.verdict for one in proven(book)] == ["other_rule"]


@pytest.mark.slow
def test_the_interval_keeps_its_promise_over_a_log_of_deals(book: Book) -> None:
    random = Random(20241204)

    def price() -> str:
        return f"{random.lognormvariate(13, 1.3):.2f}"

    kinds = [f"{section}{number:02}N0003047500" for section in "ABCDEFGH" for number in range(1, 6)]
    post(book, *(patent(number, ipc=[random.choice(kinds)]) for number in range(1, 3001)))
    post(book, *(sale(number, price(), day=f"202{random.randrange(2, 4)}-0{random.randrange(1, 9)}-11")
                 for number in range(1, 2001)))  # fmt: skip
    evidence, inside = EvidenceReader(book), 0
    numbers = range(2001, 3001, round(1 / EFFORT))
    for number in numbers:
        found = answered(book, request(f"CN{number}"), evidence)
        low, high = (float(found[end]["amount"]) for end in ("low", "high"))
        inside += low <= float(price()) <= high
    assert abs(inside / len(numbers) - 0.8) <= 0.03 * (1000 / len(numbers)) ** 0.5


def test_evidence_that_does_not_fit_into_an_event_is_refused(book: Book) -> None:
    letters = "\U00020000" * 60  # of four bytes
    sold = [f"CN{letters}{number}" for number in range(10, 49)]
    post(book, *(sale(number, assets=[asset(id=name)]) for number, name in enumerate(sold)))
    portfolio = [f"CN{number}{letters}" for number in range(10, 100)]
    found, before = asked(book, request("portfolio", assets=portfolio, comparables=39))
    value = answer(EvidenceReader(book), found, evidence_before(book, found, before))
    assert isinstance(judge(value), Judged)
    data = json.loads(value)["data"]
    assert (data["reason"], data["detail"]) == ("other", "the evidence does not fit into an event")
    publish(book, "portfolio", value)
    assert [one.verdict for one in proven(book)] == ["equal"]
