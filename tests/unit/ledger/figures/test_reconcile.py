"""Published figures against small books whose figures are worked out by hand."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.cli import main
from ledger.commands.context import settings
from ledger.figures.metrics import Metrics
from ledger.figures.question import FigureQuery, NotAvailable
from ledger.figures.reconcile import TABLE_COLUMNS, table_row
from tests.events import Event, asset, corrected, money, voided
from tests.figures import BILLION, figure, pledge, rows, value, verdicts
from tests.posting import event_on, post, shown

# ---- a row for people


def test_people_see_two_decimals_more_than_printed() -> None:
    row: dict[str, Any] = dict.fromkeys(TABLE_COLUMNS, "x")
    for exact, precision, shown_ in (
        ("22760000000", "1000000000", "22760000000"),
        ("23769911.504425", "10000", "23769911.50…"),
        ("87.27", "1", "87.27"),
        ("-2.721139", "1", "-2.72…"),
        ("87.27886119", "0.01", "87.2788…"),
        (None, "0.01", None),
    ):
        glance = table_row({**row, "exact": exact, "difference": exact, "precision": precision, "inputs": {}})
        assert glance == {**row, "exact": shown_, "difference": shown_}


def test_bounds_unknown_precisions_and_restated_figures(book: Book) -> None:
    day = {"period_from": "2022-01-01", "currency": ...}
    post(
        book,
        *(pledge(f"P{n}", "2022-02-01", 1) for n in range(13)),
        figure("more than ten", "pledges", "10", "10", "2022-12-31", bound="above", **day),
        figure("nearly 14", "pledges", "14", "1", "2022-12-31", bound="nearly", **day),
        figure("over 13", "pledges", "13", "1", "2022-12-31", bound="above", **day),
        figure("10", "pledges", "10", ..., "2022-12-31", **day),
        figure("first half of 13", "pledges", "13", "1", "2022-06-30", **day),
        figure("third quarter", "pledges", "0", "1", "2022-09-30", **day | {"period_from": "2022-07-01"}),
    )
    assert {text: verdict for text, (_, verdict) in verdicts(book).items()} == {
        "more than ten": "holds",
        "nearly 14": "differs",
        "over 13": "differs",
        "10": "precision_unknown",
        "first half of 13": "equal",
        "third quarter": "no_data",
    }
    assert rows(book)["10"]["reason"] == "the figure does not give its precision"


def test_a_figure_that_its_publisher_replaced_is_restated(book: Book) -> None:
    values = {"1500": "2024-12-05", "1370": "2025-02-01"}
    first, later = (figure("deals", "pledges", text, "1", "2022-12-31", on=day) for text, day in values.items())
    post(book, first, later)
    assert shown(book, "published_figures", "value", "restated") == [("1500", 1), ("1370", 0)]


def test_only_other_values_of_the_publisher_on_later_days_restate_a_figure(book: Book) -> None:
    printed = ["10 05 A", "10 06 A", "11 06 A", "11 07 B", "10 08 B", "10 09 B"]
    post(
        book,
        *(
            figure("deals", "pledges", text, "1", "2022-12-31", on=f"2024-12-{day}", publisher=publisher)
            for text, day, publisher in map(str.split, printed)
        ),
    )
    assert shown(book, "published_figures", "restated") == [1, 0, 0, 1, 0, 0]


# ---- an office's register


@pytest.fixture
def week(book: Book) -> Book:
    """Return a book of nine of the 6,439 patents that the US issued on 2022-10-25, and one of another office."""
    kinds = {11477930: "B2", 11477931: "B2", 11477932: "B1", 967598: "S1", 967599: "S1", 34694: "P2"}
    kinds |= {49257: "E1", 49258: "E1", 49259: "E1"}
    letters = {"S1": "D", "P2": "PP", "E1": "RE"}
    us = {"office": "US", "region": "US"}
    for digits, kind in kinds.items():
        number = f"{letters.get(kind, '')}{digits}"
        post(book, event_on("patent.granted", f"US{number}{kind}", "2022-10-25", number=number, kind=kind, **us))
    post(
        book,
        event_on("patent.granted", "EP3000001B1", "2022-10-25", number="3000001", kind="B1", **us | {"office": "EP"}),
    )
    return book


def report(text: str, value: str, metric: str = "grants", precision: str = "1", **data: Any) -> Event:
    """Return a published count of that week."""
    defaults: dict[str, Any] = {"office": "US", "region": ..., "currency": ..., "period_from": "2022-10-25"}
    return figure(text, metric, value, precision, "2022-10-25", **defaults | data)


def test_a_weekly_report_has_the_ledgers_completeness(week: Book) -> None:
    post(
        week,
        report("issued", "6439"),
        report("utility", "5965", kinds=["B1", "B2"]),
        report("issued, in tens", "10", precision="10"),
        report("designs", "2", kinds=["S1"]),
        report("reissues", "2", kinds=["E1"]),
        report("inventions registered", "4", kinds=["H1"]),
        report("none registered", "0", kinds=["H1"]),
        report("of another country", "5", region="TW"),
        report("of another register", "5", metric="trademark_registrations"),
        report("of another office", "5", office="TW"),
        report("of any office", "6439", office=...),
        report("of one city", "6439", office=..., region="CN-SH"),
        report("growth", "6", metric="grants_growth"),
        report("pledges", "5", metric="pledges"),
    )
    results = {
        text: (row["exact"], row["difference"], row["completeness"], row["verdict"]) for text, row in rows(week).items()
    }
    assert results == {
        "issued": ("9", "-6430", "0.1398 %", "partial"),
        "utility": ("3", "-5962", "0.0503 %", "partial"),
        "issued, in tens": ("9", "-1", "90 %", "equal_after_rounding"),
        "designs": ("2", "0", "100 %", "equal"),
        "reissues": ("3", "1", "150 %", "differs"),
        "inventions registered": ("0", "-4", "0 %", "partial"),
        "none registered": (None, None, None, "no_data"),
        "of another country": ("0", "-5", "0 %", "partial"),
        "of another register": (None, None, None, "no_data"),
        "of another office": (None, None, None, "no_data"),
        "of any office": ("10", "-6429", "0.1553 %", "differs"),
        "of one city": (None, None, None, "no_data"),
        "growth": (None, None, None, "no_data"),
        "pledges": (None, None, None, "no_data"),
    }
    post(week, event_on("patent.granted", "US11157930B2", "2021-10-26", number="11157930", kind="B2", office="US"))
    year: dict[str, Any] = {"period_from": "2022-10-01", "to": "2022-10-31", "region": ...}
    post(week, figure("growth here", "grants_growth", "6", "1", office="US", **year))
    post(week, figure("growth anywhere", "grants_growth", "6", "1", **year))
    grown = {text: row for text, row in rows(week).items() if text.startswith("growth ")}
    assert {text: (row["exact"], row["completeness"], row["verdict"]) for text, row in grown.items()} == {
        "growth here": ("800", None, "partial"),  # of what it has: that is no growth of the register
        "growth anywhere": ("900", None, "differs"),
    }
    assert rows(week)["utility"]["kinds"] == "B1,B2"


def test_figures_of_other_scopes_are_not_compared(week: Book) -> None:
    post(week, report("to women", "9", scope="patents with a woman among the inventors"))
    row = rows(week)["to women"]
    assert row["verdict"] == "not_comparable"
    assert row["reason"] == "the ledger cannot apply the scope: patents with a woman among the inventors"
    assert row["exact"] is row["rounded"] is row["difference"] is row["completeness"] is None


# ---- pledges


@pytest.fixture
def posted(book: Book) -> Book:
    """Return a book of Shanghai's pledges, a few instead of many."""
    post(
        book,
        pledge("P1", "2022-05-01", 12_153_000_000),
        pledge("P2", "2023-01-01", 20 * BILLION),
        pledge("P3", "2023-12-31", 2_760_000_000),
        pledge("P4", "2023-12-31", None),
        pledge("P5", "2023-06-30", 7 * BILLION, region="CN-BJ"),
        pledge("P6", "2023-06-30", None, secured=money("5.00", "USD")),
    )
    return book


def test_the_figures_of_the_article(posted: Book) -> None:
    post(
        posted,
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
    assert verdicts(posted) == {
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
    row = rows(posted, about="23 BN")["23 bn"]
    assert row["inputs"] == {"events": 4, "with_amount": 2, "currency": "CNY"}
    assert (row["difference"], row["rounded"], row["publisher"]) == ("-240000000", "23000000000", "SHINE")
    covered = {text: row["completeness"] for text, row in rows(posted).items()}
    assert covered == dict.fromkeys(covered, None) | {
        "23 bn": "98.9565 %",
        "deals": "100 %",
        "China": "100 %",
        "everywhere": "100 %",
    }


def test_a_figure_without_a_currency_has_the_only_one_of_the_book(book: Book) -> None:
    post(book, pledge("P1", "2022-05-01", 12_153), pledge("P2", "2023-05-01", 22_760))
    post(book, figure("+90 %", "pledge_amount_growth", "90", "1", currency=...))
    assert verdicts(book) == {"+90 %": ("87.278861", "differs")}
    post(book, pledge("P3", "2023-05-01", None, secured=money("1", "USD")))
    assert rows(book)["+90 %"]["reason"] == "the figure names no currency, and the book has amounts in CNY, USD"
    post(book, figure("2024", "pledge_amount_growth", "90", "1", "2024-12-31", currency=...))
    post(book, figure("2022", "pledge_amount_growth", "90", "1", "2022-12-31", currency=...))
    post(book, pledge("P4", "2021-05-01", None, secured=money("1", "USD")))
    assert rows(book)["2024"]["reason"] == "no amount for CN-SH from 2024-01-01 to 2024-12-31"
    assert rows(book)["2022"]["reason"] == "the compared amounts are in different currencies"


def test_figures_without_records_are_no_data(posted: Book) -> None:
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
    post(
        posted,
        *(
            figure(text, **{"metric": "pledges", "value": "1", "precision": "1"} | data)
            for text, data in missing.items()
        ),
    )
    found = rows(posted)
    assert {text: row["verdict"] for text, row in found.items()} == dict.fromkeys(missing, "no_data")
    assert all(row["reason"] and row["exact"] is row["rounded"] is row["difference"] is None for row in found.values())
    assert "only has CN-SH" in found["a city is not its country"]["reason"]
    assert found["not by right"]["reason"] == "high_value is not counted by industry or right"


def test_patents_and_trademarks_are_counted_without_copyright(book: Book) -> None:
    pools = (("invention",), ("utility_model",), ("trademark",), ("copyright",), ("trademark", "invention"))
    for number, rights in enumerate(pools):
        assets = [asset(right=right, id=f"A{n}") for n, right in enumerate(rights)]
        post(book, pledge(f"P{number}", "2023-05-01", 10**number, assets=assets))
    patents = ["invention", "utility_model", "design"]
    post(
        book,
        figure("all", "pledge_amount", "11111", "1"),
        figure("patents and trademarks", "pledge_amount", "10111", "1", rights=[*patents, "trademark"]),
        figure("patents", "pledges", "3", "1", rights=patents),  # what mixes rights cannot be taken apart
        figure("inventions", "pledges", "1", "1", right="invention"),
        figure("copyright", "pledge_amount", "1000", "1", right="copyright"),
    )
    assert {row["verdict"] for row in rows(book).values()} == {"equal"}


def test_a_correction_affects_only_the_corrected_basis(posted: Book) -> None:
    wrong = pledge("P9", "2023-02-01", 100)
    printed = figure("printed", "pledge_amount", "22760000100", "1")
    post(posted, wrong, corrected(wrong, secured=money("7.50"), amount_status="registered"), printed)
    post(posted, corrected(printed, event_id="k2", value="22760000007.50", precision="0.01"))
    assert verdicts(posted, "corrected") == {"printed": ("22760000007.5", "equal")}
    assert verdicts(posted, "recorded") == {"printed": ("22760000100", "equal")}
    days = {"period_from": "2023-01-15", "to": "2023-02-15", "on": "2024-12-06"}
    post(posted, figure("of some days", "pledge_amount", "7.50", "0.01", **days))
    assert verdicts(posted, "corrected")["of some days"] == ("7.5", "equal")
    assert verdicts(posted, "recorded")["of some days"] == ("100", "differs")
    post(posted, voided(printed, event_id="v2"))
    assert "printed" not in verdicts(posted, "corrected")


def test_a_flow_of_any_days_is_the_sum_of_its_days(book: Book) -> None:
    random = Random(5)
    days = [date(2021, 1, 1) + timedelta(random.randrange(4 * 365)) for _ in range(60)]
    post(book, *(pledge(f"P{n}", day.isoformat(), n + 1) for n, day in enumerate(days)))
    edges = [date(y, m, d) for y in range(2021, 2025) for m, d in ((1, 1), (2, 28), (6, 30), (12, 31))]
    measures = Metrics(book.connection, "corrected")
    for first in edges:
        for last in edges:
            counts = [n + 1 for n, day in enumerate(days) if first <= day <= last]
            asked = FigureQuery("pledge_amount", last, first, "CN-SH", currency="CNY")
            try:
                measured = measures.measure(asked)
            except NotAvailable:
                assert not counts
            else:
                assert (int(measured.value), measured.inputs["events"]) == (sum(counts), len(counts))


def test_a_leap_day_is_compared_with_the_28th(book: Book) -> None:
    post(book, pledge("P1", "2023-02-28", 1), pledge("P2", "2023-03-01", 1), pledge("P3", "2024-02-29", 1))
    assert value(book, "pledges_growth", "2024-02-29", "2024-01-01") == 0
    assert value(book, "pledges_change", "2024-03-01", "2024-01-01") == -1


def test_a_stock_of_pledges_is_counted_or_summed(posted: Book) -> None:
    post(posted, event_on("pledge.cancelled", "P2", "2023-07-01", registration_no="x"))
    assert value(posted, "pledge_stock", "2023-12-31") == 12_153_000_000 + 2_760_000_000
    assert value(posted, "pledge_stock", "2023-12-31", currency=None) == 4
    assert value(posted, "pledge_stock", "2023-06-30") == 32_153_000_000


# ---- the whole


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], posted: Book
) -> Iterator[Callable[..., tuple[int, str, str]]]:
    def ended(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ip-ledger", "reconcile", *words])
        with pytest.raises(SystemExit) as exit_:
            main()
        return int(str(exit_.value.code)), *capsys.readouterr()

    monkeypatch.setenv("LEDGER_BOOK", str(posted.path))
    settings.cache_clear()
    yield ended
    settings.cache_clear()


def test_the_command_ends_with_1_where_a_figure_differs(run: Callable[..., Any], posted: Book) -> None:
    assert run("--json")[0] == 0
    post(posted, figure("23 bn", "pledge_amount", "23000000000", "1000000000"), figure("?", "trademarks", "1", "1"))
    code, out, _ = run("--json")
    assert code == 0
    whole = json.loads(out)
    assert whole["position"].startswith("ip.deal.v1:0=0,")
    assert [row["verdict"] for row in whole["rows"]] == ["equal_after_rounding", "no_data"]
    post(posted, figure("+90 %", "pledge_amount_growth", "90", "1"))
    assert run("--json")[0] == 1
    assert run("--json", "--figure", "bn")[0] == 0
    code, out, err = run("--csv")
    assert out.splitlines()[0] == "figure,publisher,published,exact,rounded,difference,completeness,verdict"
    assert out.splitlines()[3] == "+90 %,SHINE,90,87.278861,87,-2.721139,,differs"
    assert "1 differs, 1 equal_after_rounding, 1 no_data" in err


def test_a_part_of_a_register_does_not_differ(run: Callable[..., Any], week: Book) -> None:
    post(week, report("issued", "6439"), report("to women", "9", scope="women"))
    code, out, err = run("--csv")
    assert code == 0
    assert "issued,SHINE,6439,9,9,-6430,0.1398 %,partial" in out.splitlines()
    assert "1 not_comparable, 1 partial" in err
    assert "partial: the book holds a part of what the office counts" in err
    post(week, report("reissues", "2", kinds=["E1"]))
    assert run("--csv")[0] == 1
    assert "partial" not in run("--csv", "--figure", "reissues")[2]
