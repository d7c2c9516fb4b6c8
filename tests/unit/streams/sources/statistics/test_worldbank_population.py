from pathlib import Path

import pytest

from streams.sources.results import SkipReason

from .imports import reasons, table, taken

HEADER = "country_name,country_code,year,population"
BULK_HEADER = '"Country Name","Country Code","Indicator Name","Indicator Code","1960","2023","2024",'


def bulk(path: Path, *rows: str, updated: str = "2025-07-01") -> Path:
    above = ('\ufeff"Data Source","World Development Indicators",', "", f'"Last Updated Date","{updated}",', "")
    return table(path, *above, BULK_HEADER, *rows)


def test_a_value_is_as_of_mid_year_and_published_after_the_year(tmp_path: Path) -> None:
    found = taken("worldbank-population", table(tmp_path / "p.csv", HEADER, '"Korea, Rep.",KOR,2023,51712619'))
    assert found.by_subject == {
        "population/worldbank/KR/2023": {
            "occurred_on": "2024-01-01",
            "region": "KR",
            "as_of": "2023-07-01",
            "persons": 51712619,
            "publisher": "World Bank",
        }
    }
    assert found.counts == {"population of a country": 1}


@pytest.mark.parametrize("header", [HEADER, "Country Name,Country Code,Year,Value"])
def test_groups_of_countries_are_skipped_by_rule(header: str, tmp_path: Path) -> None:
    rows = ("World,WLD,2023,8061876001", "European Union,EUU,2023,450000000", "Kosovo,XKX,2023,1682668")
    found = taken("worldbank-population", table(tmp_path / "p.csv", header, *rows))
    assert list(found.by_subject) == ["population/worldbank/XK/2023"]
    assert found.rules == {SkipReason.NO_COUNTRY: 2}
    assert reasons(found)[0] == ("no_country", "World (WLD) is not a country of ISO 3166-1")


def test_the_bulk_form_has_its_publication_date(tmp_path: Path) -> None:
    rows = (
        '"Aruba","ABW","Population, total","SP.POP.TOTL","54922","107359","",',
        '"World","WLD","Population, total","SP.POP.TOTL","3031474234","","",',
        '"Aruba","ABW","Population, female","SP.POP.TOTL.FE.IN","27000","56000","",',
    )
    found = taken("worldbank-population", bulk(tmp_path / "API_SP.POP.TOTL.csv", *rows))
    assert {subject: (data["occurred_on"], data["persons"]) for subject, data in found.by_subject.items()} == {
        "population/worldbank/AW/1960": ("2025-07-01", 54922),
        "population/worldbank/AW/2023": ("2025-07-01", 107359),
    }
    assert found.rules == {SkipReason.NO_COUNTRY: 1, SkipReason.NO_METRIC: 1}


def test_a_later_edition_is_another_publication_of_the_same_subject(tmp_path: Path) -> None:
    row = '"Aruba","ABW","Population, total","SP.POP.TOTL","54922","","",'
    first, again, later = (
        taken("worldbank-population", bulk(tmp_path / f"{number}.csv", row, updated=updated)).events[0]
        for number, updated in enumerate(["2025-07-01", "2025-07-01", "2026-07-01"])
    )
    assert first == again
    assert first["subject"] == later["subject"]
    assert first["id"] != later["id"]


def test_a_revised_value_without_an_edition_has_the_same_id(tmp_path: Path) -> None:
    one, two = (
        taken("worldbank-population", table(tmp_path / name, HEADER, f"Aruba,ABW,1960,{persons}")).events[0]
        for name, persons in (("a", 54922), ("b", 54208))
    )
    assert one["id"] == two["id"]
    assert one != two


def test_other_files_of_the_download_are_not_faults(tmp_path: Path) -> None:
    header = '"Country Code","Region","IncomeGroup","SpecialNotes","TableName",'
    found = taken(
        "worldbank-population", table(tmp_path / "Metadata_Country.csv", header, '"ABW","x","High","","Aruba",')
    )
    assert found.rules == {SkipReason.ANOTHER_DOCUMENT: 1}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Aruba,ABW,60,54922", "year '60': it must be four digits, from 1900 on"),
        ("Aruba,AW,1960,54922", "country code 'AW' of 'Aruba': it must be three capital letters"),
        ("Aruba,ABW,1960,54922.5", "population of Aruba in 1960: '54922.5' must be a whole number"),
        ("Aruba,ABW,1960", "a row of 3 cells under a header of 4: 'Aruba,ABW,1960'"),
        ("Aruba,ABW,1960,54,922", "a row of 5 cells under a header of 4: 'Aruba,ABW,1960,54,922'"),
    ],
)
def test_a_bad_line_says_what_is_wrong(row: str, reason: str, tmp_path: Path) -> None:
    found = taken("worldbank-population", table(tmp_path / "p.csv", HEADER, row))
    assert reasons(found) == [("bad_document", reason)]


def test_golden_counts(office_data: Path) -> None:
    found = taken("worldbank-population", office_data / "reference/population_worldbank.csv.gz")
    assert found.read == [("worldbank-population", 17195)]
    assert found.rules == {SkipReason.NO_COUNTRY: 49 * 65}
    assert len(found.events) == len({event["id"] for event in found.events}) == 17195 - 49 * 65
    assert found.by_subject["population/worldbank/CN/2024"]["persons"] == 1_408_975_000
