import json
import subprocess
import sys
from datetime import date

import pycountry

from streams.sources import envelopes, regions, results
from tests.each_case import each_case


@each_case(
    ("text", "code"),
    [
        ("US", "US"),
        ("GB", "GB"),
        ("CALIFORNIA", "US"),
        ("District of  Columbia", "US"),
        ("GEORGIA", "US"),
        ("PUERTO RICO", "US"),
        ("KOREA, REPUBLIC OF", "KR"),
        ("England", "GB"),
        ("unknown", None),
        ("omitted", None),
        ("XX", None),
        ("", None),
        (None, None),
    ],
)
def test_a_country_is_known_by_code_name_or_state(text: str | None, code: str | None) -> None:
    assert regions.country(text) == code


@each_case(
    ("code", "year", "today"),
    [
        ("JP", 1976, "JP"),
        ("JA", 1976, "JP"),
        ("SF", 1985, "FI"),
        ("EN", 1977, "GB"),
        ("MT", 1977, "MR"),
        ("MT", 1978, "MT"),
        ("ML", 1977, "MT"),
        ("SU", 1977, "SU"),
    ],
)
def test_a_former_code_becomes_todays(code: str, year: int, today: str) -> None:
    assert regions.historic_country_code(code, year) == today


def test_former_codes_that_are_replaced_in_any_year_are_no_country_s_today() -> None:
    former = [row.split(" ")[1] for row in regions._FORMER.replace("\n", "|").split("|")]
    assert not [code for code in former if pycountry.countries.get(alpha_2=code)]


@each_case(
    ("country", "state", "region"),
    [
        ("US", "CA", "US-CA"),
        ("US", "ZZ", "US"),
        ("US", "", "US"),
        ("CA", "CA", "CA"),
        ("unknown", "CA", None),
        ("", "TX", "US-TX"),
        (None, "Ontario", None),
    ],
)
def test_a_region_has_the_state_only_in_the_us(country: str | None, state: str, region: str | None) -> None:
    assert regions.region(country, state) == region


@each_case(
    ("name", "code"),
    [
        ("China", "CN"),
        ("Georgia", "GE"),
        ("Puerto Rico", "PR"),
        ("South Korea", "KR"),
        ("Republic of Korea", "KR"),
        ("The  Netherlands", "NL"),
        ("Turkey", "TR"),
        ("Turkiye", "TR"),
        ("Cote d'Ivoire", "CI"),
        ("Russia", "RU"),
        ("Taiwan", "TW"),
        ("Yugoslavia", None),
        ("California", None),
        ("中華民國", None),
        ("", None),
    ],
)
def test_a_country_is_known_by_the_names_of_statistics(name: str, code: str | None) -> None:
    assert regions.country_named(name) == code


@each_case(("code", "country"), [("CHN", "CN"), ("XKX", "XK"), ("ROM", "RO"), ("WLD", None), ("", None)])
def test_a_country_is_known_by_three_letters_and_a_group_is_none(code: str, country: str | None) -> None:
    assert regions.country_of_alpha_3(code) == country


@each_case(
    ("country", "name", "code"),
    [
        ("CN", "Shanghai", "CN-SH"),
        ("CN", "shanghai shi", "CN-SH"),
        ("CN", "Guangxi", "CN-GX"),
        ("CN", "Inner Mongolia", "CN-NM"),
        ("CN", "Tibet", "CN-XZ"),
        ("CN", "Shan", None),
        ("CN", "", None),
        ("QQ", "Shanghai", None),
    ],
)
def test_a_subdivision_is_known_with_or_without_its_type(country: str, name: str, code: str | None) -> None:
    assert regions.subdivision(country, name) == code


def test_regions_that_iso_3166_does_not_have_on_the_day_are_omitted() -> None:
    parties = [{"name": "A", "country": "SU"}, {"name": "B", "country": "DE"}, {"name": "C"}]
    data = {"occurred_on": "1993-05-04", "region": "SU", "applicants": parties, "debtor": parties[0], "claims": 3}
    assert regions.of_the_day(data) == (
        {
            "occurred_on": "1993-05-04",
            "applicants": [{"name": "A"}, {"name": "B", "country": "DE"}, {"name": "C"}],
            "debtor": {"name": "A"},
            "claims": 3,
        },
        ("SU", "SU", "SU"),
    )
    before = data | {"occurred_on": "1991-05-04"}
    assert regions.of_the_day(before) == (before, ())
    assert regions.of_the_day({"occurred_on": "2020-01-01", "region": "US-ZZ"})[0]["region"] == "US"


def test_an_event_keeps_its_record_without_a_region_and_names_the_code() -> None:
    envelope = envelopes.envelope("urn:office:int:wipo", "ip.patent.granted.v1", "US9000001B2", date(2020, 1, 7), "x")
    data = {
        "occurred_on": "2020-01-07",
        "region": "QQ",
        "office": "US",
        "number": "9000001",
        "kind": "B2",
        "right": "invention",
        "ipc": [],
        "applicants": [{"name": "A", "country": "UK"}],
    }
    found = results.event(envelope, data)
    assert found.omitted == ("UK", "QQ")
    kept = json.loads(found.value)["data"]
    assert (kept["applicants"], "region" in kept) == ([{"name": "A"}], False)


def test_the_regions_of_a_correction_are_those_of_its_day_and_a_void_has_none() -> None:
    replaced = {"occurred_on": "2020-01-01", "region": "QQ"}
    correction = {"target": "e1", "reason": "mistyped", "data": replaced}
    assert regions.of_the_day(correction) == (correction | {"data": {"occurred_on": "2020-01-01"}}, ("QQ",))
    voiding = {"target": "e1", "reason": "withdrawn"}
    assert regions.of_the_day(voiding) == (voiding, ())


def test_the_region_of_a_figure_is_never_omitted() -> None:
    data = {"occurred_on": "2020-01-01", "region": "QQ", "as_of": "2019-12-31"}
    assert regions.of_the_day(data) == (data, ())


def test_names_of_countries_are_loaded_on_first_use() -> None:
    asked = "import sys, streams.sources.importers; print('pycountry' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
