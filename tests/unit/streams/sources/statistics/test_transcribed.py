from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from streams.sources.results import SkipReason
from tests.each_case import each_case

from .imports import Taken, reasons, table, taken

HEADER = "indicator,geography,period,value,unit,yoy_percent,stated_by,source_page,source_address"
AMOUNT = "patent_and_trademark_pledge_financing_amount"


def of(tmp_path: Path, *rows: str) -> Taken:
    return taken("published-figures", table(tmp_path / "figures.csv", HEADER, *rows))


def data_of(tmp_path: Path, row: str) -> dict[str, Any]:
    (data,) = of(tmp_path, row).by_subject.values()
    return data


def test_an_amount_is_in_yuan_with_the_precision_of_its_last_digit(tmp_path: Path) -> None:
    row = f"{AMOUNT},China,2022,4868.8,CNY_100_million,over 40,CNIPA,Daily 2023-07-18,http://example.org/1"
    assert data_of(tmp_path, row) == {
        "occurred_on": "2023-07-18",
        "figure": "patent and trademark pledge financing amount, China, 2022: 4868.8 CNY 100 million",
        "metric": "pledge_amount",
        "region": "CN",
        "rights": ["invention", "utility_model", "design", "trademark"],
        "currency": "CNY",
        "period_from": "2022-01-01",
        "period_to": "2022-12-31",
        "value": "486880000000",
        "precision": "10000000",
        "publisher": "CNIPA",
        "document": "Daily 2023-07-18 http://example.org/1",
    }


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "resident_population_year_end,Shanghai,2016,2419.70,10000_persons",
            ("population", "CN-SH", None, "2016-12-31", "24197000", "100", None),
        ),
        (
            "resident_population_census,Shanghai,2020-11-01,24870895,persons",
            ("population", "CN-SH", None, "2020-11-01", "24870895", "1", None),
        ),
        (
            "high_value_invention_patents_per_10000_inhabitants,Shanghai,2022,40.9,patents_per_10000",
            ("high_value_per_10k", "CN-SH", None, "2022-12-31", "40.9", "0.1", None),
        ),
        (
            "genai_patent_families_published,Republic of Korea,2014-2023,4155,families",
            ("genai_families", "KR", "2014-01-01", "2023-12-31", "4155", "1", None),
        ),
        (
            "genai_patent_families_published,World,2014,733,families",
            ("genai_families", None, "2014-01-01", "2014-12-31", "733", "1", None),
        ),
        (
            "invention_patents_granted,Shanghai,2024-01/2024-10,43399,patents",
            ("grants", "CN-SH", "2024-01-01", "2024-10-31", "43399", "1", "CN"),
        ),
        (
            "invention_patents_granted,Japan,2023,4711,patents",
            ("grants", "JP", "2023-01-01", "2023-12-31", "4711", "1", None),
        ),
        (
            "valid_invention_patents,China (all owners),2021-12-31,3597000,patents",
            ("in_force", None, None, "2021-12-31", "3597000", None, "CN"),
        ),
    ],
)
def test_a_row_gives_metric_region_period_and_value(row: str, expected: tuple[Any, ...], tmp_path: Path) -> None:
    data = data_of(tmp_path, f"{row},,Bureau,page,")
    assert (
        tuple(map(data.get, ("metric", "region", "period_from", "period_to", "value", "precision", "office")))
        == expected
    )


def test_a_last_zero_says_nothing_about_the_precision(tmp_path: Path) -> None:
    header = f"{HEADER},precision"
    rows = [
        "valid_invention_patents,Shanghai,2023-10-31,241400,patents,,X,,,",
        "valid_invention_patents,Shanghai,2023-11-30,241400,patents,,X,,,100",
        "valid_invention_patents,Shanghai,2023-12-31,241456,patents,,X,,,",
        f"{AMOUNT},Shanghai,2023,230,CNY_100_million,,X,,,",
        f"{AMOUNT},Shanghai,2022,23,CNY_billion,,X,,,0.1",
        f"{AMOUNT},Shanghai,2021,23.0,CNY_billion,,X,,,",
    ]
    found = taken("published-figures", table(tmp_path / "figures.csv", header, *rows))
    assert [data.get("precision") for data in found.by_subject.values()] == [
        None,
        "100",
        "1",
        None,
        "100000000",
        "100000000",
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("more than 14,000", ("14000", "above", None)),
        ("Over 54,321", ("54321", "above", "1")),
        (">14000", ("14000", "above", None)),
        ("14,000+", ("14000", "above", None)),
        ("at least 5", ("5", "at_least", "1")),
        ("no more than 5", ("5", "at_most", "1")),
        ("less than 5", ("5", "below", "1")),
        ("nearly 15,000", ("15000", "nearly", None)),
        ("about 15,123", ("15123", None, None)),
        ("0", ("0", None, "1")),
    ],
)
def test_a_value_may_be_a_bound(value: str, expected: tuple[Any, ...], tmp_path: Path) -> None:
    data = data_of(tmp_path, f'genai_patent_families_published,World,2023,"{value}",families,,WIPO,page,')
    assert tuple(map(data.get, ("value", "bound", "precision"))) == expected


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2024-H1", "2024-01-01", "2024-06-30"),
        ("2024H2", "2024-07-01", "2024-12-31"),
        ("H1 2024", "2024-01-01", "2024-06-30"),
        ("2024-Q3", "2024-07-01", "2024-09-30"),
        ("2024-Q1-Q3", "2024-01-01", "2024-09-30"),
        ("Q1-3 2024", "2024-01-01", "2024-09-30"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-01/2024-10", "2024-01-01", "2024-10-31"),
    ],
)
def test_a_period_may_be_a_part_of_a_year(period: str, first: str, last: str, tmp_path: Path) -> None:
    data = data_of(tmp_path, f"invention_patents_granted,Shanghai,{period},43401,patents,,X,page,")
    assert (data["metric"], data["right"], data["period_from"], data["period_to"]) == (
        "grants",
        "invention",
        first,
        last,
    )


@pytest.mark.parametrize("period", ["2024-H3", "2024-Q5", "2024-Q3-Q1", "2024-Q1-H2", "2024-13", "2024-10/2024-01"])
def test_no_part_of_a_year(period: str, tmp_path: Path) -> None:
    ((rule, _),) = reasons(of(tmp_path, f"invention_patents_granted,Shanghai,{period},43401,patents,,X,page,"))
    assert rule == "bad_document"


def test_a_page_without_a_date_counts_as_published_at_the_end_of_its_period(tmp_path: Path) -> None:
    assert data_of(tmp_path, f"{AMOUNT},Shanghai,2022,121.53,CNY_100_million,,X,repost,")["occurred_on"] == "2023-01-01"


def test_a_row_without_a_matching_metric_is_skipped_by_rule(tmp_path: Path) -> None:
    found = of(tmp_path, "enterprises_benefiting,China,2021,15000,enterprises,,CNIPA,page,")
    assert reasons(found) == [("no_metric", "enterprises_benefiting (enterprises)")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{AMOUNT},Atlantis,2022,1,CNY,,X,,", "geography 'Atlantis': it must be a country"),
        (f"{AMOUNT},China,spring,1,CNY,,X,,", "period 'spring': it names no year"),
        (
            f"{AMOUNT},China,2022,plenty,items,,X,,",
            "patent and trademark pledge financing amount, China, 2022: the value",
        ),
        (f"{AMOUNT},China,2022", "not a line of figures: value"),
        (f"{AMOUNT},China,2022,1,CNY,,X,repost of 2023-02-31,", "source_page: '2023-02-31' is not a day"),
    ],
)
def test_a_bad_line_says_what_is_wrong(row: str, reason: str, tmp_path: Path) -> None:
    ((rule, message),) = reasons(of(tmp_path, row))
    assert rule == "bad_document"
    assert message.startswith(reason)


def test_golden_counts(office_data: Path) -> None:
    found = taken("published-figures", office_data / "aggregates/published_aggregates_transcribed.csv")
    assert found.read == [("published-figures", 19)]
    assert found.rules == {SkipReason.NO_METRIC: 1}
    assert Counter(data["metric"] for data in found.by_subject.values()) == {
        "pledge_amount": 3,
        "pledges": 2,
        "in_force": 2,
        "pct_filings": 1,
        "high_value": 1,
        "high_value_per_10k": 1,
        "population": 4,
        "genai_families": 4,
    }


# --- as releases print them ---

PRINTED = [
    (
        "patent_and_trademark_pledge_financing_amount|Shanghai|2023年|227.6亿元|",
        ("pledge_amount", "2023-01-01", "2023-12-31", "22760000000", "10000000", None),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|上海市|2023|227.6|亿元",
        ("pledge_amount", "2023-01-01", "2023-12-31", "22760000000", "10000000", None),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|China|2022|4868.8|CNY_亿",
        ("pledge_amount", "2022-01-01", "2022-12-31", "486880000000", "10000000", None),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|中国|2024年上半年|4199亿元|",
        ("pledge_amount", "2024-01-01", "2024-06-30", "419900000000", "100000000", None),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|中国|2024年前三季度|7922.3亿元|",
        ("pledge_amount", "2024-01-01", "2024-09-30", "792230000000", "10000000", None),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|中国|2023年一季度|超1200亿元|",
        ("pledge_amount", "2023-01-01", "2023-03-31", "120000000000", None, "above"),
    ),
    (
        "invention_patents_granted|上海|2024年1-10月|4.34万件|",
        ("grants", "2024-01-01", "2024-10-31", "43400", "100", None),
    ),
    ("valid_invention_patents|上海|截至2023年底|24.14万件|", ("in_force", None, "2023-12-31", "241400", "100", None)),
    (
        "valid_invention_patents|中国|截至2024年6月底|442.5万件|",
        ("in_force", None, "2024-06-30", "4425000", "1000", None),
    ),
    (
        "valid_invention_patents|上海|截至2024年10月|超27万件|",
        ("in_force", None, "2024-10-31", "270000", "10000", "above"),
    ),
    ("valid_invention_patents|中国|2023年末|401.5万件|", ("in_force", None, "2023-12-31", "4015000", "1000", None)),
    ("valid_invention_patents|中国|2023|突破400万件|", ("in_force", None, "2023-12-31", "4000000", None, "above")),
    (
        "high_value_invention_patents_per_10000_inhabitants|上海|2023|50.2件|",
        ("high_value_per_10k", None, "2023-12-31", "50.2", "0.1", None),
    ),
    (
        "high_value_invention_patents|上海|2024|近15万件|",
        ("high_value", None, "2024-12-31", "150000", "10000", "nearly"),
    ),
    ("high_value_invention_patents|上海|2024|约14万件|", ("high_value", None, "2024-12-31", "140000", None, None)),
    (
        "patent_and_trademark_pledge_registrations|中国|2022|1.4万余笔|",
        ("pledges", "2022-01-01", "2022-12-31", "14000", "1000", "above"),
    ),
    (
        "patent_and_trademark_pledge_registrations|上海|2024|2223笔|",
        ("pledges", "2024-01-01", "2024-12-31", "2223", "1", None),
    ),
    (
        "patent_and_trademark_pledge_registrations|中国|2023|两万笔|",
        ("pledges", "2023-01-01", "2023-12-31", "20000", None, None),
    ),
    (
        "patent_and_trademark_pledge_registrations|中国|2023|不低于1.2万笔|",
        ("pledges", "2023-01-01", "2023-12-31", "12000", "1000", "at_least"),
    ),
    (
        "patent_and_trademark_pledge_registrations|上海|2019|不足120笔|",
        ("pledges", "2019-01-01", "2019-12-31", "120", None, "below"),
    ),
    (
        "patent_and_trademark_pledge_registrations|上海|2019|1万多件|",
        ("pledges", "2019-01-01", "2019-12-31", "10000", "10000", "above"),
    ),
    ("pct_applications|Shanghai|2023|6,185|items", ("pct_filings", "2023-01-01", "2023-12-31", "6185", "1", None)),
    (
        "patent_and_trademark_pledge_financing_amount_growth|Shanghai|2023|87|percent",
        ("pledge_amount_growth", "2023-01-01", "2023-12-31", "87", "1", None),
    ),
    (
        "invention_patents_granted_growth|China|2023|15.3%|",
        ("grants_growth", "2023-01-01", "2023-12-31", "15.3", "0.1", None),
    ),
    (
        "pct_applications_growth|Shanghai|2013|-13.5%|",
        ("pct_filings_growth", "2013-01-01", "2013-12-31", "-13.5", "0.1", None),
    ),
    (
        "pct_applications_growth|Shanghai|2013|下降13.5%|",
        ("pct_filings_growth", "2013-01-01", "2013-12-31", "-13.5", "0.1", None),
    ),
    (
        "pct_applications_growth|Shanghai|2013|down 13.5|percent",
        ("pct_filings_growth", "2013-01-01", "2013-12-31", "-13.5", "0.1", None),
    ),
    (
        "invention_patents_granted_growth|Shanghai|2024-01/2024-10|more than 15|percent",
        ("grants_growth", "2024-01-01", "2024-10-31", "15", "1", "above"),
    ),
    (
        "valid_invention_patents_multiple|Shanghai|2023|5|times",
        ("in_force_multiple", None, "2023-12-31", "5", "1", None),
    ),
    (
        "high_value_invention_patents_per_10000_inhabitants_change|Shanghai|2023|9.3|patents_per_10000",
        ("high_value_per_10k_change", None, "2023-12-31", "9.3", "0.1", None),
    ),
    (
        "invention_patents_granted|China|since 2018 to 2023|4.2 million|patents",
        ("grants", "2018-01-01", "2023-12-31", "4200000", "100000", None),
    ),
    (
        "invention_patents_granted|China|2016-2020|201.2万件|",
        ("grants", "2016-01-01", "2020-12-31", "2012000", "1000", None),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|Shanghai|2024|US$4.42 billion|",
        ("pledge_amount", "2024-01-01", "2024-12-31", "4420000000", "10000000", None),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|Shanghai|2024|1.38|USD_billion",
        ("pledge_amount", "2024-01-01", "2024-12-31", "1380000000", "10000000", None),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|Shanghai|2023|22.76 billion yuan|",
        ("pledge_amount", "2023-01-01", "2023-12-31", "22760000000", "10000000", None),
    ),
    (
        "genai_patent_families_published|World|2014-2023|more than 54,000|families",
        ("genai_families", "2014-01-01", "2023-12-31", "54000", None, "above"),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|China|first half of 2024|419.9 billion yuan|",
        ("pledge_amount", "2024-01-01", "2024-06-30", "419900000000", "100000000", None),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|China|first three quarters of 2024|792.23 billion yuan|",
        ("pledge_amount", "2024-01-01", "2024-09-30", "792230000000", "10000000", None),
    ),
    (
        "invention_patents_granted|Shanghai|January-October 2024|43,400|patents",
        ("grants", "2024-01-01", "2024-10-31", "43400", None, None),
    ),
    (
        "valid_invention_patents|Shanghai|end of 2023|241,400|patents",
        ("in_force", None, "2023-12-31", "241400", None, None),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|China|Q3 2024|1,234.5|CNY_100_million",
        ("pledge_amount", "2024-07-01", "2024-09-30", "123450000000", "10000000", None),
    ),
    ("valid_invention_patents|上海|2024|四十万件|", ("in_force", None, "2024-12-31", "400000", None, None)),
    (
        "patent_and_trademark_pledge_financing_amount|中国|2021|3098余亿元|",
        ("pledge_amount", "2021-01-01", "2021-12-31", "309800000000", "100000000", "above"),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|Shanghai|2023|nearly 23 billion yuan|",
        ("pledge_amount", "2023-01-01", "2023-12-31", "23000000000", "1000000000", "nearly"),
    ),
    (
        "patent_and_trademark_pledge_financing_amount|上海|2023|227.6亿元|",
        ("pledge_amount", "2023-01-01", "2023-12-31", "22760000000", "10000000", None),
    ),
]


@each_case(("printed", "expected"), PRINTED)
def test_a_figure_is_read_as_a_release_prints_it(printed: str, expected: tuple[Any, ...], tmp_path: Path) -> None:
    indicator, geography, period, value, unit = printed.split("|")
    data = data_of(tmp_path, f'{indicator},{geography},{period},"{value}",{unit},,X,page,')
    names = "metric", "period_from", "period_to", "value", "precision", "bound"
    assert tuple(map(data.get, names)) == expected
    if indicator.endswith("amount"):
        assert data["currency"] == ("USD" if "US" in value + unit else "CNY")
