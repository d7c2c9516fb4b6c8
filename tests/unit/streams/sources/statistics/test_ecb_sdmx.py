"""Invented rates in the documented forms of SDMX; no real file was available."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from streams.sources.results import SkipReason

from .imports import Taken, reasons, table, taken

PORTAL = "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE,OBS_STATUS,TITLE"
SDMX_1 = "DATAFLOW,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE"
SDMX_2 = "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE"
ROWS = ("D,USD,EUR,SP00,A,2024-11-25,1.0495", "D,SEK,EUR,SP00,A,2024-11-25,11.5030", "D,SEK,EUR,SP00,A,2024-11-26,NaN")
KEY = ("FREQ", "CURRENCY", "CURRENCY_DENOM", "EXR_TYPE", "EXR_SUFFIX")


def imported(tmp_path: Path, content: str, name: str = "rates.xml") -> Taken:
    (tmp_path / name).write_text(content)
    return taken("ecb-rates", tmp_path / name)


def generic(*rows: str, prefix: str = "generic:") -> str:
    """Return a message of SDMX-ML 2.1 with generic data; each row is a series of one observation."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><message:GenericData xmlns:message="urn:message" '
        f'xmlns{":generic" if prefix else ""}="urn:generic"><message:Header><message:ID>1</message:ID></message:Header>'
        f'<message:DataSet action="Replace">{"".join(_series(row, prefix) for row in rows)}</message:DataSet>'
        "</message:GenericData>"
    )


def _series(row: str, prefix: str) -> str:
    *key, day, value = row.split(",")
    values = "".join(f'<{prefix}Value id="{name}" value="{part}"/>' for name, part in zip(KEY, key, strict=True))
    return (
        f"<{prefix}Series><{prefix}SeriesKey>{values}</{prefix}SeriesKey>"
        f'<{prefix}Attributes><{prefix}Value id="TITLE" value="A &gt; B"/></{prefix}Attributes>'
        f'<{prefix}Obs><{prefix}ObsDimension value="{day}"/><{prefix}ObsValue value="{value}"/>'
        f'<{prefix}Attributes><{prefix}Value id="OBS_STATUS" value="A"/></{prefix}Attributes>'
        f"</{prefix}Obs></{prefix}Series>"
    )


def specific(*rows: str) -> str:
    """Return a message of SDMX-ML 2.1 with structure-specific data."""
    series = ""
    for row in rows:
        *key, day, value = row.split(",")
        attributes = " ".join(f'{name}="{part}"' for name, part in zip(KEY, key, strict=True))
        series += f'<Series {attributes} xsi:type="x"><Obs TIME_PERIOD="{day}" OBS_VALUE="{value}"/></Series>'
    data_set = f'<m:DataSet xmlns:xsi="urn:x">{series}</m:DataSet>'
    return f'<m:StructureSpecificData xmlns:m="urn:m">{data_set}</m:StructureSpecificData>'


def test_all_forms_give_the_same_events_as_the_reference_rates(tmp_path: Path) -> None:
    expected = taken("ecb-rates", table(tmp_path / "hist.csv", "Date,USD,SEK,", "2024-11-25,1.0495,11.503,")).events
    assert len(expected) == 2
    in_csv = (
        (PORTAL, "EXR.D.X.EUR.SP00.A,", ',A,"US dollar, daily"'),
        (SDMX_1, "ECB:EXR(1.0),", ""),
        (SDMX_2, "dataflow,ECB:EXR(1.0),I,", ""),
    )
    for header, before, after in in_csv:
        found = taken("ecb-rates", table(tmp_path / "x.csv", header, *(f"{before}{row}{after}" for row in ROWS)))
        assert found.events == expected
        assert found.rules == {SkipReason.NO_VALUE: 1}
    for document in (generic(*ROWS), generic(*ROWS, prefix=""), specific(*ROWS)):
        found = imported(tmp_path, document)
        assert found.events == expected
        assert found.rules == {SkipReason.NO_VALUE: 1}


def compact(*rows: str) -> str:
    """Return a message of SDMX-ML 2.0 in the compact format."""
    return specific(*rows).replace("StructureSpecificData", "CompactData")


def generic_2_0(*rows: str) -> str:
    """Return a message of SDMX-ML 2.0 with generic data."""
    named = re.sub(r'generic:Value id="([A-Z_]+)"', r'generic:Value concept="\1"', generic(*rows))
    return re.sub(r'<generic:ObsDimension value="([0-9-]+)"/>', r"<generic:Time>\1</generic:Time>", named)


def flat(*rows: str) -> str:
    """Return a message of SDMX-ML 2.1 whose observations have all dimensions."""
    observations = "".join(
        f'<g:Obs><g:ObsKey>{"".join(map(_value, (*KEY, "TIME_PERIOD"), parts))}</g:ObsKey><g:ObsValue value="{value}"/>'
        "</g:Obs>"
        for *parts, value in (row.split(",") for row in rows)
    )
    return f'<m:GenericData xmlns:m="urn:m" xmlns:g="urn:g"><m:DataSet>{observations}</m:DataSet></m:GenericData>'


def _value(name: str, code: str) -> str:
    return f'<g:Value id="{name}" value="{code}"/>'


def in_json(*rows: str, version: int = 1) -> str:
    """Return a message of SDMX-JSON: series of one observation; in version 2 observations without series."""
    cells = [row.split(",") for row in rows]
    codes = [list(dict.fromkeys(column)) for column in zip(*cells, strict=True)][:-1]
    dimensions = [
        {"id": name, "values": [{"id": code, "name": "-"} for code in column]}
        for name, column in zip((*KEY, "TIME_PERIOD"), codes, strict=True)
    ]
    at = [[column.index(cell) for column, cell in zip(codes, row, strict=False)] for row in cells]
    values = [None if row[-1] == "NaN" else float(row[-1]) for row in cells]
    if version == 1:
        series: dict[str, Any] = {}
        for (*key, day), value in zip(at, values, strict=True):
            of = series.setdefault(":".join(map(str, key)), {"attributes": [0], "observations": {}})
            of["observations"][str(day)] = [value, 0]
        split = {"series": dimensions[:-1], "observation": dimensions[-1:]}
        return json.dumps({"header": {}, "dataSets": [{"series": series}], "structure": {"dimensions": split}})
    observations = {":".join(map(str, indexes)): [value] for indexes, value in zip(at, values, strict=True)}
    body = {
        "dataSets": [{"observations": observations}],
        "structures": [{"dimensions": {"observation": dimensions}}],
    }
    return json.dumps({"meta": {}, "data": body})


def envelope(*rows: str) -> str:
    """Return the bank's own XML of reference rates."""
    days: dict[str, str] = {}
    for _, currency, *_, day, rate in (row.split(",") for row in rows):
        days[day] = days.get(day, "") + f"<Cube currency='{currency}' rate='{rate}'/>"
    cubes = "".join(f"<Cube time='{day}'>{rates}</Cube>" for day, rates in days.items())
    names = 'xmlns:g="urn:g" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"'
    return f"<g:Envelope {names}><g:subject>Reference rates</g:subject><Cube>{cubes}</Cube></g:Envelope>"


@pytest.mark.parametrize("written", [compact, generic_2_0, flat, in_json, partial(in_json, version=2), envelope])
def test_older_and_rarer_forms_give_the_same_events(written: Callable[..., str], tmp_path: Path) -> None:
    expected = imported(tmp_path, generic(*ROWS))
    found = imported(tmp_path, written(*ROWS), "other")
    assert (len(found.events), found.events) == (2, expected.events)
    assert found.rules == {SkipReason.NO_VALUE: 1}


def test_a_csv_with_labels_has_their_codes_and_a_deletion_is_no_rate(tmp_path: Path) -> None:
    labelled = SDMX_1.replace("FREQ", "FREQ: Frequency").replace("CURRENCY,", "CURRENCY: Currency,")
    row = "ECB:EXR(1.0): Exchange rates,D: Daily,USD: US dollar,EUR: Euro,SP00: Spot,A: Average,2024-11-25,1.0495"
    found = taken("ecb-rates", table(tmp_path / "x.csv", labelled, row))
    assert [event["data"]["rate"] for event in found.events] == ["1.0495"]
    deleted = taken("ecb-rates", table(tmp_path / "x.csv", SDMX_2, f"dataflow,ECB:EXR(1.0),D,{ROWS[0]}"))
    assert (deleted.events, deleted.rules) == ([], {SkipReason.ANOTHER_DOCUMENT: 1})


@pytest.mark.parametrize("message", [generic(), specific(), in_json(ROWS[0]).replace("1.0495", "null")])
def test_a_message_without_rates_is_read_and_is_no_fault(message: str, tmp_path: Path) -> None:
    found = imported(tmp_path, message)
    assert not found.events
    assert not any(skipped.fault for skipped in found.skipped)


@pytest.mark.parametrize("content", ['{"dataSets": 5}', '[{"dataSets": []}]', '{"dataSets": ' + "[" * 100_000])
def test_another_json_is_refused(content: str, tmp_path: Path) -> None:
    assert imported(tmp_path, content).rules == {SkipReason.BAD_DOCUMENT: 1}


def test_a_position_without_a_code_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    found = imported(tmp_path, in_json(*ROWS).replace('"0:1:0:0:0"', '"0:-1:0:0:0"'))
    assert [event["data"]["quote"] for event in found.events] == ["USD"]
    assert [reason for _, reason in reasons(found)] == ["a series or observation '0:-1:0:0:0' without dimensions"]


@pytest.mark.parametrize(
    "row",
    [
        "M,USD,EUR,SP00,A,2024-11,1.0495",
        "D,E5,EUR,EN00,A,2024-11-25,98.1",
        "D,EUR,USD,SP00,A,2024-11-25,0.95",
        "A,USD,EUR,SP00,E,2024,1.04",
    ],
)
def test_other_series_are_skipped(row: str, tmp_path: Path) -> None:
    for found in (
        taken("ecb-rates", table(tmp_path / "x.csv", SDMX_1, f"EXR,{row}")),
        imported(tmp_path, generic(row)),
    ):
        ((rule, reason),) = reasons(found)
        assert rule == "another_document"
        assert reason.endswith("is not a daily reference rate against the euro")
        assert not found.events


def test_a_former_currency_is_read_up_to_its_last_day(tmp_path: Path) -> None:
    found = imported(tmp_path, generic("D,HRK,EUR,SP00,A,2022-12-30,7.5365", "D,HRK,EUR,SP00,A,2023-02-01,7.5345"))
    assert [event["subject"] for event in found.events] == ["fx/ECB/EUR-HRK/2022-12-30"]
    assert found.rules == {SkipReason.NO_CURRENCY: 1}


def test_unknown_currencies_are_skipped_by_rule(tmp_path: Path) -> None:
    found = imported(tmp_path, generic("D,XXX,EUR,SP00,A,2004-01-02,1.5"))
    assert found.rules == {SkipReason.NO_CURRENCY: 1}


def test_a_bad_observation_or_series_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    rows = ("D,USD,EUR,SP00,A,2024-02-30,1", "D,USD,EUR,SP00,A,2024-02-28,one", "D,Dollar,EUR,SP00,A,2024-02-28,1")
    good = "D,USD,EUR,SP00,A,2024-02-29,1.08"
    expected = [
        "time period of EUR/USD: '2024-02-30' is not a day from 1900 on",
        "EUR/USD of 2024-02-28: the value 'one' must be digits, with at most one point",
        "currency 'Dollar': it must be a code of three letters",
    ]
    in_csv = taken("ecb-rates", table(tmp_path / "x.csv", SDMX_1, *(f"EXR,{row}" for row in (*rows, good))))
    for found in (in_csv, imported(tmp_path, generic(*rows, good))):
        assert [event["subject"] for event in found.events] == ["fx/ECB/EUR-USD/2024-02-29"]
        assert [reason for _, reason in reasons(found)] == expected
        assert all(skipped.fault for skipped in found.skipped)
    broken = generic(rows[0], good).replace('<generic:Value id="CURRENCY" value="USD"/>', "", 1)
    assert [reason for _, reason in reasons(imported(tmp_path, broken))] == ["a series without CURRENCY"]
    cut = generic(good, good).rpartition("<generic:Obs>")[0]
    found = imported(tmp_path, cut)
    assert len(found.events) == 1
    assert [skipped.rule for skipped in found.skipped] == [SkipReason.BAD_DOCUMENT]
