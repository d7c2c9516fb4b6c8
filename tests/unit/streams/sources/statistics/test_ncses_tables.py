from pathlib import Path

import pytest

from streams.sources.results import SkipReason

from .imports import Taken, reasons, table, taken

GRANTS = "ncses_uspto_utility_grants_by_inventor_country_2000-2022.csv"
COMPUTERS = "ncses_uspto_grants_computer_technology_by_country_1998-2020.csv"
PCT = "ncses_pct_applications_by_country_2000-2022.csv"
MARKS = "ncses_registered_trademarks_by_country_1998-2018.csv"
OWNERS = "ncses_uspto_grants_by_owner_sector_2000-2022.csv"
UNION = "World -> Europe -> EU-27 and United Kingdom<sup>a</sup> -> EU-27<sup>b</sup>"


def of_countries(path: Path, *rows: str) -> Taken:
    return taken("ncses-tables", table(path, "region_path,year,value", *rows))


def test_the_world_is_a_whole_count_and_a_country_a_share_of_it(tmp_path: Path) -> None:
    found = of_countries(tmp_path / GRANTS, "World,2022,323410", f"{UNION} -> Germany<sup>c</sup>,2022,14321")
    world, germany = found.by_subject.values()
    assert world == {
        "occurred_on": "2023-01-01",
        "figure": "USPTO utility patents granted to inventors: World, 2022",
        "metric": "grants",
        "right": "invention",
        "office": "US",
        "kinds": ["A", "B1", "B2"],
        "period_from": "2022-01-01",
        "period_to": "2022-12-31",
        "value": "323410",
        "precision": "1",
        "publisher": "NCSES",
        "document": "Science and Engineering Indicators, USPTO utility patents granted to inventors",
    }
    assert germany["region"] == "DE"
    assert germany["scope"] == "fractional count by the inventors' residence"
    assert list(found.by_subject) == ["figure/ncses/utility_grants/World/2022", "figure/ncses/utility_grants/DE/2022"]


def test_groups_organisations_and_former_states_are_skipped_by_rule(tmp_path: Path) -> None:
    names = (
        "Asia",
        "Europe -> Other Europe (2020)<sup>b</sup>",
        "Asia -> Eurasian Patent Organization",
        "Unclassified",
    )
    found = of_countries(tmp_path / PCT, *(f"World -> {name},2022,1" for name in names), f"{UNION},2022,50800")
    assert found.rules == {SkipReason.NO_COUNTRY: 5}
    assert reasons(found)[-1] == ("no_country", "'EU-27' is no country of ISO 3166-1")


def test_a_value_that_is_not_there_is_skipped_by_rule(tmp_path: Path) -> None:
    assert of_countries(tmp_path / GRANTS, "World,2022,na").rules == {SkipReason.NO_VALUE: 1}


def test_china_includes_hong_kong_in_every_table(tmp_path: Path) -> None:
    for name in (GRANTS, COMPUTERS, PCT):
        (data,) = of_countries(tmp_path / name, "World -> Asia -> China,2020,1").by_subject.values()
        assert data["region"] == "CN"
        assert data["scope"].endswith("; China includes Hong Kong")


def test_international_applications_are_those_of_receiving_offices(tmp_path: Path) -> None:
    (data,) = of_countries(tmp_path / PCT, "World -> North America -> United States,2022,58218").by_subject.values()
    assert (data["metric"], data["region"]) == ("pct_received", "US")
    assert data["scope"].startswith("by year of publication")


def test_a_field_of_technology_narrows_the_world_too(tmp_path: Path) -> None:
    (data,) = of_countries(tmp_path / COMPUTERS, "World,1998,11797").by_subject.values()
    assert data["scope"] == "fractional count by WIPO's fields of technology, computer technology"


def test_marks_are_counted_for_each_of_two_registers(tmp_path: Path) -> None:
    rows = ("World,1998,uspto,88761", "World -> Asia -> Japan,1998,euipo,777", "World,1998,jpo,1")
    found = taken("ncses-tables", table(tmp_path / "marks.csv", "region_path,year,office,value", *rows))
    said = {subject: (d["metric"], d["office"], d.get("scope")) for subject, d in found.by_subject.items()}
    assert said == {
        "figure/ncses/registered_trademarks/US/World/1998": ("trademark_registrations", "US", None),
        "figure/ncses/registered_trademarks/EM/JP/1998": (
            "trademark_registrations",
            "EM",
            "fractional count by the holders' residence",
        ),
    }
    assert reasons(found) == [("bad_document", "office 'jpo': it must be one of uspto, euipo")]


def test_owners_are_counted_by_place_and_sector(tmp_path: Path) -> None:
    paths = ("Total", "Total -> Assigned to U.S. owner -> Business", "Total -> Assigned to foreign owner")
    found = taken("ncses-tables", table(tmp_path / "x.csv", "sector,year,value", *(f"{path},2022,5" for path in paths)))
    total, business, foreign = found.by_subject.values()
    assert "scope" not in total
    assert (business["region"], business["scope"]) == (
        "US",
        "fractional count by the owners' place and sector: Assigned to U.S. owner, Business",
    )
    assert "region" not in foreign


def test_three_tables_begin_alike_so_a_file_must_be_named_after_one_of_them(tmp_path: Path) -> None:
    (refusal,) = of_countries(tmp_path / "data.csv", "World,2022,1").skipped
    assert refusal.rule is SkipReason.UNKNOWN_FORMAT
    assert refusal.reason.endswith("none of these: utility_grants, computer_technology, pct_applications")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("World,22,1", "year '22': it must be four digits, from 1900 on"),
        ("World,2022,many", "USPTO utility patents granted to inventors: World, 2022: the value 'many' must be digits"),
        ("World -> ,2022,1", "region_path 'World ->': it must be names with -> between them"),
    ],
)
def test_a_bad_line_says_what_is_wrong(row: str, reason: str, tmp_path: Path) -> None:
    ((rule, said),) = reasons(of_countries(tmp_path / GRANTS, row))
    assert rule == "bad_document"
    assert said.startswith(reason)


def test_golden_counts(office_data: Path) -> None:
    found = taken(
        "ncses-tables", *(office_data / "aggregates" / name for name in (GRANTS, COMPUTERS, OWNERS, PCT, MARKS))
    )
    assert dict(found.read) == {
        "ncses-utility-grants": 1127,
        "ncses-computer-technology": 1150,
        "ncses-owner-sectors": 230,
        "ncses-pct-applications": 3266,
        "ncses-trademarks": 2226,
    }
    assert set(found.rules) == {SkipReason.NO_COUNTRY}
    figures = found.by_subject
    assert len(figures) + found.rules[SkipReason.NO_COUNTRY] == 1127 + 1150 + 230 + 3266 + 2226
    for year in range(2000, 2023):
        world, total = (figures[f"figure/ncses/{of}/{year}"] for of in ("utility_grants/World", "owner_sector/Total"))
        assert world["value"] == total["value"]
    unknown = {reason.partition(" is no")[0].strip("'") for _, reason in reasons(found)}
    assert unknown == {
        *("Africa", "Asia", "Europe", "Middle East", "North America", "South America", "Australia and Oceania"),
        *("Central America and Caribbean", "Central and South America", "Other Europe", "Other Europe (2020)"),
        *("Other Europe-2020", "EU", "EU-27", "EU-27 and United Kingdom", "EU-27 + UK", "All others", "Unclassified"),
        *("African IPO", "African Regional IPO", "Eurasian Patent Organization", "European Patent Office", "WIPO"),
        *("Gulf States Patent Office", "Former Soviet Union", "Yugoslavia"),
    }
