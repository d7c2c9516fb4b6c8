"""The watch list, on histories whose rows are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from tests.events import Event, asset, corrected, money, voided
from tests.posting import event_on, post, shown

CN, MARK = "CN1B", "68"


def place(book: Book, event: Event) -> str:
    """Return topic:partition=offset of a posted event."""
    found = book.connection.execute(
        'SELECT topic, partition, "offset" FROM journal WHERE id = ?', (event["id"],)
    ).fetchall()
    assert len(found) == 1
    return "{}:{}={}".format(*found[0])


def pledge(subject: str = "P1", *assets: dict[str, Any], secured: str | None = "100.00", **data: Any) -> Event:
    """Return a pledge of 2023-01-01 of CN1B, without a period; `secured` None means undisclosed."""
    amount: dict[str, Any] = {"secured": ..., "amount_status": "undisclosed"}
    if secured is not None:
        amount = {"secured": money(secured), "amount_status": "registered"}
    fields = {"assets": [*assets] or [asset(id=CN)], "debt_to": ..., "deal_id": ..., "region": "CN-SH", **amount}
    return event_on("pledge.registered", subject, "2023-01-01", **fields | data)


def change(day: str, subject: str = "P1", stem: str = "modified", **data: Any) -> Event:
    return event_on(f"pledge.{stem}", subject, day, registration_no="Y1", **data)


def grant(day: str = "2020-01-01", **data: Any) -> Event:
    fields = {"office": "CN", "right": "invention", "filed_on": "2015-01-01"}
    return event_on("patent.granted", CN, day, **fields | data)


def patent(stem: str, day: str, **data: Any) -> Event:
    return event_on(f"patent.{stem}", CN, day, **data)


def watched(book: Book, as_of: int, *columns: str, **asked: Any) -> Any:
    columns = columns or ("reason", "since", "event", "pledge", "asset", "amount", "currency")
    return shown(book, "watch_list", *columns, as_of=as_of, **asked)


def test_a_lapsed_right_is_watched_until_it_is_restored_or_released(book: Book) -> None:
    ceased = patent("ceased", "2023-06-01")
    again = patent("ceased", "2023-06-01", reason="expired")  # without effect
    other = asset(id="CN2U", right="utility_model")
    post(book, grant(), ceased, again, pledge("P1", asset(id=CN), asset(id=CN), other), pledge("P2", other))
    row = ("lapsed", "2023-06-01", place(book, ceased), "P1", CN, "100.00", "CNY")
    assert watched(book, 20230531) == []
    assert watched(book, 20230601) == [row]
    post(book, change("2023-07-01", released=[CN]))
    assert watched(book, 20230630) == [row]
    assert watched(book, 20230701) == []
    post(book, patent("restored", "2023-06-15"))
    assert watched(book, 20230630) == []


def test_a_right_lapses_at_the_end_of_its_term(book: Book) -> None:
    granted, adjusted = grant(filed_on="2003-03-01"), patent("term_adjusted", "2023-02-01", expires_on="2023-04-30")
    post(book, granted, pledge(secured=None))
    assert watched(book, 20230228) == []
    assert watched(book, 20230301) == [("lapsed", "2023-03-01", place(book, granted), "P1", CN, None, None)]
    post(book, adjusted)
    assert watched(book, 20230430) == []
    assert watched(book, 20230501, "since", "event") == [("2023-05-01", place(book, adjusted))]
    invalid = patent("invalidated", "2023-04-01", extent="full")
    post(book, invalid)
    assert watched(book, 20230501, "since", "event") == [("2023-04-01", place(book, invalid))]


def test_challenge_and_preservation_hold_until_they_are_decided(book: Book) -> None:
    first, second = patent("challenged", "2023-02-01"), patent("challenged", "2023-03-01")
    preserved = patent("preserved", "2023-03-01")
    post(book, grant(), pledge(), first, second, preserved)
    assert watched(book, 20230228, "reason", "since", "event") == [("challenged", "2023-02-01", place(book, first))]
    assert watched(book, 20230301, "reason", "since", "event") == [
        ("challenged", "2023-03-01", place(book, second)),
        ("preserved", "2023-03-01", place(book, preserved)),
    ]
    post(book, patent("upheld", "2023-04-01"), patent("discharged", "2023-05-01"), voided(second))
    assert watched(book, 20230301, "reason", "event", recorded=True)[0] == ("challenged", place(book, second))
    assert watched(book, 20230301, "reason", "event")[0] == ("challenged", place(book, first))
    assert watched(book, 20230401, "reason") == ["preserved"]
    assert watched(book, 20230501) == []


def test_a_mark_lapses_when_it_ceases_or_its_term_is_over(book: Book) -> None:
    registered = event_on("trademark.registered", MARK, "2013-06-14", valid_to="2023-06-13")
    renewed = event_on("trademark.renewed", MARK, "2023-06-20", valid_to="2033-06-13")
    ceased = event_on("trademark.ceased", MARK, "2023-09-01")
    post(book, registered, pledge("P1", asset(id=MARK, right="trademark", ipc=None)))
    post(book, pledge("P2", asset(id=MARK, right="copyright", ipc=None)))
    assert watched(book, 20230613) == []
    assert watched(book, 20230614) == [("lapsed", "2023-06-14", place(book, registered), "P1", MARK, "100.00", "CNY")]
    post(book, renewed, ceased)
    assert watched(book, 20230614) == []  # renewed in its grace period: no gap
    assert watched(book, 20230620) == []
    assert watched(book, 20230901, "since", "event") == [("2023-09-01", place(book, ceased))]


@pytest.mark.parametrize(
    ("day", "conveyance", "right", "rows"),
    [
        ("2023-01-01", "assignment", "invention", 0),
        ("2023-01-02", "assignment", "invention", 1),
        ("2023-01-02", "merger", "invention", 1),
        ("2023-01-02", "change_of_name", "invention", 0),
        ("2023-01-02", "assignment", "trademark", 0),
    ],
)
def test_a_transfer_after_the_pledge_is_watched(book: Book, day: str, conveyance: str, right: str, rows: int) -> None:
    sold = event_on("assignment.recorded", "A1", day, conveyance=conveyance, assets=[asset(id=CN, right=right)])
    post(book, pledge(), sold)
    row = ("transferred", day, place(book, sold), "P1", CN, "100.00", "CNY")
    assert watched(book, 20231231) == [row] * rows
    assert watched(book, 20230101) == []


def test_a_debt_is_due_for_90_days_and_then_overdue(book: Book) -> None:
    first, longer = pledge(debt_to="2023-06-30"), change("2023-03-01", stem="extended", debt_to="2023-12-31")
    default = change("2024-02-01", stem="defaulted")
    post(book, first, change("2023-02-01", secured=money("60.00")), longer, default)
    post(book, change("2024-03-01", stem="cancelled"), pledge("P2", debt_to="2023-01-31"))
    assert watched(book, 20230131, "pledge", "reason", "since") == [("P2", "due", "2023-01-01")]
    mine = {"pledge": "P1"}
    assert watched(book, 20230228, **mine) == []
    assert watched(book, 20231001, **mine) == []
    assert watched(book, 20231002, **mine) == [("due", "2023-10-02", place(book, longer), "P1", None, "60.00", "CNY")]
    assert watched(book, 20231231, "reason", **mine) == ["due"]
    assert watched(book, 20240101, **mine) == [
        ("overdue", "2024-01-01", place(book, longer), "P1", None, "60.00", "CNY")
    ]
    assert watched(book, 20240201, "reason", "since", "event", **mine) == [
        ("defaulted", "2024-02-01", place(book, default)),
        ("overdue", "2024-01-01", place(book, longer)),
    ]
    assert watched(book, 20240301, **mine) == []
    post(book, voided(longer))
    assert watched(book, 20230601, "since", "event", **mine) == [("2023-04-01", place(book, first))]
    assert watched(book, 20230601, recorded=True, **mine) == []


def test_a_loan_to_value_above_the_cap_has_the_last_event_that_made_it(book: Book) -> None:
    """100 on 400 is at the cap of 0.25; 120 is above; the cap falls to 0.2; the loan of 90 is above it, too."""
    worth = asset(id=CN, appraised=money("400.00"))
    cap = event_on("reference.policy", "cap", "2020-01-01", policy="ltv_cap", value="0.25", right=..., valid_to=...)
    lower = event_on("reference.policy", "cap", "2023-05-01", policy="ltv_cap", value="0.2", right=..., region="CN")
    more, less = change("2023-03-01", secured=money("120.00")), change("2023-06-01", secured=money("80.00"))
    lent = event_on("loan.disbursed", "D1", "2023-07-01", amount=money("90.00"))
    interest = event_on("loan.subsidised", "D1", "2023-07-15", amount=money("1.00"))  # it changes nothing
    post(book, cap, lower, pledge("P1", worth, deal_id="D1"), more, less, lent, interest)
    assert watched(book, 20230228) == []
    assert watched(book, 20230301) == [("ltv", "2023-03-01", place(book, more), "P1", None, "120.00", "CNY")]
    assert watched(book, 20230501) == [("ltv", "2023-05-01", place(book, lower), "P1", None, "120.00", "CNY")]
    assert watched(book, 20230601) == []
    for day in (20230701, 20230715):
        assert watched(book, day) == [("ltv", "2023-07-01", place(book, lent), "P1", None, "80.00", "CNY")]


def test_the_event_of_a_loan_to_value_is_the_policy_that_sets_the_cap(book: Book) -> None:
    """Later policies of the same value are for another right, another region, or all rights."""

    def cap(subject: str, day: str, value: str, **where: str) -> Event:
        terms = {"right": ..., "region": ...} | where
        return event_on("reference.policy", subject, day, policy="ltv_cap", value=value, valid_to=..., **terms)

    setting = cap("c1", "2023-02-01", "0.10", right="invention", region="CN")
    others = [
        cap("c2", "2023-03-01", "0.1", right="design"),
        cap("c3", "2023-04-01", "0.1", region="US"),
        cap("c4", "2023-05-01", "0.1"),
        cap("c5", "2023-05-01", "0.9", right="design", region="CN"),
    ]
    post(book, setting, *others, pledge("P1", asset(id=CN, appraised=money("400.00")), region="CN-SH"))
    assert watched(book, 20231231, "since", "event") == [("2023-02-01", place(book, setting))]
    closer = cap("c6", "2023-06-01", "0.1", right="invention", region="CN-SH")
    post(book, closer)
    assert watched(book, 20231231, "since", "event") == [("2023-06-01", place(book, closer))]


def test_a_corrected_cessation_has_its_own_day(book: Book) -> None:
    ceased = patent("ceased", "2023-06-01")
    post(book, grant(), pledge(), ceased, corrected(ceased, occurred_on="2023-07-01"))
    assert watched(book, 20230701, "since", "event") == [("2023-07-01", place(book, ceased))]
    assert watched(book, 20230630) == []
    assert watched(book, 20230630, "since", "event", recorded=True) == [("2023-06-01", place(book, ceased))]


def valued(subject: str, day: str, low: str | None, mid: str, **data: Any) -> Event:
    """Return a valuation completed and holding on a day; without a lower end if `low` is None."""
    ends = {"low": money(low) if low else ..., "mid": money(mid), "high": ...}
    return event_on("valuation.completed", subject, day, as_of=day, method="market", **ends | data)


def policy(name: str, value: str, day: str = "2020-01-01", **data: Any) -> Event:
    return event_on("reference.policy", f"policy/{name}/{value}", day, policy=name, value=value, **data)


def test_a_valuation_that_aged_is_watched_until_there_is_a_newer_one(book: Book) -> None:
    first, second = valued(CN, "2023-02-01", "900.00", "950.00"), valued(CN, "2023-05-05", "900.00", "950.00")
    post(book, pledge(), first, policy("valuation_days", "90"))
    assert watched(book, 20230502) == []
    row = ("aged", "2023-05-03", place(book, first), "P1", CN, "100.00", "CNY")
    assert watched(book, 20230503) == [row]
    post(book, second)
    assert watched(book, 20230504) == [row]
    assert watched(book, 20230505) == []


def test_values_that_fell_below_the_debt_are_watched(book: Book) -> None:
    other = asset(id="CN2U", right="utility_model")
    fell = valued(CN, "2023-06-01", "59.99", "90.00")
    post(book, pledge("P1", asset(id=CN), other), valued("CN2U", "2023-02-01", "40.00", "50.00"))
    post(book, valued(CN, "2023-02-01", "60.00", "90.00"), valued(CN, "2023-07-01", "1.00", "1.00", purpose="licence"))
    post(book, valued(CN, "2023-07-01", "1.00", "1.00", bound="floor"), fell)
    assert watched(book, 20230531) == []
    assert watched(book, 20230701) == [("fell", "2023-06-01", place(book, fell), "P1", None, "100.00", "CNY")]
    post(book, policy("haircut", "0.2", "2023-03-01"))
    assert watched(book, 20230228) == []
    assert watched(book, 20230301, "reason", "since") == [("fell", "2023-02-01")]


def test_collateral_is_measured_on_the_lower_end_and_under_stress(book: Book) -> None:
    post(book, pledge("P1", asset(id=CN), asset(id="CN2U", right="utility_model"), secured="70.00"))
    post(book, valued(CN, "2023-02-01", "100.00", "200.00"), valued("CN2U", "2023-02-03", None, "100.00"))
    columns = ("valued", "mid", "low", "valued_on", "ltv_mid", "ltv_low", "ltv_30", "breach", "breach_30", "breach_60")
    found = shown(book, "collateral", *columns, as_of=20230301)
    assert found == [(2, "300.00", "200.00", "2023-02-01", pytest.approx(70 / 300), 0.35, 0.5, None, None, None)]
    post(book, policy("ltv_cap", "0.5"), policy("haircut", "0.25", right="utility_model"))
    ((low, *breaches),) = shown(book, "collateral", "ltv_low", "breach", "breach_30", "breach_60", as_of=20230301)
    assert (low, breaches) == (0.4, [0, 1, 1])
    assert shown(book, "collateral", "valued", "low", "ltv_low", as_of=20230202) == [(1, None, None)]
    post(
        book,
        event_on("valuation.completed", CN, "2023-02-05", as_of="2023-02-05", method="cost", mid=money("2", "JPY")),
    )
    assert shown(book, "collateral", "low", as_of=20230301) == ["200.00"]
