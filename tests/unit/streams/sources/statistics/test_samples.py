"""The sample of reference data in `examples/`: the events of the last day or year of each file."""

from pathlib import Path

import orjson
import pytest

from .imports import taken
from .test_ncses_tables import COMPUTERS, GRANTS, MARKS, OWNERS, PCT

SAMPLE = Path(__file__).parents[5] / "examples" / "reference-data.ndjson"
LAST = (
    ("ecb-rates", ["reference/ecb_eurofxref_1999-2023.csv.gz"], "2023-12-29"),
    ("worldbank-population", ["reference/population_worldbank.csv.gz"], "2024"),
    ("worldbank-patents", ["aggregates/worldbank_IP.PAT_1960-2020.csv.gz"], "2019"),
    ("ncses-tables", [f"aggregates/{name}" for name in (GRANTS, OWNERS, PCT)], "2022"),
    ("ncses-tables", [f"aggregates/{COMPUTERS}"], "2020"),
    ("ncses-tables", [f"aggregates/{MARKS}"], "2018"),
    ("uspto-issue-reports", ["us-grants-xml/ipgb20221025rpt.html.gz"], None),
    ("published-figures", ["aggregates/published_aggregates_transcribed.csv"], None),
)
REGIONS = {"CN", "DE", "JP", "KR", "US", "World", "Total"}


@pytest.mark.slow
def test_the_sample_has_the_last_events_of_each_file(office_data: Path) -> None:
    events = [
        event
        for kind, files, last in LAST
        for event in taken(kind, *(office_data / file for file in files)).events
        for steps in [event["subject"].split("/")]
        if last is None or (steps[-1] == last and (steps[0] == "fx" or steps[-2] in REGIONS))
    ]
    assert list(map(orjson.loads, SAMPLE.read_bytes().splitlines())) == events
    assert SAMPLE.stat().st_size < 60_000
