from pathlib import Path

import pytest

from streams.sources.results import SkipReason

from .imports import table, taken
from .test_worldbank_population import bulk

RESIDENTS = '"China","CHN","Patent applications, residents","IP.PAT.RESD","","1243568","",'
OTHERS = '"China","CHN","Patent applications, nonresidents","IP.PAT.NRES","","157093","..",'
WORLD = '"World","WLD","Patent applications, residents","IP.PAT.RESD","1","2","3",'
MARKS = '"China","CHN","Trademark applications, direct resident","IP.TMK.RESD","1","2","3",'


def test_an_office_counts_residents_and_nonresidents(tmp_path: Path) -> None:
    found = taken("worldbank-patents", bulk(tmp_path / "API_IP.PAT.csv", RESIDENTS, OTHERS, updated="2021-09-15"))
    residents = {
        "occurred_on": "2021-09-15",
        "figure": "Patent applications, residents, China, 2023",
        "metric": "filings",
        "right": "invention",
        "office": "CN",
        "region": "CN",
        "period_from": "2023-01-01",
        "period_to": "2023-12-31",
        "value": "1243568",
        "precision": "1",
        "publisher": "World Bank",
        "document": "World Development Indicators, IP.PAT.RESD",
    }
    assert found.by_subject["figure/worldbank/IP.PAT.RESD/CN/2023"] == residents
    others = found.by_subject["figure/worldbank/IP.PAT.NRES/CN/2023"]
    assert others["scope"] == "non-residents"
    assert "region" not in others
    assert found.counts == {"applications by residents in a year": 1, "applications by others in a year": 1}
    assert found.rules == {SkipReason.NO_VALUE: 1}


def test_groups_and_other_indicators_are_skipped_by_rule(tmp_path: Path) -> None:
    found = taken("worldbank-patents", bulk(tmp_path / "topic-14.csv", MARKS, WORLD, RESIDENTS))
    assert len(found.events) == 1
    assert found.rules == {SkipReason.NO_METRIC: 1, SkipReason.NO_COUNTRY: 3}


def test_a_table_of_population_is_for_another_importer(tmp_path: Path) -> None:
    row = '"Aruba","ABW","Population, total","SP.POP.TOTL","54922","","",'
    (refusal,) = taken("worldbank-patents", bulk(tmp_path / "p.csv", row)).skipped
    assert refusal.reason == "the file belongs to the kind worldbank-population: import it with that kind"


def test_a_table_without_its_first_lines_counts_as_published_after_the_year(tmp_path: Path) -> None:
    header = "Country Name,Country Code,Indicator Name,Indicator Code,2020"
    row = 'China,CHN,"Patent applications, residents",IP.PAT.RESD,1344817'
    (event,) = taken("worldbank-patents", table(tmp_path / "data.csv", header, row)).events
    assert event["data"]["occurred_on"] == "2021-01-01"


@pytest.mark.slow
def test_golden_counts(office_data: Path) -> None:
    found = taken("worldbank-patents", office_data / "aggregates/worldbank_IP.PAT_1960-2020.csv.gz")
    assert found.read == [("worldbank-patents", 532)]
    assert len(found.events) == len(found.by_subject) == 7495
    assert found.rules == {SkipReason.NO_COUNTRY: 9771 - 7495}
    assert {event["data"]["occurred_on"] for event in found.events} == {"2021-09-15"}
    assert found.by_subject["figure/worldbank/IP.PAT.RESD/US/2019"]["value"] == "285113"
