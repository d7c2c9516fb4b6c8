"""Plausible slips: each is flagged, and similar correct events are not."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from tests.events import Event, corrected, money, voided
from tests.posting import event_on, post, shown

WINDOW, LEAST = 100, 5
"""An amount is compared with the median of this many earlier amounts; fewer give no flag."""
ID = "CN109000001B"
ASSET = {"id": ID, "right": "invention"}


def pledge(subject: str, occurred_on: str = "2023-03-01", amount: str | None = None, **data: Any) -> Event:
    defaults = {"assets": [ASSET], "secured": money(amount) if amount else ..., "debt_from": ..., "debt_to": ...}
    return event_on("pledge.registered", subject, occurred_on, **defaults | data)


def pledges(count: int, amount: str, occurred_on: str = "2023-01-01") -> list[Event]:
    return [pledge(f"{occurred_on}-{amount}-{number}", occurred_on, amount) for number in range(count)]


def flags(book: Book, *columns: str, **asked: Any) -> Any:
    return shown(book, "plausibility", *columns or ("subject", "flag"), **asked)


# ---- units


@pytest.mark.parametrize(
    ("amount", "flag"),
    [
        ("100000.00", "unit_slip_100"),
        ("33334.00", "unit_slip_100"),
        ("33333.00", None),
        ("300000.00", "unit_slip_100"),
        ("300001.00", None),
        ("10.00", "unit_slip_100"),
        ("10000000.00", "unit_slip_10000"),
        ("0.10", "unit_slip_10000"),
        ("100000000000.00", "unit_slip_100000000"),
        ("1000.00", None),
        ("0.00", None),
    ],
)
def test_an_amount_in_another_unit(book: Book, amount: str, flag: str | None) -> None:
    """The median before is 1000.00."""
    post(book, *pledges(3, "1000.00"), *pledges(3, "500.00", "2022-01-01"), *pledges(1, "1000.00", "2023-01-02"))
    post(book, pledge("P9", amount=amount))
    assert flags(book) == ([("P9", flag)] if flag else [])


def test_a_flag_names_its_measure(book: Book) -> None:
    post(book, *pledges(5, "70"), pledge("P9", amount="7000", source_code="PE01"))
    post(book, *(pledge(f"Y{n}", secured=money("100", "JPY")) for n in range(5)), pledge("Y9", "2023-03-02"))
    post(book, pledge("Y8", "2023-03-02", secured=money("1", "JPY")))
    assert flags(book, "topic", "offset", "subject", "value", "expected", "explanation") == [
        (
            "ip.pledge.v1",
            _offset(book, "P9"),
            "P9",
            "7000.00 CNY",
            "70.00 CNY",
            "about 100 of the median of pledges before",
        ),
        ("ip.pledge.v1", _offset(book, "Y8"), "Y8", "1 JPY", "100 JPY", "about 1/100 of the median of pledges before"),
    ]


def test_few_amounts_give_no_flag(book: Book) -> None:
    post(book, *pledges(LEAST - 1, "10"), pledge("P8"), pledge("P9", "2023-03-02", "1000"))
    assert flags(book) == []


@pytest.mark.parametrize(
    ("before", "amount"),
    [
        ([("1", 2), ("1000", 3)], "10"),  # the amount itself is not in its measure
        ([("10", 3), ("1000", 3)], "1000"),  # of an even number the lower one
        ([("0", 6), ("10", 5)], "1000"),  # 0 is no amount
    ],
)
def test_the_median(book: Book, before: list[tuple[str, int]], amount: str) -> None:
    days = ("2022-01-01", "2022-06-01")
    for occurred_on, (each, count) in zip(days, before, strict=True):
        post(book, *pledges(count, each, occurred_on))
    post(book, pledge("P9", amount=amount))
    assert flags(book, "subject", subject="P9") == ["P9"]


def test_later_amounts_are_no_measure(book: Book) -> None:
    post(book, pledge("P9", "2022-12-31", "1000"), *pledges(LEAST, "10"))
    assert flags(book) == []


def test_kinds_and_currencies_are_separate(book: Book) -> None:
    post(
        book,
        *pledges(LEAST + 1, "1000"),
        pledge("P9", secured=money("10", "USD")),
        event_on("valuation.completed", ID, "2023-03-01", mid=money("1000"), method="cost"),
        *(event_on("loan.disbursed", f"D{n}", "2023-01-01", amount=money("10")) for n in range(LEAST)),
        event_on("loan.disbursed", "D9", "2023-03-01", amount=money("1000")),
    )
    assert flags(book) == [("D9", "unit_slip_100")]


def test_the_measure_is_the_last_hundred_amounts(book: Book) -> None:
    """After 120 at 10 and 80 at 1000, the 101st to 200th are compared with 10, later ones with 1000."""
    post(book, *pledges(WINDOW + 20, "10", "2021-01-01"), *pledges(80, "1000", "2022-01-01"))
    post(book, pledge("low", "2023-01-01", "10"), pledge("usual", "2023-01-01", "1000"))
    assert len(flags(book, flag="unit_slip_100")) == 80 + 1
    assert flags(book, subject="low") == [("low", "unit_slip_100")]


def test_a_question_for_a_subject_reads_the_amounts_near_its_own(book: Book) -> None:
    """The 371st amount is compared with the 201st to 300th, of which 90 are 10; only the last 220 are sorted."""
    post(book, *pledges(150, "10", "2022-01-01"), *pledges(140, "10", "2023-06-01"), *pledges(80, "1000", "2023-06-02"))
    post(book, pledge("last", "2023-06-15", "1000"))
    assert flags(book, subject="last") == [("last", "unit_slip_100")]


# ---- days


def test_days_that_lie_in_the_future_of_the_broker(book: Book) -> None:
    """The tests' broker receives events on 2023-11-14; elsewhere it can already be the next day."""
    late, policy = pledge("P2", "2023-11-16"), event_on("reference.policy", "policy/x", "2030-01-01")
    post(book, pledge("P1", "2023-11-15"), late, policy)
    assert flags(book, "subject", "flag", "value", "expected") == [("P2", "future", "2023-11-16", "2023-11-15")]
    post(book, corrected(late, occurred_on="2023-01-01"))
    assert flags(book) == []
    assert flags(book, recorded=True) == [("P2", "future")]


def test_a_correction_can_be_the_slip(book: Book) -> None:
    original = pledge("P2")
    post(book, original, corrected(original, occurred_on="2103-03-01"))
    assert flags(book, "subject", "flag", "value") == [("P2", "future", "2103-03-01")]
    assert flags(book, recorded=True) == []


def test_before_there_were_chinese_patents(book: Book) -> None:
    post(
        book,
        event_on("patent.ceased", "CN2B", "1985-03-31"),
        *(event_on("patent.fee_paid", f"CN{n}B", day) for n, day in ((3, "1985-03-31"), (4, "1985-04-01"))),
        event_on("patent.fee_paid", "US1B", "1950-01-01"),
        pledge("P1", "1984-01-01"),
        pledge("P2", "1984-01-01", region="US"),
        pledge("P3", "1984-01-01", region="CN-SH"),
    )
    assert flags(book) == [("CN3B", "before_1985"), ("P3", "before_1985")]


@pytest.mark.parametrize(
    ("debt", "expected"),
    [
        ({"debt_from": "2023-03-01", "debt_to": "2023-03-01"}, []),
        ({"debt_to": "2023-02-28"}, [("2023-02-28", "2023-03-01")]),
        ({"debt_from": "2023-05-01", "debt_to": "2023-04-30"}, [("2023-04-30", "2023-05-01")]),
        ({"debt_from": "2022-05-01", "debt_to": "2023-02-28"}, [("2023-02-28", "2023-03-01")]),
    ],
)
def test_a_debt_that_is_due_before_it_begins(book: Book, debt: dict[str, str], expected: list[Any]) -> None:
    post(book, pledge("P1", **debt))
    assert flags(book, "value", "expected", flag="debt_period") == expected


def grant(occurred_on: str, subject: str = ID, **data: Any) -> Event:
    return event_on(
        "patent.granted", subject, occurred_on, office="CN", number="109000001", kind="B", filed_on=..., **data
    )


def test_a_patents_days_are_in_order(book: Book) -> None:
    filed = event_on("patent.filed", ID, "2018-01-01", office="CN", application_number="201710601862.3")
    post(book, grant("2017-01-01"), filed, event_on("patent.ceased", ID, "2016-12-31", reason="fee"))
    assert flags(book, "flag", "value", "expected") == [
        ("granted_before_filing", "2017-01-01", "2018-01-01"),
        ("ceased_before_grant", "2016-12-31", "2017-01-01"),
    ]
    post(book, voided(filed), event_on("patent.restored", ID, "2017-02-01"))
    assert flags(book) == []


# ---- pools


def test_an_asset_that_is_named_twice(book: Book) -> None:
    twice = [ASSET, ASSET, {"id": ID, "right": "trademark"}, {"id": "CN2U", "right": "utility_model"}]
    post(book, pledge("P1", assets=twice))
    assert flags(book, "subject", "flag", "value", "explanation") == [
        ("P1", "duplicate_asset", ID, "named 2 times in the pool"),
    ]


def test_a_release_of_an_asset_that_was_never_pledged(book: Book) -> None:
    post(book, pledge("P1", assets=[ASSET, {"id": "CN2B", "right": "invention"}]))
    post(book, event_on("pledge.modified", "P1", "2023-06-01", released=[ID, "CN3B"]))
    assert flags(book, "subject", "flag", "value") == [("P1", "released_unknown", "CN3B")]


def test_an_asset_that_joins_and_is_released_on_one_day_was_pledged(book: Book) -> None:
    """It is in the pool on no day: only the event that adds it has it."""
    more = {"secured": ..., "pledgees": ..., "debt_to": ...}
    post(book, pledge("P1"))
    post(
        book,
        event_on(
            "pledge.modified", "P1", "2023-06-01", added=[{"id": "CN2B", "right": "invention"}], released=..., **more
        ),
    )
    post(book, event_on("pledge.modified", "P1", "2023-06-01", released=["CN2B"], added=..., **more))
    assert flags(book, flag="released_unknown") == []


def _offset(book: Book, subject: str) -> int:
    (offset,) = shown(book, "journal", "offset", subject=subject)
    return int(offset)
