"""Patents by field of technology: whole and fractional counts, other classifications."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger import queries
from ledger.book.book import Book
from ledger.nearest import UnknownName
from ledger.queries.answer import Answer
from ledger.queries.fields import SeveralCountries
from schemas.classification import of_industries, read_classification
from schemas.ipc import ipc_symbol
from tests import office
from tests.events import Event, corrected, granted, voided
from tests.posting import event_on, post

AI, CHIPS, VISION = "G06N 3/0475", "H01L 21/02", "G06V 10/82"
"""In the fields 6 and 8, and in none (the table of 2019 does not know G06V)."""


def grant(number: str, *symbols: str, year: int = 2023, by: str = "", **data: Any) -> Event:
    """Return a grant with these symbols; `by` lists the countries of the applicants, `-` for one that is unknown."""
    applicants = [{"name": "A"} | ({} if one == "-" else {"country": one}) for one in by.split()]
    ipc = [ipc_symbol(symbol) for symbol in symbols]
    return granted(f"g{number}", f"US{number}B2", occurred_on=f"{year}-05-02", ipc=ipc, applicants=applicants, **data)


def counted(answer: Answer, *columns: str) -> list[tuple[Any, ...]]:
    """Return these columns of the rows, as shown."""
    return [tuple(row[name] for name in columns) for row in answer.shown_as_dicts()]


@pytest.fixture
def patents(book: Book) -> Book:
    """Return a book of five grants of two years."""
    post(
        book,
        grant("9000001", AI, CHIPS, CHIPS, by="CN CN US"),
        grant("9000002", CHIPS, AI, "G06F 1/00", by="US"),
        grant("9000003", VISION, AI, by="JP"),
        grant("9000004", by="CN", right="design"),
        grant("9000005", AI, year=2024, by="- HK"),
    )
    return book


def test_a_patent_counts_once_in_the_field_of_its_first_symbol(patents: Book) -> None:
    answer = queries.fields(patents)
    assert counted(answer, "field", "name_en", "year", "patents") == [
        ("6", "Computer technology", 2023, 1),
        ("6", "Computer technology", 2024, 1),
        ("8", "Semiconductors", 2023, 1),
        (None, "no class", 2023, 1),
        (None, "no symbol", 2023, 1),
    ]
    assert answer.terms["count"] == "whole: each patent once, in the class of its first symbol"
    assert str(answer.terms["classification"]).startswith("wipo35 2019.7.10+")
    assert answer.terms["symbols_without_class"] == "1: G06V 10/82"
    assert counted(answer, "group")[0] == ("Electrical engineering",)


def test_each_symbol_may_count_once_for_its_field(patents: Book) -> None:
    answer = queries.fields(patents, by=["field"], symbols="each", filters=["year=2023"])
    assert counted(answer, "field", "patents") == [("6", 3), ("8", 2), (None, 1), (None, 1)]
    assert answer.terms["count"] == "whole: each patent once in every class of its symbols"


def test_each_of_n_symbols_has_one_nth_of_a_patent(patents: Book) -> None:
    """Patent 1: a half each (a repeated symbol is one symbol). 2: a third for 8, two thirds for 6. 3: a half each."""
    answer = queries.fields(patents, by=["field"], symbols="parts", filters=["year=2023"])
    assert counted(answer, "field", "patents", "exact") == [
        ("6", "1.666667", "5/3"),
        ("8", "0.833333", "5/6"),
        (None, "0.500000", "1/2"),
        (None, "1.000000", "1"),
    ]
    assert answer.terms["count"] == "fractional: each of n symbols has 1/n of a patent"
    assert [row[-2] for row in answer.rows] == [Decimal("1.666667"), Decimal("0.833333"), Decimal("0.5"), Decimal(1)]


def test_applicants_share_a_patent_or_it_counts_once_in_each_country(patents: Book) -> None:
    whole = queries.fields(patents, by=["country"])
    assert counted(whole, "country", "patents") == [(None, 1), ("CN", 2), ("HK", 1), ("JP", 1), ("US", 2)]
    assert str(whole.terms["count"]).endswith("; once in every country of its applicants")
    parts = queries.fields(patents, by=["country", "field"], applicants="parts")
    assert counted(parts, "country", "field", "exact") == [
        (None, "6", "1/2"),
        ("CN", "6", "2/3"),
        ("CN", None, "1"),
        ("HK", "6", "1/2"),
        ("JP", None, "1"),
        ("US", "6", "1/3"),
        ("US", "8", "1"),
    ]
    both = queries.fields(
        patents, by=["field"], applicants="parts", symbols="parts", filters=["country=US", "year=2023"]
    )
    assert counted(both, "field", "exact") == [("6", "5/6"), ("8", "1/2")]


def test_a_whole_count_does_not_add_up_countries(patents: Book) -> None:
    assert counted(queries.fields(patents, by=["year"], filters=["country=US"]), "year", "patents") == [(2023, 2)]
    with pytest.raises(SeveralCountries):
        queries.fields(patents, by=["year"], filters=["country=US,CN"])
    parts = queries.fields(patents, by=["year"], applicants="parts", filters=["country=US,CN"])
    assert counted(parts, "exact") == [("3",)]


def test_groups_and_other_columns(patents: Book) -> None:
    found = queries.fields(patents, by=["group", "right"])
    assert counted(found, "group", "right", "patents") == [
        ("Electrical engineering", "invention", 3),
        (None, "invention", 1),
        (None, "design", 1),
    ]


def test_filters_order_and_limit_apply_to_the_rows(patents: Book) -> None:
    found = queries.fields(
        patents, sort=["-patents", "-year"], columns=["year", "field"], limit=2, filters=["field=6,8"]
    )
    assert found.shown == [(2024, "6"), (2023, "6")]
    parts = queries.fields(patents, by=["field"], symbols="parts", filters=["patents>=1"], sort=["patents"])
    assert counted(parts, "exact") == [("1",), ("8/3",)]


def test_corrections_voids_and_kinds_of_documents(book: Book) -> None:
    first, second = grant("9000001", AI), grant("9000002", AI)
    post(book, first, second, corrected(first, ipc=[ipc_symbol(CHIPS)]), voided(second))
    post(book, event_on("patent.published", "CN100000001A", "2022-01-01", ipc=[ipc_symbol(AI)]))
    assert counted(queries.fields(book), "field", "patents") == [("8", 1)]
    assert counted(queries.fields(book, basis="recorded"), "field", "patents") == [("6", 2)]
    assert counted(queries.fields(book, "publications"), "field", "year", "patents") == [("6", 2022, 1)]
    assert queries.fields(book, "filings").shown == []


def test_a_symbol_in_several_classes_divides_its_part(patents: Book) -> None:
    text = "# classification: demo\n# version: 1.0.0\nprefix,class\nG06N,AI\nG06N,SW\nG06F,SW\nH01L,HW\nG06V,\n"
    demo = read_classification(text)
    whole = queries.fields(patents, by=["field"], classification=demo, filters=["year=2023"])
    assert counted(whole, "field", "patents") == [("AI", 1), ("SW", 1), ("HW", 1), (None, 1), (None, 1)]
    parts = queries.fields(patents, by=["field"], classification=demo, symbols="parts", filters=["year=2023"])
    # AI: 1/2 * 1/2 + 1/3 * 1/2 + 1/2 * 1/2
    assert counted(parts, "field", "exact") == [("AI", "2/3"), ("SW", "1"), ("HW", "5/6"), (None, "1/2"), (None, "1")]


def test_the_industries_of_the_book_are_a_classification_too(market: Path) -> None:
    with queries.open(market) as book:
        found = queries.fields(book, by=["field", "year"], classification=of_industries(book.industry_map))
        totals = queries.totals(book, "grants", ["industry", "year"], filters=["industry!=UNK"])
        known = [row for row in counted(found, "field", "year", "patents") if row[0] not in (None, "UNK")]
        assert sorted(known) == sorted(counted(totals, "industry", "year", "events"))
        assert known


def test_a_name_that_nothing_has_is_refused(patents: Book) -> None:
    for wrong in ({"kind": "grant"}, {"by": ["sector"]}, {"symbols": "all"}, {"applicants": "first"}, {"basis": "x"}):
        with pytest.raises(UnknownName):
            queries.fields(patents, **wrong)


# ---- an independent recomputation


@pytest.mark.slow
def test_real_grants_are_counted_as_by_hand(book: Book, office_data: Path) -> None:
    """Read the concordance and the events themselves, without the code of the question."""
    events, _, _ = office.results_of("uspto-grants", *office.files_of(office_data, "uspto-grants"))
    office.post(book, events)
    with (office_data / "reference" / "wipo_ipc_technology_35fields.csv").open(encoding="utf-8-sig") as lines:
        pattern_of = {row["IPC_code"].rstrip("%"): row["Field_number"] for row in csv.DictReader(lines)}

    def field(symbol: str) -> str | None:
        return pattern_of.get(f"{symbol[:4]}{int(symbol[4:8]):4d}/") or pattern_of.get(symbol[:4])

    whole: dict[tuple[int, str | None], int] = defaultdict(int)
    parts: dict[tuple[int, str | None], Fraction] = defaultdict(Fraction)
    grants = {event.subject: json.loads(event.value)["data"] for event in reversed(events)}
    for data in grants.values():
        year, symbols = int(data["occurred_on"][:4]), sorted(set(data["ipc"]))
        whole[year, field(data["ipc"][0]) if symbols else "-"] += 1
        for symbol in symbols:
            parts[year, field(symbol)] += Fraction(1, len(symbols))
        if not symbols:
            parts[year, "-"] += 1
    names = {"no symbol": "-"}
    found = {
        (row["year"], row["field"] or names.get(row["name_en"])): row["patents"]
        for row in queries.fields(book).shown_as_dicts()
    }
    assert found == whole
    assert sum(found.values()) == 3371
    shared = queries.fields(book, symbols="parts").shown_as_dicts()
    assert {(row["year"], row["field"] or names.get(row["name_en"])): row["exact"] for row in shared} == {
        key: str(number) for key, number in parts.items()
    }
    for row in shared:
        exact = Fraction(row["exact"])
        rounded = (Decimal(exact.numerator * 10**20 // exact.denominator) / 10**20).quantize(
            Decimal("0.000001"), ROUND_HALF_UP
        )
        assert row["patents"] == str(rounded)
    assert sum((Fraction(row["exact"]) for row in shared), Fraction()) == 3371
