"""Exposure and concentration by debtor, and support of loans, on histories whose figures are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from tests.events import Event, asset, corrected, money, voided
from tests.posting import event_on, post, shown

DAY = 20231231
ACME = {"name": "Acme", "id": "A-1"}
BETA = {"name": "Beta"}


def pledge(subject: str, secured: str | None, *pledgors: dict[str, Any], currency: str = "CNY", **data: Any) -> Event:
    """Return a pledge of 2023-01-01 with these pledgors; `secured` None means undisclosed."""
    amount: dict[str, Any] = {"secured": ..., "amount_status": "undisclosed"}
    if secured is not None:
        amount = {"secured": money(secured, currency), "amount_status": "registered"}
    fields = {"pledgors": [*pledgors], "assets": [asset(id=subject)], "deal_id": ..., "region": "CN-SH", **amount}
    return event_on("pledge.registered", subject, "2023-01-01", **fields | data)


def lent(
    deal: str, amount: str, borrower: Any = ..., day: str = "2023-02-01", currency: str = "CNY", **data: Any
) -> Event:
    fields = {"amount": money(amount, currency), "borrower": borrower, "region": "CN-SH"}
    return event_on("loan.disbursed", deal, day, **fields | data)


def exposures(book: Book, *columns: str, as_of: int = DAY, **asked: Any) -> Any:
    """Return the rows of `exposure`, which are also those of each debtor or name asked for alone."""
    return _each_alone(book, "exposure", ("debtor", "name"), columns, {"as_of": as_of, **asked})


def _each_alone(
    book: Book, view: str, keys: tuple[str, str], columns: tuple[str, ...], asked: dict[str, Any]
) -> list[Any]:
    """Return columns of a view after its first key, which are also those of each value of a key asked for alone."""
    whole = shown(book, view, *keys, *columns, **asked)
    for index, key in enumerate(keys):
        for value in {row[index] for row in whole} - {None}:
            alone = shown(book, view, *keys, *columns, **asked | {key: value})
            assert alone == [row for row in whole if row[index] == value]
    return [row[:1] + row[len(keys) :] for row in whole]


# ---- exposure


def test_a_debtor_owes_what_its_pledges_secure_and_its_loans_leave(book: Book) -> None:
    post(
        book,
        pledge("P1", "100.00", ACME),
        pledge("P2", "50.00", {"name": "Acme AG", "id": "A-1"}),
        event_on("pledge.modified", "P2", "2023-06-01", secured=money("40.00"), registration_no="Y"),
        pledge("P3", "7.00", BETA, debtor=ACME),
        pledge("P4", "9.00", BETA, debtor=ACME),
        event_on("pledge.cancelled", "P4", "2023-03-01"),
        lent("D1", "80.00", ACME),
        event_on("loan.repaid", "D1", "2023-05-01", amount=money("30.00")),
        lent("D2", "5.00", BETA),
        event_on("loan.compensated", "D2", "2023-05-01", amount=money("5.00")),
    )
    columns = ("name", "currency", "pledges", "secured", "loans", "outstanding", "outstanding_minor")
    assert exposures(book, *columns) == [("A-1", "Acme", "CNY", 3, "147.00", 1, "50.00", 5000)]
    assert exposures(book, *columns, as_of=20230228) == [
        ("A-1", "Acme", "CNY", 4, "166.00", 1, "80.00", 8000),
        ("Beta", "Beta", "CNY", 0, "0.00", 1, "5.00", 500),
    ]


def test_joint_pledgors_have_equal_parts_and_unnamed_ones_a_row(book: Book) -> None:
    post(
        book,
        pledge("P1", "0.05", ACME, BETA),
        pledge("P2", None, BETA),
        pledge("P3", "2.00"),
        pledge("P4", "3", BETA, currency="JPY"),
        lent("D1", "1.00"),
    )
    assert exposures(book, "currency", "pledges", "secured", "outstanding") == [
        ("A-1", "CNY", 1, "0.03", "0.00"),
        ("Beta", None, 1, None, None),
        ("Beta", "CNY", 1, "0.02", "0.00"),
        ("Beta", "JPY", 1, "3", "0"),
        (None, "CNY", 1, "2.00", "1.00"),
    ]


def test_a_loan_is_that_of_its_first_borrower_else_of_its_pledge(book: Book) -> None:
    post(
        book,
        pledge("P1", "1.00", BETA, ACME, deal_id="D1", debtor=...),
        pledge("P2", "1.00", ACME, deal_id="D2", debtor=BETA),
        lent("D1", "10.00"),
        lent("D1", "20.00"),
        lent("D2", "40.00"),
        lent("D2", "80.00", ACME, day="2023-03-01"),
        lent("D3", "1.00", BETA, day="2023-03-01"),
        lent("D3", "1.00", ACME),
    )
    assert exposures(book, "loans", "outstanding") == [("A-1", 2, "122.00"), ("Beta", 1, "30.00")]
    assert exposures(book, "loans", "outstanding", as_of=20230228) == [("A-1", 1, "1.00"), ("Beta", 2, "70.00")]


def test_a_corrected_debtor_has_the_exposure_on_the_corrected_basis(book: Book) -> None:
    wrong, loan = pledge("P1", "1.00", debtor=BETA), lent("D1", "2.00", BETA)
    post(book, wrong, corrected(wrong, debtor=ACME), loan, corrected(loan, borrower=ACME))
    assert exposures(book, "secured", "outstanding") == [("A-1", "1.00", "2.00")]
    assert exposures(book, "secured", "outstanding", recorded=True) == [("Beta", "1.00", "2.00")]


def test_a_debtor_is_found_by_any_text_of_its_name(book: Book) -> None:
    quoted, joint = {"name": 'Søn "B"\\', "id": "A-1"}, {"name": "Gamma", "id": "G-1"}
    post(
        book,
        pledge("P1", "1.00", quoted),
        pledge("P2", "2.00", BETA, joint),
        pledge("P3", "8.00", {"name": "Gamma Z", "id": "G-1"}),
        lent("D1", "4.00", {"name": "L", "id": "L-1"}),
    )
    assert exposures(book, "name", "secured", "outstanding") == [
        ("A-1", 'Søn "B"\\', "1.00", "0.00"),
        ("Beta", "Beta", "1.00", "0.00"),
        ("G-1", "Gamma", "9.00", "0.00"),
        ("L-1", "L", "0.00", "4.00"),
    ]


# ---- groups


def control(party: str, parent: str, day: str = "2020-01-01", **data: Any) -> Event:
    fields = {"party": {"name": f"Firm {party}", "id": party}, "parent": {"name": f"Firm {parent}", "id": parent}}
    return event_on("reference.control", f"control/{party}/{parent}", day, **fields | {"valid_to": ...} | data)


def groups(book: Book, *columns: str, as_of: int = DAY, **asked: Any) -> Any:
    """Return the rows of `group_exposure`, which are also those of each group or name asked for alone."""
    return _each_alone(book, "group_exposure", ("group", "name"), columns, {"as_of": as_of, **asked})


def test_a_group_has_the_debts_of_all_whom_its_head_controls(book: Book) -> None:
    post(
        book,
        pledge("P1", "100.00", ACME),
        pledge("P2", "7.00", BETA, ACME, debtor=...),
        pledge("P3", "1.00", {"name": "Head", "id": "H"}),
        lent("D1", "80.00", {"name": "Deep", "id": "C-3"}),
        pledge("P4", None, {"name": "Other"}),
        control("A-1", "M"),
        control("M", "H"),
        control("C-3", "A-1", "2023-07-01", valid_to="2023-12-31"),
    )
    columns = ("name", "currency", "members", "pledges", "secured", "loans", "outstanding")
    assert groups(book, *columns) == [
        ("Beta", "Beta", "CNY", 1, 1, "3.50", 0, "0.00"),
        ("H", "Firm H", "CNY", 3, 3, "104.50", 1, "80.00"),
        ("Other", "Other", None, 1, 1, None, 0, None),
    ]
    assert ("C-3", "80.00") in groups(book, "outstanding", as_of=20230630)
    assert ("C-3", "80.00") in groups(book, "outstanding", as_of=20240101)


def test_the_latest_parent_counts_and_a_circle_is_one_group(book: Book) -> None:
    first = control("A-1", "K", "2021-01-01")
    post(
        book,
        pledge("P1", "1.00", ACME),
        pledge("P2", "2.00", {"name": "Z", "id": "Z"}),
        pledge("P3", "4.00", {"name": "T", "id": "T"}),
        first,
        control("A-1", "L", "2022-01-01"),
        control("T", "Z"),
        control("Z", "Y"),
        control("Y", "Z"),
    )
    assert groups(book, "secured", "members") == [("L", "1.00", 1), ("Y", "6.00", 2)]
    assert groups(book, "secured", as_of=DAY, group="Y") == [("Y", "6.00")]
    post(book, voided(control("A-1", "L", "2022-01-01")))
    assert groups(book, "name", "secured")[0] == ("K", "Firm K", "1.00")
    assert groups(book, "secured", recorded=True)[0] == ("L", "1.00")


# ---- concentration


def test_the_index_is_among_debtors(book: Book) -> None:
    """65, 25 and 10 of 100: 0.4225 + 0.0625 + 0.01; loans of 75 and 25: 0.5625 + 0.0625."""
    post(
        book,
        pledge("P1", "40.00", ACME),
        pledge("P2", "50.00", BETA, ACME, debtor=...),
        pledge("P3", "5.00", {"name": "C"}),
        pledge("P4", "5.00", ACME, debtor={"name": "C"}),
        event_on("pledge.modified", "P2", "2023-06-01", secured=money("50.00"), registration_no="Y"),
        pledge("P5", "900.00"),
        pledge("P6", None, ACME),
        lent("D1", "75.00", ACME),
        lent("D2", "25.00", BETA),
    )
    columns = ("among", "currency", "contracts", "named", "debtors", "amount", "hhi", "largest_share")
    assert shown(book, "debtor_concentration", *columns, as_of=DAY) == [
        ("pledges", None, 1, 1, 1, None, None, None),
        ("pledges", "CNY", 5, 4, 3, "100.00", 0.495, 0.65),
        ("loans", "CNY", 2, 2, 2, "100.00", 0.625, 0.75),
    ]


def cap(value: str, day: str = "2020-01-01", **data: Any) -> Event:
    fields = {"policy": "inclusive_loan", "value": value, "currency": "CNY", "right": ..., "region": ...}
    return event_on("reference.policy", f"cap {value} {day}", day, **fields | data)


def test_small_debtors_are_at_most_at_the_cap_of_their_region_in_sum(book: Book) -> None:
    post(
        book,
        cap("10.00"),
        cap("20.00", "2024-01-01"),
        cap("5", region="CN-BJ"),
        cap("1000", right="trademark"),
        lent("D1", "6.00", ACME),
        lent("D2", "4.00", ACME),
        lent("D3", "10.01", BETA),
        lent("D4", "5.01", {"name": "C"}, region="CN-BJ"),
        lent("D5", "5.00", {"name": "D"}, region="CN-BJ"),
        lent("D6", "1.00", {"name": "E"}, currency="USD"),
    )
    columns = ("currency", "debtors", "capped", "small", "small_share")

    def loans(as_of: int) -> Any:
        return shown(book, "debtor_concentration", *columns, as_of=as_of, among="loans")

    usd = ("USD", 1, 0, None, None)
    assert loans(DAY) == [("CNY", 4, 4, 2, pytest.approx(15 / 30.02)), usd]
    assert loans(20240101) == [("CNY", 4, 4, 3, pytest.approx(25.01 / 30.02)), usd]


# ---- support


def test_support_of_a_loan_is_by_supporter(book: Book) -> None:
    fund, surety = {"name": "Fund"}, {"name": "Surety"}
    wrong = event_on("loan.compensated", "D1", "2023-08-01", amount=money("9.00"), paid_by="other")
    void = event_on("loan.compensated", "D1", "2023-08-02", amount=money("1.00"), paid_by="insurer")
    post(
        book,
        lent("D1", "60.00", guarantor=surety, insurer=fund),
        lent("D1", "40.00", day="2023-03-01", guarantor=fund, insurer=...),
        lent("D1", "7.00", day="2023-03-02", guarantor=..., insurer=...),
        event_on("loan.compensated", "D1", "2023-06-01", amount=money("3.00"), paid_by="guarantor"),
        event_on("loan.compensated", "D1", "2023-07-01", amount=money("2.00"), paid_by="guarantor"),
        wrong,
        corrected(wrong, paid_by="risk_fund"),
        void,
        voided(void, "v2"),
        event_on("loan.subsidised", "D1", "2023-09-01", amount=money("0.75"), payer={"name": "Bureau"}),
        event_on("loan.subsidised", "D1", "2023-10-01", amount=money("0.50"), payer=...),
    )
    columns = ("supporter", "name", "parties", "covered", "payments", "compensated", "subsidised", "last_on")
    assert shown(book, "loan_support", *columns, as_of=DAY, deal="D1") == [
        ("authority", "Bureau", 1, "0.00", 2, "0.00", "1.25", "2023-10-01"),
        ("guarantor", "Fund", 2, "100.00", 2, "5.00", "0.00", "2023-07-01"),
        ("insurer", "Fund", 1, "60.00", 0, "0.00", "0.00", None),
        ("risk_fund", None, 0, "0.00", 1, "9.00", "0.00", "2023-08-01"),
    ]
    assert shown(book, "loan_support", *columns, as_of=20230228) == [
        ("guarantor", "Surety", 1, "60.00", 0, "0.00", "0.00", None),
        ("insurer", "Fund", 1, "60.00", 0, "0.00", "0.00", None),
    ]
    recorded = dict(shown(book, "loan_support", "supporter", "compensated", as_of=DAY, recorded=True))
    assert recorded == {"authority": "0.00", "guarantor": "5.00", "insurer": "1.00", "other": "9.00"}
    assert shown(book, "loans", "compensated", "outstanding", as_of=DAY) == [("14.00", "93.00")]
