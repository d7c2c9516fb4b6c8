"""Rates, populations, policies and published figures as of a day."""

from __future__ import annotations

from typing import Any

from ledger.book.book import Book
from tests.events import Event, corrected, voided
from tests.posting import event_on, post, shown


def rate(day: str, by: str, subject: str = "", **data: Any) -> Event:
    defaults = {"base": "USD", "quote": "CNY", "rate": by, "rate_source": "ECB"} | data
    return event_on("reference.fx_rate", subject or f"fx/{day}", day, **defaults)


def test_the_last_rate_in_the_log_counts(book: Book) -> None:
    first = rate("2024-12-04", "7.27", "fx/a")
    post(
        book,
        first,
        rate("2024-12-04", "7.27078", "fx/b"),
        rate("2024-12-04", "7.2", "fx/c", rate_source="PBOC"),
        rate("2024-12-03", "7.28586", "fx/d"),
    )
    columns = ("fx_source", "base", "quote", "day", "rate")
    assert shown(book, "fx_rates", *columns) == [
        ("ECB", "USD", "CNY", "2024-12-03", "7.28586"),
        ("ECB", "USD", "CNY", "2024-12-04", "7.27078"),
        ("PBOC", "USD", "CNY", "2024-12-04", "7.2"),
    ]
    wrong = rate("2024-12-05", "72.6537", "fx/e")
    post(book, wrong, corrected(wrong, rate="7.26537"))
    assert shown(book, "fx_rates", "rate", day="2024-12-05") == ["7.26537"]
    assert shown(book, "fx_rates", "rate", day="2024-12-05", recorded=True) == ["72.6537"]


def population(as_of: str, persons: int, on: str, region: str = "CN-SH") -> Event:
    defaults = {"region": region, "as_of": as_of, "persons": persons, "publisher": "S"}
    return event_on("reference.population", f"{region}/{as_of}/{on}", on, **defaults)


def test_the_denominator_is_the_latest_year_end_published_up_to_the_day(book: Book) -> None:
    post(
        book,
        population("2021-12-31", 2, "2022-03-15"),
        population("2020-12-31", 1, "2022-03-20"),  # published later than the one of a later year
        population("2022-11-01", 3, "2022-11-20"),  # a census
        population("2022-12-31", 5, "2024-03-21"),  # revised; logged before the value that it revises
        population("2022-12-31", 4, "2023-03-22"),
        population("2022-12-31", 9, "2023-03-30", "CN"),
    )

    def known(as_of: int, region: str = "CN-SH") -> Any:
        return shown(book, "populations", "as_of", "persons", "denominator", as_of=as_of, region=region)

    assert known(20220314) == []
    assert known(20221231) == [("2020-12-31", 1, 0), ("2021-12-31", 2, 1), ("2022-11-01", 3, 0)]
    assert known(20230322)[1:] == [("2021-12-31", 2, 0), ("2022-11-01", 3, 0), ("2022-12-31", 4, 1)]
    assert known(20240321)[-1] == ("2022-12-31", 5, 1)
    assert known(20240321, "CN") == [("2022-12-31", 9, 1)]
    only_a_census = population("2010-11-01", 7, "2011-05-03", "CN-BJ")
    post(book, only_a_census)
    assert known(20240321, "CN-BJ") == [("2010-11-01", 7, 0)]


def test_figures_for_10_000_residents_use_that_denominator(book: Book) -> None:
    defaults = {"office": "CN", "number": "1000001", "kind": "B", "region": "CN-SH", "right": "invention"}
    post(
        book,
        event_on("patent.granted", "CN1000001B", "2020-01-01", filed_on=..., ipc=[], **defaults),
        population("2020-12-31", 2000, "2021-03-15"),
        population("2021-12-31", 4000, "2022-03-15"),
        population("2021-12-31", 5000, "2022-04-15"),
        population("2022-11-01", 3, "2022-11-20"),
    )
    for day in (20210315, 20220314, 20220315, 20220415, 20221231):
        used = shown(book, "populations", "persons", "as_of", as_of=day, denominator="1")
        assert used == shown(book, "per_10k", "population", "population_as_of", as_of=day, metric="in_force")


def policy(name: str, value: str, since: str, **data: Any) -> Event:
    defaults = {"policy": name, "value": value, "currency": ..., "anchor": ..., "issuer": "a bank"} | data
    return event_on("reference.policy", f"{name}/{value}", since, **defaults)


def test_a_policy_holds_from_its_first_day_to_its_last(book: Book) -> None:
    post(
        book,
        policy("ltv_cap", "0.25", "2006-10-01", right="invention"),
        policy("ltv_cap", "0.15", "2006-10-01", right="utility_model"),
        policy("ltv_cap", "0.40", "2020-01-01", right="invention", valid_to="2020-12-31"),
        policy("ltv_cap", "0.50", "2010-01-01", right="invention", issuer="another bank"),
        policy("inclusive_loan", "20000000", "2024-01-01", currency="CNY", issuer=...),
    )

    def held(day: int) -> Any:
        return shown(book, "policies", "policy", "issuer", "right", "value", "valid_to", as_of=day)

    models = ("ltv_cap", "a bank", "utility_model", "0.15", None)
    another = ("ltv_cap", "another bank", "invention", "0.50", None)
    assert held(20060930) == []
    assert held(20201231) == [("ltv_cap", "a bank", "invention", "0.40", "2020-12-31"), models, another]
    assert held(20210101) == [("ltv_cap", "a bank", "invention", "0.25", None), models, another]
    assert held(20240101)[0] == ("inclusive_loan", None, None, "20000000", None)


def test_the_policy_that_came_into_force_last_counts_for_each_currency(book: Book) -> None:
    """A case of the field: views use the same one."""
    post(
        book,
        policy("high_value_years", "5", "2020-01-01", anchor="grant", region="UA"),
        policy("high_value_years", "10", "2015-01-01", anchor="grant", region="UA"),
        policy("inclusive_loan", "20000000", "2022-01-01", currency="CNY"),
        policy("inclusive_loan", "3000000", "2022-01-01", currency="USD"),
        policy("inclusive_loan", "2000000", "2022-01-01", currency="USD"),
    )
    asked = ("policy", "value", "currency")
    loans = [("inclusive_loan", "20000000", "CNY"), ("inclusive_loan", "2000000", "USD")]
    assert shown(book, "policies", *asked, as_of=20230101) == [("high_value_years", "5", None), *loans]
    assert shown(book, "policies", *asked, as_of=20191231) == [("high_value_years", "10", None)]


def test_published_figures_are_shown_as_printed(book: Book) -> None:
    data = {
        "figure": "more than 10 billion yuan",
        "metric": "valuations",
        "region": "CN-SH",
        "right": "invention",
        "purpose": "pledge_financing",
        "period_from": "2024-01-01",
        "period_to": "2024-12-04",
        "value": "10000000000",
        "precision": "1000000000",
        "rounding": "down",
        "currency": "CNY",
        "publisher": "SHINE",
    }
    printed = event_on("reference.published_figure", "F1", "2024-12-05", **data)
    again = event_on(
        "reference.published_figure", "F1", "2024-12-06", **data | {"publisher": "Yicai", "fx_on": "2024-12-04"}
    )
    post(book, printed, again)
    same = [name for name in data if name != "right"]
    assert shown(book, "published_figures", *same, publisher="SHINE") == [tuple(data[name] for name in same)]
    several = event_on("reference.published_figure", "F2", "2024-12-05", **data | {"rights": ["trademark", "design"]})
    neither = event_on("reference.published_figure", "F3", "2024-12-05", **data | {"right": ...})
    post(book, several, neither)
    assert shown(book, "published_figures", "rights") == ["invention", "invention", "invention,design,trademark", None]
    of_register = {"office": "US", "kinds": ["S1", "B2", "B1"], "scope": "non-residents"}
    counted = event_on("reference.published_figure", "F4", "2024-12-05", **data | of_register)
    post(book, counted)
    assert shown(book, "published_figures", "office", "kinds", "scope") == [
        *[(None, None, None)] * 4,
        ("US", "B1,B2,S1", "non-residents"),
    ]
    post(book, voided(several), voided(neither), voided(counted))
    columns = ("published_on", "publisher", "fx_on", "subject")
    assert shown(book, "published_figures", *columns) == [
        ("2024-12-05", "SHINE", "2024-12-05", "F1"),
        ("2024-12-06", "Yicai", "2024-12-04", "F1"),
    ]
    post(book, voided(printed))
    assert shown(book, "published_figures", "publisher") == ["Yicai"]
    assert shown(book, "published_figures", "publisher", recorded=True, subject="F1") == ["SHINE", "Yicai"]
