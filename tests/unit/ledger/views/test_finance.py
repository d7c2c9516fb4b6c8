"""Loans and loan-to-value, on histories whose figures are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from tests.events import Event, asset, corrected, money, voided
from tests.posting import event_on, post, shown

DAY = 20241231


def policy(name: str, day: str, value: str, **data: Any) -> Event:
    return event_on("reference.policy", data.pop("subject", "policy"), day, policy=name, value=value, **data)


def disbursed(deal: str, day: str, amount: dict[str, str], **data: Any) -> Event:
    return event_on("loan.disbursed", deal, day, amount=amount, **data)


def pledge(subject: str, assets: list[dict[str, Any]], secured: dict[str, str] | None = None, **data: Any) -> Event:
    defaults = {"assets": assets, "secured": secured or ..., "region": "CN-SH", "registration_no": f"Y{subject}"}
    return event_on("pledge.registered", subject, data.pop("day", "2023-01-01"), **defaults | data)


def of(*amounts: str | None, right: str = "invention", currency: str = "CNY") -> list[dict[str, Any]]:
    return [
        asset(right=right, id=f"{right} {n}", appraised=money(amount, currency) if amount else ...)
        for n, amount in enumerate(amounts)
    ]


# ---- loans


def test_a_loan_is_disbursed_minus_repaid_and_compensated(book: Book) -> None:
    wrong = event_on("loan.repaid", "D1", "2023-06-01", amount=money("1.00"))
    post(
        book,
        disbursed("D1", "2023-01-10", money("1000.00"), due_on="2023-12-31", rate_bp=385, region="CN-SH"),
        disbursed("D1", "2023-02-10", money("500.00"), due_on="2024-02-28"),
        wrong,
        corrected(wrong, amount=money("300.00")),
        event_on("loan.compensated", "D1", "2024-03-01", amount=money("200.00")),
        event_on("loan.repaid", "D1", "2024-03-02", amount=money("1000.00")),
        disbursed("D2", "2024-01-01", money("5", "JPY")),
    )
    columns = ("disbursed", "repaid", "compensated", "outstanding", "due_on", "overdue_days")
    first = {"deal": "D1"}

    def loan(as_of: int, **asked: Any) -> Any:
        return shown(book, "loans", *columns, as_of=as_of, **asked | first)

    assert loan(20230109) == []
    assert loan(20230110) == [("1000.00", "0.00", "0.00", "1000.00", "2023-12-31", 0)]
    assert loan(20240228) == [("1500.00", "300.00", "0.00", "1200.00", "2024-02-28", 0)]
    assert loan(20240301) == [("1500.00", "300.00", "200.00", "1000.00", "2024-02-28", 2)]  # over 29 February
    assert loan(20240302) == [("1500.00", "1300.00", "200.00", "0.00", "2024-02-28", 0)]
    assert loan(20240228, recorded=True) == [("1500.00", "1.00", "0.00", "1499.00", "2024-02-28", 0)]
    assert shown(book, "loans", "deal", "region", "rate_bp", "disbursed_on", as_of=DAY) == [
        ("D1", "CN-SH", 385, "2023-01-10"),
        ("D2", None, None, "2024-01-01"),
    ]
    assert shown(book, "loans", "currency", "outstanding", "overdue_days", as_of=DAY, deal="D2") == [("JPY", "5", None)]


def test_currencies_of_a_loan_are_separate(book: Book) -> None:
    post(
        book,
        policy("inclusive_loan", "2020-01-01", "1000", currency="CNY"),
        disbursed("D1", "2023-01-10", money("10.00")),
        event_on("loan.repaid", "D1", "2023-02-01", amount=money("3.00", "USD")),
    )
    assert shown(book, "loans", "currency", "outstanding", "outstanding_minor", "disbursed_on", "inclusive") == [
        ("CNY", "10.00", 1000, "2023-01-10", None),
        ("USD", "-3.00", -300, None, None),
    ]


@pytest.mark.parametrize(
    ("day", "amount", "region", "expected"),
    [
        ("2023-06-30", "10000000.00", "CN-SH", ("10000000", 1)),
        ("2023-06-30", "10000000.01", "CN-SH", ("10000000", 0)),
        ("2023-07-01", "20000000.00", "CN-SH", ("20000000.005", 1)),
        ("2023-07-01", "20000000.01", "CN-SH", ("20000000.005", 0)),
        ("2023-07-01", "20000000.00", "CN-BJ", ("5000", 0)),
        ("2023-08-01", "20000000.00", "CN-BJ", ("20000000.005", 1)),
        ("2023-07-01", "20000000.00", ..., ("20000000.005", 1)),
        ("2019-12-31", "1.00", "CN-SH", (None, None)),
    ],
)
def test_a_loan_is_inclusive_by_the_threshold_of_its_day_and_region(
    book: Book, day: str, amount: str, region: Any, expected: Any
) -> None:
    post(
        book,
        policy("inclusive_loan", "2023-07-01", "20000000.005", currency="CNY"),  # logged before its predecessor
        policy("inclusive_loan", "2020-01-01", "10000000", currency="CNY"),
        policy("inclusive_loan", "2020-01-01", "5000", currency="CNY", region="CN-BJ", valid_to="2023-07-31"),
        policy("inclusive_loan", "2020-01-01", "1", currency="CNY", right="trademark"),
        policy("inclusive_loan", "2023-07-01", "2", currency="USD", region="CN-SH"),
        policy("ltv_cap", "2020-01-01", "0.5"),
        disbursed("D1", day, money(amount), region=region),
    )
    assert shown(book, "loans", "threshold", "inclusive", as_of=DAY) == [expected]


def test_a_threshold_is_one_of_its_own_currency(book: Book) -> None:
    post(
        book,
        policy("inclusive_loan", "2020-01-01", "100", currency="CNY"),
        policy("inclusive_loan", "2020-01-01", "10", currency="USD"),
        *(disbursed(f"D {code}", "2023-01-01", money("50", code)) for code in ("CNY", "JPY", "USD")),
    )
    assert shown(book, "loans", "currency", "threshold", "inclusive") == [
        ("CNY", "100", 1),
        ("JPY", None, None),
        ("USD", "10", 0),
    ]


# ---- loan to value


def test_the_first_pledge_loan_of_2006_was_exactly_at_the_cap(book: Book) -> None:
    """6 m yuan appraised, 1.5 m lent: 25 %, and so no breach."""
    post(
        book,
        pledge("P1", of("6000000.00"), money("1500000.00"), deal_id="D1"),
        disbursed("D1", "2023-01-10", money("1500000.00")),
        policy("ltv_cap", "2006-10-01", "0.25", right="invention"),
    )
    columns = ("appraised", "appraised_minor", "ltv", "loan_ltv", "ltv_cap", "breach", "loan_breach")
    assert shown(book, "ltv", *columns) == [("6000000.00", 600_000_000, 0.25, 0.25, "0.25", 0, 0)]
    post(
        book,
        event_on("pledge.modified", "P1", "2023-02-01", registration_no="YP1", secured=money("1500000.01")),
        event_on("loan.repaid", "D1", "2023-02-01", amount=money("300000.00")),
    )
    assert shown(book, "ltv", *columns[2:]) == [(pytest.approx(0.25), 0.2, "0.25", 1, 0)]
    assert shown(book, "ltv", "secured", "outstanding", as_of=20230131) == [("1500000.00", "1500000.00")]


@pytest.mark.parametrize(
    ("assets", "secured", "expected"),
    [
        (of("100.00", "300.00"), money("100.00"), (2, 2, "CNY", "400.00", 0.25)),
        (of("100.00", None), money("100.00"), (2, 1, None, None, None)),
        (of(None), money("100.00"), (1, 0, None, None, None)),
        (of("0", "0"), money("100.00"), (2, 2, "CNY", "0.00", None)),
        (of("100.00") + of("1.00", right="design", currency="USD"), money("1.00"), (2, 2, None, None, None)),
        (of("100.00"), money("1.00", "USD"), (1, 1, "CNY", "100.00", None)),
        (of("100.00"), None, (1, 1, "CNY", "100.00", None)),
        (of("100.00"), money("0"), (1, 1, "CNY", "100.00", 0.0)),
    ],
    ids=["sum", "one not appraised", "none appraised", "worth 0", "two currencies", "other debt", "undisclosed", "0"],
)
def test_ltv_is_null_unless_all_is_known_in_one_currency(book: Book, assets: Any, secured: Any, expected: Any) -> None:
    status = {} if secured else {"amount_status": "undisclosed"}
    post(book, pledge("P1", assets, secured, **status))
    columns = ("assets", "appraised_assets", "appraised_currency", "appraised", "ltv")
    assert shown(book, "ltv", *columns) == [expected]
    assert shown(book, "ltv", "loan_ltv", "ltv_cap", "breach") == [(None, None, None)]


def test_ltv_covers_pledges_in_force_and_their_current_assets(book: Book) -> None:
    wrong = pledge("P2", of("10.00"), money("5.00"))
    post(
        book,
        pledge("P1", of("100.00", "300.00"), money("200.00")),
        event_on("pledge.modified", "P1", "2023-03-01", registration_no="YP1", released=["invention 1"]),
        event_on("pledge.cancelled", "P1", "2023-05-01", registration_no="YP1"),
        wrong,
        corrected(wrong, secured=money("8.00")),
    )
    assert shown(book, "ltv", "pledge", "assets", "ltv", as_of=20230228) == [("P1", 2, 0.5), ("P2", 1, 0.8)]
    assert shown(book, "ltv", "pledge", "assets", "ltv", as_of=20230301) == [("P1", 1, 2.0), ("P2", 1, 0.8)]
    assert shown(book, "ltv", "pledge", "ltv", as_of=20230501) == [("P2", 0.8)]
    assert shown(book, "ltv", "ltv", as_of=20230501, recorded=True) == [0.5]


def test_a_loan_is_compared_with_all_pledges_of_its_deal(book: Book) -> None:
    post(
        book,
        pledge("P1", of("300.00"), money("100.00"), deal_id="D1"),
        pledge("P2", of("100.00", right="trademark"), money("100.00"), deal_id="D1"),
        pledge("P3", of("50.00"), money("100.00"), deal_id="D2"),
        pledge("P4", of(None, right="trademark"), money("100.00"), deal_id="D2"),
        pledge("P5", of("50.00"), money("10.00"), deal_id="D3"),
        disbursed("D1", "2023-01-10", money("200.00")),
        disbursed("D2", "2023-01-10", money("200.00")),
        disbursed("D3", "2023-01-10", money("200.00")),
        disbursed("D3", "2023-01-10", money("200.00", "USD")),
    )
    columns = ("pledge", "loan_currency", "outstanding", "loan_ltv")
    assert shown(book, "ltv", *columns) == [
        ("P1", "CNY", "200.00", 0.5),
        ("P2", "CNY", "200.00", 0.5),
        ("P3", "CNY", "200.00", None),
        ("P4", "CNY", "200.00", None),
        ("P5", None, None, None),
    ]


def test_the_most_specific_cap_holds_and_the_lowest_over_rights(book: Book) -> None:
    void = policy("ltv_cap", "2020-01-01", "0.01", right="trademark", region="CN-BJ")
    post(
        book,
        policy("ltv_cap", "2020-01-01", "0.6"),
        policy("ltv_cap", "2020-01-01", "0.05", region="CN-SH"),
        policy("ltv_cap", "2020-01-01", "0.25", right="invention"),
        policy("ltv_cap", "2020-01-01", "0.2", right="invention", region="CN"),
        policy("ltv_cap", "2021-01-01", "0.3", right="invention", region="CN"),
        policy("ltv_cap", "2020-06-01", "0.1", right="invention", region="CN"),
        policy("ltv_cap", "2020-01-01", "0.9", right="invention", region="CN-GD", valid_to="2022-12-31"),
        policy("ltv_cap", "2020-01-01", "0.15", right="utility_model"),
        void,
        voided(void),
        pledge("P1", of("1.00"), region="CN-BJ"),
        pledge("P2", of("1.00"), region="US"),
        pledge("P3", of("1.00") + of("1.00", right="utility_model"), region="CN-BJ"),
        pledge("P4", of("1.00", right="trademark"), region="CN-BJ"),
        pledge("P5", of("1.00", right="trademark")),
        pledge("P6", of("1.00"), region=...),
        pledge("P7", of("1.00"), region="CN-GD"),
        pledge("P8", of("1.00"), region="CN-SH"),
        pledge("P9", of("1.00", right="utility_model"), region="CN-SH"),
    )
    expected = {"P1": "0.3", "P2": "0.25", "P3": "0.15", "P4": "0.6", "P5": "0.05", "P6": "0.25", "P7": "0.3"}
    expected |= {"P8": "0.3", "P9": "0.15"}  # a cap of the right goes before one of the region
    assert dict(shown(book, "ltv", "pledge", "ltv_cap")) == expected
    assert shown(book, "ltv", "ltv_cap", recorded=True, pledge="P4") == ["0.01"]
    assert shown(book, "ltv", "right", pledge="P3") == ["mixed"]
    assert shown(book, "ltv", "ltv_cap", as_of=20230101, pledge="P7") == ["0.3"]
