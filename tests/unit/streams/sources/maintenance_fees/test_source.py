"""Invented lines in the documented form; no real file was available."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from streams.sources.maintenance_fees import codes
from streams.sources.maintenance_fees.source import WITHOUT_KIND
from streams.sources.results import SkipReason
from tests.unit.streams.sources.documents import grant_xml
from tests.unit.streams.sources.statistics.imports import Taken, reasons, taken

OLD, NEW = ("5000000", "19910319"), ("10000001", "20180619")


def line(of: tuple[str, str], entered: str, code: str, entity: str = "N") -> str:
    """Return a line of the file, with its fields in the documented columns."""
    number, granted = of
    return f"{number:<13} 07123456 {entity} 19891113 {granted} {entered} {code:<5}\r\n"


def imported(tmp_path: Path, *lines: str, grants: str = "") -> Taken:
    paths = [tmp_path / "MaintFeeEvents.txt"]
    paths[0].write_text("".join(lines), newline="")
    if grants:
        paths.append(tmp_path / "grants.xml")
        paths[1].write_text(grants)
    return taken("uspto-maintenance-fees", *paths)


def test_a_fee_is_paid_and_the_patent_expires_and_is_restored(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        line(OLD, "19940919", "M183"),
        line(OLD, "19990525", "EXP."),
        line(OLD, "19991102", "PMFG"),
        line(OLD, "19991102", "M184"),
        line(OLD, "20020918", "M1553", "Y"),
        line(OLD, "20030401", "EXPX", "?"),
    )
    assert [(event["type"], event["subject"], event["data"]) for event in found.events] == [
        (f"ip.patent.{what}.v1", "US5000000A", data)
        for what, data in (
            ("fee_paid", {"occurred_on": "1994-09-19", "source_code": "M183", "fee_year": 4}),
            ("ceased", {"occurred_on": "1999-03-20", "source_code": "EXP.", "reason": "fee"}),
            ("restored", {"occurred_on": "1999-11-02", "source_code": "PMFG"}),
            ("fee_paid", {"occurred_on": "1999-11-02", "source_code": "M184", "fee_year": 8}),
            ("fee_paid", {"occurred_on": "2002-09-18", "source_code": "M1553", "fee_year": 12}),
            ("restored", {"occurred_on": "2003-04-01", "source_code": "EXPX"}),
        )
    ]
    assert len({event["id"] for event in found.events}) == 6
    assert not found.skipped
    assert found.counts == {"maintenance-fee event": 6}


def test_the_kind_of_a_patent_since_2001_is_that_of_a_grant_in_the_same_import(tmp_path: Path) -> None:
    fee = line(NEW, "20211201", "M1551")
    without, (known,) = imported(tmp_path, fee), imported(tmp_path, fee, grants=grant_xml()).events
    (unknown,) = without.events
    assert (unknown["subject"], known["subject"]) == ("US10000001", "US10000001B2")
    assert (unknown["id"], unknown["data"]) == (known["id"], known["data"])
    assert without.counts[WITHOUT_KIND] == 1


def test_fields_that_no_event_needs_may_be_blank(tmp_path: Path) -> None:
    whole = line(OLD, "19940919", "M183")
    blank = [whole.replace(field, " " * len(field)) for field in ("07123456", " N ", "19891113", "07123456 N 19891113")]
    expected = imported(tmp_path, whole).events
    for each in blank:
        found = imported(tmp_path, each)
        assert (found.events, found.skipped) == (expected, [])


def test_a_reissue_has_a_kind_and_ceases_on_the_day_of_its_entry(tmp_path: Path) -> None:
    lines = [line(("RE037016", "20010109"), "20050207", "EXP."), line(("RE33000", "19890801"), "19930207", "EXP.")]
    found = imported(tmp_path, *lines)
    assert [(event["subject"], event["data"]["occurred_on"]) for event in found.events] == [
        ("USRE37016E1", "2005-02-07"),
        ("USRE33000E", "1993-02-07"),
    ]


@pytest.mark.parametrize(
    ("granted", "entered", "first_day"),
    [
        ("20180619", "20220725", "2022-06-20"),
        ("20180619", "20220620", "2022-06-20"),
        ("20180619", "20260720", "2026-06-20"),
        ("20180619", "20300722", "2030-06-20"),
        ("19960229", "20000404", "2000-03-01"),
        ("20961231", "21010201", "2101-01-01"),
    ],
)
def test_a_patent_ceases_after_an_anniversary_of_its_grant(
    granted: str, entered: str, first_day: str, tmp_path: Path
) -> None:
    (event,) = imported(tmp_path, line(("10000001", granted), entered, "EXP.")).events
    assert event["data"]["occurred_on"] == first_day


def test_codes_of_payments_give_the_year() -> None:
    years = {
        4: "M170 M173 M183 M273 M283 M1551 M2551 M3551",
        8: "M171 M174 M184 M274 M284 M1552 M2552 M3552",
        12: "M172 M175 M185 M275 M285 M1553 M2553 M3553",
    }
    assert {code: year for year, named in years.items() for code in named.split() if codes.fee_year(code) != year} == {}
    others = "M1554 M2556 M3555 M1558 M176 M188 M277 M286 R1551 R183 REM. ASPN RMPN BIG. SMAL MICR LTOS STOL PMFP PMFD"
    assert [code for code in others.split() if codes.fee_year(code) or not codes.is_announced(code)] == []


def test_codes_without_effect_and_unknown_codes_are_skipped_by_rule(tmp_path: Path) -> None:
    found = imported(tmp_path, line(OLD, "19940919", "REM."), line(OLD, "19940919", "XYZ"))
    assert reasons(found) == [
        ("no_event", "US5000000: REM. of 1994-09-19"),
        ("unknown_code", "US5000000: XYZ of 1994-09-19"),
    ]
    assert not any(skipped.fault for skipped in found.skipped)


def test_a_bad_line_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    found = imported(
        tmp_path,
        "5000001       07123456 N 19891113 19910319 1994 M183\r\n",
        line(OLD, "19940919", "M183"),
        line(OLD, "19941319", "M183"),
        line(NEW, "20200101", "EXP."),
        line(("QQQ1", "19910319"), "19940919", "M183"),
        line(OLD, "19980918", "M184"),
    )
    assert [event["data"]["fee_year"] for event in found.events] == [4, 8]
    assert [(skipped.location, skipped.rule) for skipped in found.skipped] == [
        (f"line {number}", SkipReason.BAD_DOCUMENT) for number in (1, 3, 4, 5)
    ]
    first, *others = (reason for _, reason in reasons(found))
    assert first.startswith("'5000001       07123456 N 19891113 19910319 1994 M183': a line must have a patent, ")
    assert others == [
        "US5000000: entry date of M183: '19941319' is not a day from 1900 on",
        "US10000001: expired by an entry of 2020-01-01, less than 4 years after its grant of 2018-06-19",
        "patent number 'QQQ1': it must be a number above 0 after at most two letters",
    ]


def test_the_older_form_and_the_list_of_codes_in_the_archive_are_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "MaintFeeEvents.zip", "w") as archive:
        archive.writestr("MaintFeeEvents_20150105.txt", "5000000 07123456 N 19891113 19910319 19940919 M183 \n")
        archive.writestr("MaintFeeEventsDesc_20150105.txt", "ASPN  Payor Number Assigned.\nBIG.  Entity status.\n")
    found = taken("uspto-maintenance-fees", tmp_path / "MaintFeeEvents.zip")
    assert [event["subject"] for event in found.events] == ["US5000000A"]
    assert found.rules == {SkipReason.ANOTHER_DOCUMENT: 1}
