"""The metrics of published figures, on small books whose figures are worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.figures.metrics import BASE_METRICS, COMPARISONS
from ledger.figures.question import NotAvailable
from schemas.data.reference import METRICS
from tests.events import Event, money
from tests.figures import BILLION, figure, granted, pledge, population, rate, rows, value, verdicts
from tests.posting import event_on, post


def test_the_denominator_is_the_latest_year_end_published_by_the_day(book: Book) -> None:
    post(
        book,
        *(granted(1_000_000 + n, "2022-03-01", tags=["sei"]) for n in range(409)),
        *(granted(2_000_000 + n, "2022-03-01") for n in range(91)),
        *(granted(3_000_000 + n, "2023-03-01", tags=["sei"]) for n in range(91)),
        population(99_000, "2020-12-31", "2021-03-15"),
        population(100_000, "2021-12-31", "2022-03-15"),
        population(98_000, "2022-11-01", "2022-12-01"),  # a census is no year-end
        population(99_500, "2022-12-31", "2023-03-22"),
        figure("40.9", "high_value_per_10k", "40.9", "0.1", "2022-12-31"),
        figure("41.1", "high_value_per_10k", "41.1", "0.1", "2022-12-31"),
        figure("50.3", "high_value_per_10k", "50.3", "0.1", "2023-12-31"),
        figure("9.4 more", "high_value_per_10k_change", "9.4", "0.1", "2023-12-31"),
        figure("in force", "in_force_per_10k", "50", "1", "2022-12-31", right="invention"),
        figure("share", "high_value_share", "81.8", "0.1", "2022-12-31"),
        figure("growth", "high_value_growth", "22.25", "0.01", "2023-12-31"),
        figure("residents", "population_change", "-500", "1", "2022-12-31"),
    )
    assert verdicts(book) == {
        "40.9": ("40.9", "equal"),
        "41.1": ("40.9", "differs"),
        "50.3": ("50.2512563", "equal_after_rounding"),
        "9.4 more": ("9.3512563", "equal_after_rounding"),
        "in force": ("50", "equal"),
        "share": ("81.8", "equal"),
        "growth": ("22.24938875", "equal_after_rounding"),
        "residents": ("-500", "equal"),
    }
    made_of = rows(book)["40.9"]["inputs"]
    assert (made_of["population"], made_of["population_as_of"]) == (100_000, "2021-12-31")
    assert (made_of["high_value"], made_of["c1"], made_of["years"]) == (409, 409, "10")


def test_stocks_are_those_of_the_day(book: Book) -> None:
    post(
        book,
        granted(1_000_001, "2012-01-01"),
        granted(1_000_002, "2022-01-01"),
        granted(1_000_003, "2022-01-01", right="design"),
        granted(1_000_004, "2022-01-01", region="CN-BJ"),
        granted(1_000_005, "2022-06-01", region="CN"),
        event_on("patent.ceased", "CN1000001B", "2023-01-01", reason="fee"),
        event_on("trademark.registered", "T1", "2013-05-01", region="CN-SH", valid_to="2023-05-01"),
        event_on("trademark.registered", "T2", "2023-05-01", region="CN-SH", valid_to="2033-05-01"),
        event_on("trademark.registered", "T3", "2023-05-01", region="CN-SH", valid_to="2033-05-01"),
    )
    for day, patents in (("2021-12-31", 1), ("2022-12-31", 3), ("2023-01-01", 2)):
        assert value(book, "in_force", day) == patents
    assert value(book, "in_force", "2023-01-01", rights=("invention",)) == 1
    assert value(book, "in_force", "2023-01-01", rights=("invention", "design")) == 2
    assert value(book, "in_force", "2023-01-01", region="CN") == 4
    assert value(book, "in_force", "2023-01-01", region=None, rights=("invention",), industry="AI") == 3
    assert value(book, "in_force_multiple", "2022-12-31") == 3
    assert value(book, "in_force_growth", "2022-12-31") == 200
    assert value(book, "in_force_growth", "2023-01-01") == Fraction(-100, 3)
    with pytest.raises(NotAvailable):
        value(book, "in_force_multiple", "2021-12-31")
    assert value(book, "high_value", "2022-12-31", region="CN") == 1  # by its age
    assert value(book, "high_value", "2023-12-31", region="CN") == 0
    assert value(book, "trademarks", "2023-04-30") == 1
    assert value(book, "trademarks_multiple", "2023-12-31") == 2
    for region, metric in (("CN", "trademarks"), ("CN", "high_value_growth")):
        with pytest.raises(NotAvailable):
            value(book, metric, "2021-12-31" if metric == "trademarks" else "2024-12-31", region=region)


def test_grants_and_filings_are_flows(book: Book) -> None:
    post(
        book,
        granted(1_000_001, "2023-10-31"),
        granted(1_000_002, "2024-10-31"),
        granted(1_000_003, "2024-10-01"),
        granted(1_000_004, "2024-11-01"),
        event_on("patent.filed", "CN1000009A", "2024-10-01", region="CN-SH", office="CN", right="invention"),
    )
    assert value(book, "grants_growth", "2024-10-31", "2024-01-01", rights=("invention",), industry="AI") == 100
    assert value(book, "filings", "2024-12-31", "2024-01-01") == 1


def test_international_applications_are_counted_on_two_bases(book: Book) -> None:
    for number, region, office in ((1, "CN-SH", "CN"), (2, "CN-BJ", "IB"), (3, "US", "CN"), (4, "CN-SH", "US")):
        filed = {"number": f"PCT/{office}2023/{number:06}", "region": region, "receiving_office": office}
        post(book, event_on("pct.filed", filed["number"], "2023-05-01", **filed))
    year = ("2023-12-31", "2023-01-01")
    assert value(book, "pct_filings", *year) == 2
    assert value(book, "pct_filings", *year, region="CN") == 3
    assert value(book, "pct_received", *year, region="CN") == 2
    assert value(book, "pct_received", *year, region="IB") == 1
    post(book, event_on("pct.filed", "PCT/CN2022/000001", "2022-05-01", number="PCT/CN2022/000001", region="CN-SH"))
    with pytest.raises(NotAvailable, match="only has CN-SH"):
        value(book, "pct_received", "2022-12-31", "2022-01-01", region="CN")


def test_families_on_generative_ai_count_once_and_by_inventor(book: Book) -> None:
    inventor = [{"name": "A", "country": "CN"}]
    for number, year in enumerate((2013, 2014, 2022, 2023, 2023), 1):
        defaults = {"office": "CN", "kind": "A", "number": f"10000000{number}", "inventors": inventor}
        family = {"family_id": f"F{min(number, 4)}", "ipc": ["G06N0003047500"]}
        post(book, event_on("patent.published", f"CN10000000{number}A", f"{year}-06-01", **defaults | family))
    decade = ("2023-12-31", "2014-01-01")
    assert value(book, "genai_families", *decade, region=None) == 3
    assert value(book, "genai_families", *decade, region="CN") == 3
    assert value(book, "genai_share", "2023-12-31", "2023-01-01", region=None) == Fraction(100, 3)


# ---- valuations and rates


def valued(subject: str, day: str, yuan: str, **data: Any) -> Event:
    defaults = {"region": "CN-SH", "purpose": "pledge_financing", "method": "cost", "as_of": day, "mid": money(yuan)}
    return event_on("valuation.completed", subject, day, **defaults | data)


def test_the_latest_valuation_of_a_purpose_counts(book: Book) -> None:
    post(
        book,
        valued("A", "2024-01-05", "9.00"),
        valued("A", "2024-03-01", "4.00"),
        valued("A", "2024-03-01", "100.00", purpose="licence"),
        valued("A", "2024-12-31", "1.00"),
        valued("B", "2024-02-01", "6.50", region="CN-BJ"),
        valued("C", "2023-12-31", "3.00"),
    )
    until = ("2024-12-05", "2024-01-01")
    assert value(book, "valuations", *until, purpose="pledge_financing") == 4
    assert value(book, "valuations", *until, purpose="pledge_financing", region="CN") == Fraction("10.5")
    assert value(book, "valuations", *until) == 104


def test_dollars_are_those_of_the_last_business_day(book: Book) -> None:
    def printed(text: str, value: str, on: str, **data: Any) -> Event:
        defaults = {"on": on, "converted_to": "USD", "fx_source": "ECB"} | data
        return figure(text, "pledge_amount", value, "10000000", f"{text}-12-31", **defaults)

    post(
        book,
        *(pledge(f"P{y}", f"{y}-05-01", a) for y, a in ((2021, 309_800_000_000), (2022, 10 * BILLION))),
        *(pledge(f"P{y}", f"{y}-05-01", a) for y, a in ((2023, 23 * BILLION), (2024, 32 * BILLION))),
        *(rate("EUR", "USD", day, by) for day, by in (("2022-01-12", "1.137"), ("2024-12-04", "1.0492"))),
        *(rate("EUR", "CNY", day, by) for day, by in (("2022-01-12", "7.2379"), ("2024-12-04", "7.6285"))),
        rate("USD", "CNY", "2024-12-05", "7.26537"),
        rate("CNY", "USD", "2025-01-24", "0.13798737"),
        rate("EUR", "USD", "2025-01-26", "1.05"),  # half of what is needed
        rate("USD", "CNY", "2025-01-25", "1", "somebody"),
        printed("2021", "48670000000", "2022-01-12"),
        printed("2022", "1380000000", "2024-12-05"),
        printed("2023", "3160000000", "2024-12-06", fx_on="2024-12-04"),
        printed("2024", "4420000000", "2025-01-26"),
    )
    assert {row["verdict"] for row in rows(book).values()} == {"equal_after_rounding"}
    used = {text: (row["inputs"]["fx_day"], row["exact"][:6]) for text, row in rows(book).items()}
    assert used == {
        "2021": ("2022-01-12", "486664"),
        "2022": ("2024-12-05", "137639"),
        "2023": ("2024-12-04", "316334"),
        "2024": ("2025-01-24", "441559"),
    }
    post(book, printed("2024", "1", "2025-01-26", fx_source=..., figure="whose?"))
    assert rows(book)["whose?"]["reason"] == "ECB, somebody have rates, but the figure names no source"


def test_every_metric_that_can_be_published_can_be_measured() -> None:
    assert set(METRICS) == set(BASE_METRICS) | {
        f"{measure}_{compared}" for measure in BASE_METRICS for compared in COMPARISONS
    }
