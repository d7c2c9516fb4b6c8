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


ALL_GRANTS = '"USPTO utility patents granted to inventors, by selected region, country, or economy: 2000–22"'
OF_COMPUTERS = "USPTO utility patents granted in computer technology, by region, country, or economy: 1998–2020"
ALL_PCT = "Table SINV-11. Patent Cooperation Treaty applications, by region, country, or economy: 2000–22"
IN_ELECTRICAL = (
    "Patent Cooperation Treaty applications in electrical engineering, by region, country, or economy: 2000–22"
)
OF_MARKS = "Number of registered USPTO and EUIPO trademarks, by region, country, or economy: 1998–2018"
OF_OWNERS = "USPTO utility patents granted to owners, by sector: 2000–22"


def titled(tmp_path: Path, title: str, *rows: str, header: str = "region_path,year,value") -> Taken:
    return taken("ncses-tables", table(tmp_path / "data.csv", title, header, *rows))


def untitled(tmp_path: Path, *rows: str, header: str = "region_path,year,value", name: str = "data.csv") -> Taken:
    return taken("ncses-tables", table(tmp_path / name, header, *rows))


def test_the_world_is_a_whole_count_and_a_country_a_share_of_it(tmp_path: Path) -> None:
    found = titled(tmp_path, ALL_GRANTS, "World,2022,323410", f"{UNION} -> Germany<sup>c</sup>,2022,14321")
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
    found = titled(tmp_path, ALL_PCT, *(f"World -> {name},2022,1" for name in names), f"{UNION},2022,50800")
    assert found.rules == {SkipReason.NO_COUNTRY: 5}
    assert reasons(found)[-1] == ("no_country", "'EU-27' is not a country of ISO 3166-1")


def test_a_missing_value_is_skipped_by_rule(tmp_path: Path) -> None:
    assert titled(tmp_path, ALL_GRANTS, "World,2022,na").rules == {SkipReason.NO_VALUE: 1}


def test_china_includes_hong_kong_in_every_table(tmp_path: Path) -> None:
    for title in (ALL_GRANTS, OF_COMPUTERS, ALL_PCT):
        (data,) = titled(tmp_path, title, "World -> Asia -> China,2020,1").by_subject.values()
        assert data["region"] == "CN"
        assert data["scope"].endswith("; China includes Hong Kong")


def test_international_applications_are_those_of_receiving_offices(tmp_path: Path) -> None:
    (data,) = titled(tmp_path, ALL_PCT, "World -> North America -> United States,2022,58218").by_subject.values()
    assert (data["metric"], data["region"]) == ("pct_received", "US")
    assert data["scope"].startswith("by year of publication")


def test_a_field_of_technology_narrows_the_world_too(tmp_path: Path) -> None:
    (data,) = titled(tmp_path, OF_COMPUTERS, "World,1998,11797").by_subject.values()
    assert data["scope"] == "fractional count by WIPO's fields of technology, computer technology"


def test_marks_are_counted_for_each_of_two_registers(tmp_path: Path) -> None:
    rows = ("World,1998,uspto,88761", "World -> Asia -> Japan,1998,euipo,777", "World,1998,jpo,1")
    found = titled(tmp_path, OF_MARKS, *rows, header="region_path,year,office,value")
    figures = {subject: (d["metric"], d["office"], d.get("scope")) for subject, d in found.by_subject.items()}
    assert figures == {
        "figure/ncses/registered_trademarks/US/World/1998": ("trademark_registrations", "US", None),
        "figure/ncses/registered_trademarks/EM/JP/1998": (
            "trademark_registrations",
            "EM",
            "fractional count by the holders' residence",
        ),
    }
    assert reasons(found) == [("bad_document", "office 'jpo': it must be one of uspto, euipo")]


def test_owners_are_counted_by_region_and_sector(tmp_path: Path) -> None:
    paths = ("Total", "Total -> Assigned to U.S. owner -> Business", "Total -> Assigned to foreign owner")
    found = titled(tmp_path, OF_OWNERS, *(f"{path},2022,5" for path in paths), header="sector,year,value")
    total, business, foreign = found.by_subject.values()
    assert "scope" not in total
    assert (business["region"], business["scope"]) == (
        "US",
        "fractional count by the owners' place and sector: Assigned to U.S. owner, Business",
    )
    assert "region" not in foreign


def test_a_table_of_one_field_makes_figures_of_that_field(tmp_path: Path) -> None:
    found = titled(tmp_path, IN_ELECTRICAL, "World,2022,98220", "World -> North America -> United States,2022,19261")
    world, us = found.by_subject.values()
    assert list(found.by_subject) == [
        "figure/ncses/pct_applications/electrical_engineering/World/2022",
        "figure/ncses/pct_applications/electrical_engineering/US/2022",
    ]
    scope = (
        "in WIPO's fields of technology, electrical engineering; by year of publication; "
        "those filed with the International Bureau stand at the office of first filing"
    )
    assert (world["scope"], us["scope"], us["metric"]) == (scope, scope, "pct_received")
    assert world["figure"].endswith("by receiving office, in electrical engineering: World, 2022")


def test_a_field_outside_the_concordance_keeps_its_printed_name(tmp_path: Path) -> None:
    title = "USPTO utility patents granted in environmental management, by region, country, or economy: 1998–2022"
    ((subject, data),) = titled(tmp_path, title, "World -> Asia -> Japan,2022,7").by_subject.items()
    assert subject == "figure/ncses/environmental_management/JP/2022"
    assert data["scope"] == (
        "fractional count by a field of technology, environmental management; by the residence of inventors or owners"
    )


def test_an_untitled_table_is_recognised_by_its_world_totals(tmp_path: Path) -> None:
    rows = ("World,2000,18736", "World,2001,26767", "World,2002,28082", "World -> Asia -> Japan,2000,9")
    assert list(untitled(tmp_path, *rows, name=PCT).by_subject) == [
        f"figure/ncses/pct_applications/electrical_engineering/{of}"
        for of in ("World/2000", "World/2001", "World/2002", "JP/2000")
    ]
    assert untitled(tmp_path, "World,2000,18737", *rows[1:], name=PCT).rules == {SkipReason.UNKNOWN_TABLE: 1}
    assert untitled(tmp_path, *rows[1:], name=PCT).rules == {SkipReason.UNKNOWN_TABLE: 1}


def test_a_cell_can_name_the_field_of_the_table(tmp_path: Path) -> None:
    rows = ("World,,Chemistry", "World,2022,58762", "World -> Asia -> Japan,2022,9")
    found = titled(tmp_path, ALL_PCT, *rows)
    assert list(found.by_subject) == [f"figure/ncses/pct_applications/chemistry/{of}/2022" for of in ("World", "JP")]
    assert found.rules == {SkipReason.ANOTHER_DOCUMENT: 1}
    two = titled(tmp_path, ALL_PCT, *rows, "World,,Instruments")
    assert two.rules == {SkipReason.UNKNOWN_TABLE: 1}


def test_a_column_can_name_the_field_of_each_row(tmp_path: Path) -> None:
    rows = ("World,Optics,2022,3", "World,All fields,2022,9", "World -> Asia -> Japan,IT methods for management,2022,1")
    found = titled(tmp_path, ALL_PCT, *rows, header="region_path,technical_field,year,value")
    assert list(found.by_subject) == [
        "figure/ncses/pct_applications/optics/World/2022",
        "figure/ncses/pct_applications/World/2022",
        "figure/ncses/pct_applications/it_methods_for_management/JP/2022",
    ]


def test_a_column_can_have_the_title(tmp_path: Path) -> None:
    row = f'World,2022,5,"{IN_ELECTRICAL}"'
    (subject,) = untitled(tmp_path, row, header="region_path,year,value,table_title").by_subject
    assert subject == "figure/ncses/pct_applications/electrical_engineering/World/2022"


@pytest.mark.parametrize(
    "title",
    [
        "S&E articles in physics, whole count, by region, country, or economy: 1996–2020",
        "USPTO utility patents granted to inventors, by selected region: 2000–22\r\n" + ALL_PCT,
        OF_OWNERS,
        "",
    ],
)
def test_a_table_without_a_known_subject_is_refused_once(title: str, tmp_path: Path) -> None:
    (refusal,) = titled(tmp_path, title, "World,2022,1", "World,2021,1").skipped
    assert refusal.rule is SkipReason.UNKNOWN_TABLE
    assert refusal.location == "its beginning"
    assert refusal.reason.startswith("its content does not show what it counts: ")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("World,22,1", "year '22': it must be four digits, from 1900 on"),
        ("World,2022,many", "USPTO utility patents granted to inventors: World, 2022: the value 'many' must be digits"),
        ("World -> ,2022,1", "region_path 'World ->': it must be names with -> between them"),
    ],
)
def test_a_bad_line_says_what_is_wrong(row: str, reason: str, tmp_path: Path) -> None:
    ((rule, message),) = reasons(titled(tmp_path, ALL_GRANTS, row))
    assert rule == "bad_document"
    assert message.startswith(reason)


def test_golden_counts(office_data: Path) -> None:
    found = taken(
        "ncses-tables", *(office_data / "aggregates" / name for name in (GRANTS, COMPUTERS, OWNERS, PCT, MARKS))
    )
    assert found.read == [
        ("ncses-by-country", 1127),
        ("ncses-by-country", 1150),
        ("ncses-by-owner", 230),
        ("ncses-by-country", 3266),
        ("ncses-by-country", 2226),
    ]
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
