"""Published figures held against small books whose figures are worked out by hand."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.access import settings
from ledger.audit.metrics import COMPARISONS, MEASURES, Asked, Measures, NoData
from ledger.audit.reconcile import judge, reconcile, shown
from ledger.book.book import Book
from ledger.cli import main
from schemas.data.reference import METRICS
from tests.events import Event, asset, corrected, money, voided
from tests.telling import say, tell

BILLION = 10**9


def figure(text: str, metric: str, value: str, precision: str, to: str = "2023-12-31", **data: Any) -> Event:
    """A figure of Shanghai, of the year 2023 unless said otherwise."""
    said = {"figure": text, "metric": metric, "value": value, "precision": precision, "period_to": to}
    flow = {"region": "CN-SH", "period_from": f"{to[:4]}-01-01", "currency": "CNY"}
    return say("reference.published_figure", text, data.pop("on", "2024-12-05"), **flow | said | data)


def pledge(subject: str, day: str, yuan: int | None, **data: Any) -> Event:
    secured = ... if yuan is None else money(str(yuan))
    return say("pledge.registered", subject, day, **{"region": "CN-SH", "secured": secured, "assets": [asset()]} | data)


def granted(number: int, day: str, **data: Any) -> Event:
    said = {"office": "CN", "number": str(number), "kind": "B", "ipc": ["G06N0020000000"], "region": "CN-SH"}
    return say("patent.granted", f"CN{number}B", day, **said | {"filed_on": ...} | data)


def population(persons: int, as_of: str, on: str, region: str = "CN-SH") -> Event:
    return say("reference.population", f"{region}/{as_of}/{on}", on, region=region, as_of=as_of, persons=persons)


def rate(base: str, quote: str, day: str, by: str, source: str = "ECB") -> Event:
    subject = f"{source}/{base}-{quote}/{day}"
    return say("reference.fx_rate", subject, day, base=base, quote=quote, rate=by, rate_source=source)


def rows(book: Book, basis: str = "corrected", about: str = "") -> dict[str, dict[str, Any]]:
    return {row["figure"]: row for row in reconcile(book.path, basis, about).rows}


def verdicts(book: Book, basis: str = "corrected") -> dict[str, tuple[str | None, str]]:
    return {text: (row["exact"], row["verdict"]) for text, row in rows(book, basis).items()}


def value(book: Book, metric: str, last: str, first: str | None = None, **asked: Any) -> Fraction:
    begins = date.fromisoformat(first) if first else None
    whole = {"region": "CN-SH", "currency": "CNY"} | asked
    return (
        Measures(book.connection, "corrected").measure(Asked(metric, date.fromisoformat(last), begins, **whole)).value
    )


# ---- a verdict


@pytest.mark.parametrize(
    ("exact", "published", "precision", "rounding", "expected"),
    [
        ("22760000000", "23000000000", "1000000000", "half_up", ("22760000000", "23000000000", "equal_after_rounding")),
        ("22760000000", "22760000000", "10000000", "half_up", ("22760000000", "22760000000", "equal")),
        ("22500000000", "23000000000", "1000000000", "half_up", ("22500000000", "23000000000", "equal_after_rounding")),
        ("22499999999.99", "23000000000", "1000000000", "half_up", ("22499999999.99", "22000000000", "differs")),
        ("1060700/12153", "90", "1", "half_up", ("87.278861", "87", "differs")),
        ("1060700/12153", "87.28", "0.01", "half_up", ("87.27886119", "87.28", "equal_after_rounding")),
        ("40.85", "40.9", "0.1", "half_up", ("40.85", "40.9", "equal_after_rounding")),
        ("50", "50.0", "0.1", "half_up", ("50", "50.0", "equal")),
        ("-13.45", "-13.5", "0.1", "half_up", ("-13.45", "-13.5", "equal_after_rounding")),
        ("-0.04", "0", "0.1", "half_up", ("-0.04", "0.0", "equal_after_rounding")),
        ("25.93", "25", "1", "down", ("25.93", "25", "equal_after_rounding")),
        ("-25.93", "-25", "1", "down", ("-25.93", "-25", "equal_after_rounding")),
        ("26", "25", "1", "down", ("26", "26", "differs")),
        ("1370", "1500", "100", "half_up", ("1370", "1400", "differs")),
        ("12.6", "12.5", "2.5", "half_up", ("12.6", "12.5", "equal_after_rounding")),
    ],
)
def test_a_verdict_rounds_once_from_the_exact_value(
    exact: str, published: str, precision: str, rounding: str, expected: tuple[str, str, str]
) -> None:
    found = judge(Fraction(exact), published, precision, rounding)
    assert (found["exact"], found["rounded"], found["verdict"]) == expected
    assert found["difference"] == shown(Fraction(exact) - Fraction(published), len(precision.partition(".")[2]) + 6)


@given(st.decimals(-(10**12), 10**12, places=4), st.integers(-3, 9), st.sampled_from([ROUND_HALF_UP, ROUND_DOWN]))
def test_rounding_is_that_of_decimal(exact: Decimal, zeros: int, mode: str) -> None:
    precision = str(10**zeros) if zeros >= 0 else f"0.{10 ** -(zeros + 1) and '0' * (-zeros - 1)}1"
    expected = (exact / Decimal(precision)).quantize(Decimal(1), mode) * Decimal(precision)
    found = judge(Fraction(exact), "0", precision, "half_up" if mode == ROUND_HALF_UP else "down")
    assert Decimal(found["rounded"]) == expected
    assert Decimal(found["exact"]) == exact
    assert Decimal(found["difference"]) == exact


# ---- pledges


@pytest.fixture
def told(book: Book) -> Book:
    """The pledges of Shanghai, a few instead of many."""
    tell(
        book,
        pledge("P1", "2022-05-01", 12_153_000_000),
        pledge("P2", "2023-01-01", 20 * BILLION),
        pledge("P3", "2023-12-31", 2_760_000_000),
        pledge("P4", "2023-12-31", None),
        pledge("P5", "2023-06-30", 7 * BILLION, region="CN-BJ"),
        pledge("P6", "2023-06-30", None, secured=money("5.00", "USD")),
    )
    return book


def test_the_figures_of_the_article(told: Book) -> None:
    tell(
        told,
        figure("23 bn", "pledge_amount", "23000000000", "1000000000"),
        figure("+90 %", "pledge_amount_growth", "90", "1"),
        figure("+87 %", "pledge_amount_growth", "87", "1"),
        figure("mean", "pledge_mean", "11380000000", "10000000"),
        figure("deals", "pledges", "4", "1"),
        figure("deals, growth", "pledges_growth", "300", "1"),
        figure("change", "pledge_amount_change", "11000000000", "1000000000"),
        figure("China", "pledge_amount", "29760000000", "10000000", region="CN"),
        figure("everywhere", "pledges", "5", "1", region=...),
    )
    assert verdicts(told) == {
        "23 bn": ("22760000000", "equal_after_rounding"),
        "+90 %": ("87.278861", "differs"),
        "+87 %": ("87.278861", "equal_after_rounding"),
        "mean": ("11380000000", "equal"),  # of the two that had an amount in yuan
        "deals": ("4", "equal"),
        "deals, growth": ("300", "equal"),
        "change": ("10607000000", "equal_after_rounding"),
        "China": ("29760000000", "equal"),
        "everywhere": ("5", "equal"),
    }
    row = rows(told, about="23 BN")["23 bn"]
    assert row["inputs"] == {"events": 4, "with_amount": 2, "currency": "CNY"}
    assert (row["difference"], row["rounded"], row["source"]) == ("-240000000", "23000000000", "SHINE")


def test_a_figure_without_a_currency_is_of_the_only_one_there_is(book: Book) -> None:
    tell(book, pledge("P1", "2022-05-01", 12_153), pledge("P2", "2023-05-01", 22_760))
    tell(book, figure("+90 %", "pledge_amount_growth", "90", "1", currency=...))
    assert verdicts(book) == {"+90 %": ("87.278861", "differs")}
    tell(book, pledge("P3", "2023-05-01", None, secured=money("1", "USD")))
    assert rows(book)["+90 %"]["reason"] == "the figure names no currency, and the amounts are in CNY, USD"
    tell(book, figure("2024", "pledge_amount_growth", "90", "1", "2024-12-31", currency=...))
    tell(book, figure("2022", "pledge_amount_growth", "90", "1", "2022-12-31", currency=...))
    tell(book, pledge("P4", "2021-05-01", None, secured=money("1", "USD")))
    assert rows(book)["2024"]["reason"] == "no amount of CN-SH from 2024-01-01 to 2024-12-31"
    assert rows(book)["2022"]["reason"] == "the amounts that are compared are in two currencies"


def test_what_the_book_does_not_have_is_no_data(told: Book) -> None:
    missing: dict[str, dict[str, Any]] = {
        "no such year": {"to": "2019-12-31"},
        "no base": {"to": "2022-12-31", "metric": "pledges_growth"},
        "no such region": {"region": "JP"},
        "a city is not its country": {"region": "CN", "to": "2022-12-31"},
        "no such right": {"right": "trademark"},
        "no such industry": {"industry": "SEMI"},
        "no currency": {"currency": ..., "metric": "pledge_amount"},
        "another currency": {"currency": "EUR", "metric": "pledge_amount"},
        "no period": {"period_from": ...},
        "no rate": {"metric": "pledge_amount", "converted_to": "USD"},
        "of which currency?": {"metric": "pledges", "currency": ..., "converted_to": "USD"},
        "no patents": {"metric": "in_force"},
        "no trademarks": {"metric": "trademarks"},
        "no inventions": {"metric": "high_value_share"},
        "no population": {"metric": "population"},
        "no denominator": {"metric": "in_force_per_10k"},
        "no families": {"metric": "genai_share"},
        "no whole years": {"metric": "genai_families", "to": "2023-10-31"},
        "not by industry": {"metric": "pct_filings", "industry": "AI"},
        "not by right": {"metric": "high_value", "right": "design"},
    }
    tell(
        told,
        *(
            figure(text, **{"metric": "pledges", "value": "1", "precision": "1"} | said)
            for text, said in missing.items()
        ),
    )
    found = rows(told)
    assert {text: row["verdict"] for text, row in found.items()} == dict.fromkeys(missing, "no_data")
    assert all(row["reason"] and row["exact"] is row["rounded"] is row["difference"] is None for row in found.values())
    assert "CN-SH alone" in found["a city is not its country"]["reason"]
    assert found["not by right"]["reason"] == "high_value is not counted by industry or right"


def test_patents_and_trademarks_are_counted_without_copyright(book: Book) -> None:
    pools = (("invention",), ("utility_model",), ("trademark",), ("copyright",), ("trademark", "invention"))
    for number, rights in enumerate(pools):
        assets = [asset(right=right, id=f"A{n}") for n, right in enumerate(rights)]
        tell(book, pledge(f"P{number}", "2023-05-01", 10**number, assets=assets))
    patents = ["invention", "utility_model", "design"]
    tell(
        book,
        figure("all", "pledge_amount", "11111", "1"),
        figure("patents and trademarks", "pledge_amount", "10111", "1", rights=[*patents, "trademark"]),
        figure("patents", "pledges", "3", "1", rights=patents),  # what mixes rights cannot be taken apart
        figure("inventions", "pledges", "1", "1", right="invention"),
        figure("copyright", "pledge_amount", "1000", "1", right="copyright"),
    )
    assert {row["verdict"] for row in rows(book).values()} == {"equal"}


def test_a_correction_is_a_matter_of_the_basis(told: Book) -> None:
    wrong = pledge("P9", "2023-02-01", 100)
    printed = figure("printed", "pledge_amount", "22760000100", "1")
    tell(told, wrong, corrected(wrong, secured=money("7.50"), amount_status="registered"), printed)
    tell(told, corrected(printed, event_id="k2", value="22760000007.50", precision="0.01"))
    assert verdicts(told, "corrected") == {"printed": ("22760000007.5", "equal")}
    assert verdicts(told, "recorded") == {"printed": ("22760000100", "equal")}
    days = {"period_from": "2023-01-15", "to": "2023-02-15", "on": "2024-12-06"}
    tell(told, figure("of some days", "pledge_amount", "7.50", "0.01", **days))
    assert verdicts(told, "corrected")["of some days"] == ("7.5", "equal")
    assert verdicts(told, "recorded")["of some days"] == ("100", "differs")
    tell(told, voided(printed, event_id="v2"))
    assert "printed" not in verdicts(told, "corrected")


def test_a_flow_of_any_days_is_the_sum_of_its_days(book: Book) -> None:
    random = Random(5)
    days = [date(2021, 1, 1) + timedelta(random.randrange(4 * 365)) for _ in range(60)]
    tell(book, *(pledge(f"P{n}", day.isoformat(), n + 1) for n, day in enumerate(days)))
    edges = [date(y, m, d) for y in range(2021, 2025) for m, d in ((1, 1), (2, 28), (6, 30), (12, 31))]
    measures = Measures(book.connection, "corrected")
    for first in edges:
        for last in edges:
            said = [n + 1 for n, day in enumerate(days) if first <= day <= last]
            asked = Asked("pledge_amount", last, first, "CN-SH", currency="CNY")
            try:
                measured = measures.measure(asked)
            except NoData:
                assert not said
            else:
                assert (int(measured.value), measured.inputs["events"]) == (sum(said), len(said))


def test_a_leap_day_is_compared_with_the_28th(book: Book) -> None:
    tell(book, pledge("P1", "2023-02-28", 1), pledge("P2", "2023-03-01", 1), pledge("P3", "2024-02-29", 1))
    assert value(book, "pledges_growth", "2024-02-29", "2024-01-01") == 0
    assert value(book, "pledges_change", "2024-03-01", "2024-01-01") == -1


def test_a_stock_of_pledges_is_counted_or_summed(told: Book) -> None:
    tell(told, say("pledge.cancelled", "P2", "2023-07-01", registration_no="x"))
    assert value(told, "pledge_stock", "2023-12-31") == 12_153_000_000 + 2_760_000_000
    assert value(told, "pledge_stock", "2023-12-31", currency=None) == 4
    assert value(told, "pledge_stock", "2023-06-30") == 32_153_000_000


# ---- patents and populations


def test_the_denominator_is_the_latest_year_end_published_by_the_day(book: Book) -> None:
    tell(
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
    tell(
        book,
        granted(1_000_001, "2012-01-01"),
        granted(1_000_002, "2022-01-01"),
        granted(1_000_003, "2022-01-01", right="design"),
        granted(1_000_004, "2022-01-01", region="CN-BJ"),
        granted(1_000_005, "2022-06-01", region="CN"),
        say("patent.ceased", "CN1000001B", "2023-01-01", reason="fee"),
        say("trademark.registered", "T1", "2013-05-01", region="CN-SH", valid_to="2023-05-01"),
        say("trademark.registered", "T2", "2023-05-01", region="CN-SH", valid_to="2033-05-01"),
        say("trademark.registered", "T3", "2023-05-01", region="CN-SH", valid_to="2033-05-01"),
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
    with pytest.raises(NoData):
        value(book, "in_force_multiple", "2021-12-31")
    assert value(book, "high_value", "2022-12-31", region="CN") == 1  # by its age
    assert value(book, "high_value", "2023-12-31", region="CN") == 0
    assert value(book, "trademarks", "2023-04-30") == 1
    assert value(book, "trademarks_multiple", "2023-12-31") == 2
    for region, metric in (("CN", "trademarks"), ("CN", "high_value_growth")):
        with pytest.raises(NoData):
            value(book, metric, "2021-12-31" if metric == "trademarks" else "2024-12-31", region=region)


def test_grants_and_filings_are_flows(book: Book) -> None:
    tell(
        book,
        granted(1_000_001, "2023-10-31"),
        granted(1_000_002, "2024-10-31"),
        granted(1_000_003, "2024-10-01"),
        granted(1_000_004, "2024-11-01"),
        say("patent.filed", "CN1000009A", "2024-10-01", region="CN-SH", office="CN", right="invention"),
    )
    assert value(book, "grants_growth", "2024-10-31", "2024-01-01", rights=("invention",), industry="AI") == 100
    assert value(book, "filings", "2024-12-31", "2024-01-01") == 1


def test_international_applications_are_counted_on_two_bases(book: Book) -> None:
    for number, region, office in ((1, "CN-SH", "CN"), (2, "CN-BJ", "IB"), (3, "US", "CN"), (4, "CN-SH", "US")):
        filed = {"number": f"PCT/{office}2023/{number:06}", "region": region, "receiving_office": office}
        tell(book, say("pct.filed", filed["number"], "2023-05-01", **filed))
    year = ("2023-12-31", "2023-01-01")
    assert value(book, "pct_filings", *year) == 2
    assert value(book, "pct_filings", *year, region="CN") == 3
    assert value(book, "pct_received", *year, region="CN") == 2
    assert value(book, "pct_received", *year, region="IB") == 1
    tell(book, say("pct.filed", "PCT/CN2022/000001", "2022-05-01", number="PCT/CN2022/000001", region="CN-SH"))
    with pytest.raises(NoData, match="CN-SH alone"):
        value(book, "pct_received", "2022-12-31", "2022-01-01", region="CN")


def test_families_on_generative_ai_count_once_and_by_inventor(book: Book) -> None:
    inventor = [{"name": "A", "country": "CN"}]
    for number, year in enumerate((2013, 2014, 2022, 2023, 2023), 1):
        said = {"office": "CN", "kind": "A", "number": f"10000000{number}", "inventors": inventor}
        family = {"family_id": f"F{min(number, 4)}", "ipc": ["G06N0003047500"]}
        tell(book, say("patent.published", f"CN10000000{number}A", f"{year}-06-01", **said | family))
    decade = ("2023-12-31", "2014-01-01")
    assert value(book, "genai_families", *decade, region=None) == 3
    assert value(book, "genai_families", *decade, region="CN") == 3
    assert value(book, "genai_share", "2023-12-31", "2023-01-01", region=None) == Fraction(100, 3)


# ---- valuations and rates


def valued(subject: str, day: str, yuan: str, **data: Any) -> Event:
    said = {"region": "CN-SH", "purpose": "pledge_financing", "method": "cost", "as_of": day, "mid": money(yuan)}
    return say("valuation.completed", subject, day, **said | data)


def test_the_latest_valuation_of_a_purpose_counts(book: Book) -> None:
    tell(
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
        said = {"on": on, "converted_to": "USD", "fx_source": "ECB"} | data
        return figure(text, "pledge_amount", value, "10000000", f"{text}-12-31", **said)

    tell(
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
    tell(book, printed("2024", "1", "2025-01-26", fx_source=..., figure="whose?"))
    assert rows(book)["whose?"]["reason"] == "ECB, somebody have rates, and the figure names none"


# ---- the whole


def test_every_metric_that_can_be_published_can_be_measured() -> None:
    assert set(METRICS) == set(MEASURES) | {f"{measure}_{compared}" for measure in MEASURES for compared in COMPARISONS}


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], told: Book
) -> Iterator[Callable[..., tuple[int, str, str]]]:
    def ended(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ip-ledger", "reconcile", *words])
        with pytest.raises(SystemExit) as exit_:
            main()
        return int(str(exit_.value.code)), *capsys.readouterr()

    monkeypatch.setenv("LEDGER_BOOK", str(told.path))
    settings.cache_clear()
    yield ended
    settings.cache_clear()


def test_the_command_ends_with_1_where_a_figure_differs(run: Callable[..., Any], told: Book) -> None:
    assert run("--json")[0] == 0
    tell(told, figure("23 bn", "pledge_amount", "23000000000", "1000000000"), figure("?", "trademarks", "1", "1"))
    code, out, _ = run("--json")
    assert code == 0
    whole = json.loads(out)
    assert whole["position"].startswith("ip.deal.v1:0=0,")
    assert [row["verdict"] for row in whole["rows"]] == ["equal_after_rounding", "no_data"]
    tell(told, figure("+90 %", "pledge_amount_growth", "90", "1"))
    assert run("--json")[0] == 1
    assert run("--json", "--figure", "bn")[0] == 0
    code, out, err = run("--csv")
    assert out.splitlines()[0] == "figure,source,published,exact,rounded,difference,verdict"
    assert out.splitlines()[3] == "+90 %,SHINE,90,87.278861,87,-2.721139,differs"
    assert "1 differs, 1 equal_after_rounding, 1 no_data" in err
