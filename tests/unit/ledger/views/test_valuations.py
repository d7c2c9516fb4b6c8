"""Valuations and their conversion, on histories whose figures are worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.book.book import Book
from tests.events import Event, corrected, money
from tests.posting import event_on, post, shown

DAY = 20241231


def valued(name: str, subject: str, as_of: str, mid: dict[str, str], **data: Any) -> Event:
    """Return a valuation by income, completed on the day for which it holds."""
    defaults = {"valuation_id": name, "purpose": "licence", "method": "income", "as_of": as_of, "mid": mid}
    return event_on("valuation.completed", subject, data.pop("completed_on", as_of), **defaults | data)


def rate(base: str, quote: str, day: str, value: str, source: str = "ECB", subject: str = "fx") -> Event:
    return event_on("reference.fx_rate", subject, day, base=base, quote=quote, rate=value, rate_source=source)


# ---- valuations


def test_a_valuation_shows_its_approach_and_its_basis_of_value(book: Book) -> None:
    model = {"method": "ai_model", "model_id": "m", "model_version": "1"}
    for number, fields in enumerate(
        (
            {"method": "income", "basis_of_value": "market_value"},
            {"method": "other", "approach": "market"},
            {"method": "other"},
            model | {"approach": "income"},
            model,
        )
    ):
        post(book, event_on("valuation.completed", f"V{number}", "2023-01-01", **fields))
    assert shown(book, "valuations", "method", "approach", "basis_of_value") == [
        ("income", "income", "market_value"),
        ("other", "market", None),
        ("other", None, None),
        ("ai_model", "income", None),
        ("ai_model", None, None),
    ]


def test_the_latest_valuation_for_a_purpose_counts(book: Book) -> None:
    post(
        book,
        valued("V3", "CN1B", "2024-03-31", money("300.00")),
        valued("V1", "CN1B", "2023-12-31", money("100.00"), completed_on="2024-02-01"),  # logged later, holds earlier
        valued("V2", "CN1B", "2023-12-31", money("200.00")),  # of the same day as V1, after it in the log
        valued("V4", "CN1B", "2024-12-31", money("400.00"), purpose="insurance"),
        valued("V5", "CN2B", "2022-01-01", money("7.00"), low=money("5.00"), high=money("9.50"), region=...),
    )
    columns = ("subject", "valuation_id", "purpose", "mid", "superseded_by")
    assert shown(book, "valuations", *columns, as_of=DAY) == [
        ("CN1B", "V4", "insurance", "400.00", None),
        ("CN1B", "V1", "licence", "100.00", "V2"),
        ("CN1B", "V2", "licence", "200.00", "V3"),
        ("CN1B", "V3", "licence", "300.00", None),
        ("CN2B", "V5", "licence", "7.00", None),
    ]
    assert shown(book, "valuations", *columns, as_of=20231231) == [
        ("CN1B", "V2", "licence", "200.00", None),
        ("CN2B", "V5", "licence", "7.00", None),
    ]
    rest = ("low", "low_minor", "high", "high_minor", "as_of", "completed_on", "industry", "right", "platform")
    assert shown(book, "valuations", *rest, as_of=DAY, subject="CN2B") == [
        ("5.00", 500, "9.50", 950, "2022-01-01", "2022-01-01", "UNK", None, None)
    ]
    assert shown(book, "valuations", "low", "high", as_of=DAY, subject="CN1B", purpose="insurance") == [(None, None)]


def test_a_currency_without_decimals_has_no_artificial_range(book: Book) -> None:
    post(book, valued("V1", "CN1B", "2023-01-01", money("7", "JPY")))
    assert shown(book, "valuations", "low", "mid", "mid_minor", "high") == [(None, "7", 7, None)]


def test_valuations_that_count_add_up_exactly_by_year_and_currency(book: Book) -> None:
    ai: dict[str, Any] = {"ipc": ["G06N0003047500"], "platform": "X"}
    wrong = valued("V1", "CN1B", "2023-05-01", money("1.00"), **ai)
    post(
        book,
        wrong,
        corrected(wrong, mid=money("100.00")),
        valued("V2", "CN2B", "2023-06-01", money("0.50"), **ai),
        valued("V3", "CN3B", "2023-06-01", money("9.00", "USD"), **ai),
        valued("V4", "CN4B", "2023-06-01", money("0"), **ai),
        valued("V5", "CN2B", "2024-06-01", money("0.75"), **ai),
    )
    columns = ("platform", "industry", "year", "currency", "valuations", "amount", "amount_minor")
    of_2023 = [("X", "AI", 2023, "CNY", 3, "100.50", 10050), ("X", "AI", 2023, "USD", 1, "9.00", 900)]
    assert shown(book, "valuation_converted", *columns, as_of=20231231, target="CNY") == of_2023
    assert shown(book, "valuation_converted", *columns, as_of=DAY, target="CNY") == [
        ("X", "AI", 2023, "CNY", 2, "100.00", 10000),  # CN2B went over to 2024
        of_2023[1],
        ("X", "AI", 2024, "CNY", 1, "0.75", 75),
    ]
    as_recorded: dict[str, Any] = {"as_of": 20231231, "recorded": True, "currency": "CNY", "target": "CNY"}
    assert shown(book, "valuation_converted", "amount", **as_recorded) == ["1.50"]


# ---- conversion


def converted(book: Book, *columns: str, **where: Any) -> Any:
    return shown(book, "valuation_converted", *columns, as_of=DAY, **where)


RATE = ("rate_source", "with_rate", "converted", "first_rate_day", "last_rate_day", "oldest_rate_days")


def test_published_dollar_figures_follow_from_the_rates_of_their_days(book: Book) -> None:
    """Rates derived from the ECB's euro rates; 26 January 2025 was a Sunday, so the rate is that of the 24th."""
    days = {"2022-01-12": "6.36579", "2024-12-04": "7.27078", "2024-12-05": "7.26537", "2025-01-24": "7.24704"}
    amounts = {"2022-01-12": "309800", "2024-12-04": "23000", "2024-12-05": "10000", "2025-01-26": "32000"}  # m yuan
    post(
        book,
        *(rate("USD", "CNY", day, value) for day, value in days.items()),
        *(valued(day, f"CN {day}", day, money(f"{amount}000000")) for day, amount in amounts.items()),
        rate("USD", "CNY", "2025-01-27", "1"),
    )
    columns = ("year", "amount_minor", *RATE[1:])
    found = [
        shown(book, "valuation_converted", *columns, as_of=20250131, target="USD", year=y) for y in ("2022", "2025")
    ]
    assert found == [
        [(2022, 309_800 * 10**8, 1, pytest.approx(48.67e9, abs=0.005e9), "2022-01-12", "2022-01-12", 0)],
        [(2025, 32_000 * 10**8, 1, pytest.approx(4.416e9, abs=0.0005e9), "2025-01-24", "2025-01-24", 2)],
    ]
    assert shown(book, "valuation_converted", *columns, as_of=20250131, target="USD", year="2024") == [
        (2024, 33_000 * 10**8, 2, pytest.approx(3.163e9 + 1.376e9, abs=0.001e9), "2024-12-04", "2024-12-05", 0)
    ]


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ([("USD", "CNY", "7")], 1 / 7),
        ([("CNY", "USD", "0.2"), ("USD", "CNY", "7")], 0.2),
        ([("EUR", "CNY", "8"), ("EUR", "USD", "2"), ("USD", "CNY", "7")], 1 / 7),
        ([("EUR", "CNY", "8"), ("EUR", "USD", "2")], 1 / 4),
        ([("CNY", "EUR", "0.5"), ("EUR", "USD", "2")], 1.0),
        ([("USD", "CNY", "7"), ("USD", "CNY", "5")], 1 / 5),
        ([("EUR", "USD", "2")], None),
        ([], None),
    ],
    ids=[
        "inverse",
        "direct before inverse",
        "inverse before crossing",
        "one base",
        "chain",
        "the last in the log",
        "no way",
        "none",
    ],
)
def test_a_rate_is_direct_inverse_or_crossed(
    book: Book, rates: list[tuple[str, str, str]], expected: float | None
) -> None:
    post(book, valued("V1", "CN1B", "2023-05-02", money("1.00")))
    post(book, *(rate(base, quote, "2023-05-02", value) for base, quote, value in rates))
    assert converted(book, "valuations", "with_rate", "converted", target="USD") == [
        (1, int(expected is not None), expected if expected is None else pytest.approx(expected))
    ]


def test_rates_of_two_sources_or_days_are_not_crossed_and_sources_have_rows_of_their_own(book: Book) -> None:
    post(
        book,
        valued("V1", "CN1B", "2023-05-02", money("100.00")),
        valued("V2", "CN2B", "2023-04-01", money("1.00")),
        rate("EUR", "CNY", "2023-05-02", "8"),
        rate("EUR", "USD", "2023-05-02", "2", source="Fed"),
        rate("EUR", "USD", "2023-05-01", "2"),
        rate("USD", "CNY", "2023-04-30", "5", source="PBoC"),
    )
    assert converted(book, "valuations", "amount", *RATE[:3], target="USD") == [
        (2, "101.00", "ECB", 0, None),
        (2, "101.00", "Fed", 0, None),
        (2, "101.00", "PBoC", 1, pytest.approx(20)),  # the rate is younger than V2
    ]
    unrated = (None, None, None)
    assert converted(book, *RATE, target="CNY") == [(name, 2, 101, *unrated) for name in ("ECB", "Fed", "PBoC")]


@pytest.mark.parametrize(("day", "expected"), [("2023-05-11", 10), ("2023-05-12", None)])
def test_a_rate_holds_for_ten_days_after_its_own(book: Book, day: str, expected: int | None) -> None:
    post(
        book,
        rate("USD", "CNY", "2023-05-01", "7"),
        valued("V1", "CN1B", day, money("70.00")),
        valued("V2", "CN2B", "2023-05-01", money("7.00"), purpose="insurance"),
    )
    assert converted(book, "converted", "oldest_rate_days", target="USD", purpose="licence") == [
        (expected if expected is None else pytest.approx(expected), expected)
    ]


def test_a_corrected_rate_is_used_as_corrected_and_a_later_day_not_at_all(book: Book) -> None:
    wrong = rate("USD", "CNY", "2023-05-01", "70")
    valuation = valued("V1", "CN1B", "2023-05-03", money("70.00"), completed_on="2023-05-02")
    post(book, valuation, wrong, corrected(wrong, rate="7"), rate("USD", "CNY", "2023-05-03", "1"))
    asked: dict[str, Any] = {"as_of": 20230502, "target": "USD"}
    assert shown(book, "valuation_converted", "converted", **asked) == [pytest.approx(10)]
    assert shown(book, "valuation_converted", "converted", recorded=True, **asked) == [pytest.approx(1)]
