"""Handwritten tables with the columns of the data set's paper and invented facts: no real file was available."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from typing import Any

import pytest

from streams.sources import joined
from streams.sources.results import SkipReason
from tests.unit.streams.sources.statistics.imports import Taken, reasons, taken

COLUMNS = {
    "assignment": "rf_id,file_id,cname,caddress_1,caddress_2,caddress_3,caddress_4,reel_no,frame_no,convey_text,"
    "record_dt,last_update_dt,page_count,purge_in",
    "assignor": "rf_id,or_name,exec_dt,ack_dt",
    "assignee": "rf_id,ee_name,ee_address_1,ee_address_2,ee_city,ee_state,ee_postcode,ee_country",
    "documentid": "rf_id,title,lang,appno_doc_num,appno_date,appno_country,pgpub_doc_num,pgpub_date,pgpub_country,"
    "grant_doc_num,grant_date,grant_country",
    "assignment_conveyance": "rf_id,convey_ty,employer_assign",
    "documentid_admin": "rf_id,appno_doc_num,grant_doc_num,admin_appl_id_for_grant,admin_pat_no_for_appno,error_none",
}
SECURITY = {"rf_id": "435430231", "reel_no": "43543", "frame_no": "231", "convey_text": "SECURITY INTEREST"}
RELEASE = SECURITY | {
    "rf_id": "500010007",
    "reel_no": "50001",
    "frame_no": "7",
    "convey_text": "RELEASE OF SECURITY INTEREST AT REEL/FRAME 043543/0231",
    "record_dt": "2019-05-06",
}
PARTIES = {
    "assignor": [{"rf_id": "435430231", "or_name": "DEBTOR INC.", "exec_dt": "2017-08-01"}],
    "assignee": [
        {"rf_id": "435430231", "ee_name": "LENDER BANK", "ee_state": "NEW YORK"},
        {"rf_id": "435430231", "ee_name": "SECOND BANK", "ee_country": "CANADA"},
    ],
}
PROPERTY = {"rf_id": "435430231", "title": "A KITE", "appno_doc_num": "15123456", "grant_doc_num": "10000001"}


def written(directory: Path, **tables: list[dict[str, str]]) -> Path:
    """Write one CSV file per table; a row has some of the columns of its table. Return the directory."""
    for name, rows in tables.items():
        with (directory / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name].split(","))
            writer.writeheader()
            writer.writerows(rows)
    return directory


def imported(directory: Path, **tables: list[dict[str, str]]) -> Taken:
    given: dict[str, Any] = PARTIES | {"documentid": [PROPERTY]} | tables
    return taken("uspto-assignments", written(directory, **given))


def test_a_directory_of_tables_gives_a_pledge_and_its_release(tmp_path: Path) -> None:
    rows = [SECURITY | {"record_dt": "2017-08-29", "last_update_dt": "2017-08-30", "purge_in": "N"}, RELEASE]
    parties: dict[str, Any] = {
        "assignor": [*PARTIES["assignor"], {"rf_id": "500010007", "or_name": "LENDER BANK"}],
        "assignee": [*PARTIES["assignee"], {"rf_id": "500010007", "ee_name": "DEBTOR INC."}],
        "documentid": [PROPERTY, PROPERTY | {"rf_id": "500010007"}],
        "assignment_conveyance": [{"rf_id": "435430231", "convey_ty": "assignment", "employer_assign": "0"}],
        "documentid_admin": [{"rf_id": "435430231", "appno_doc_num": "15999999", "grant_doc_num": "9999999"}],
    }
    found = imported(tmp_path, assignment=rows, **parties)
    registered, cancelled = found.events
    assert (registered["type"], registered["subject"]) == ("ip.pledge.registered.v1", "US-RF-43543-231")
    assert registered["data"] == {
        "occurred_on": "2017-08-29",
        "registration_no": "43543/231",
        "pledgors": [{"name": "DEBTOR INC."}],
        "pledgees": [{"name": "LENDER BANK", "country": "US"}, {"name": "SECOND BANK", "country": "CA"}],
        "assets": [{"id": "US10000001", "right": "invention"}],
        "amount_status": "undisclosed",
    }
    assert (cancelled["type"], cancelled["subject"]) == ("ip.pledge.cancelled.v1", "US-RF-43543-231")
    assert cancelled["data"]["occurred_on"] == "2019-05-06"
    assert found.rules == {SkipReason.ANOTHER_DOCUMENT: 2}


def test_the_same_tables_in_an_archive_give_the_same_events_in_any_order(tmp_path: Path) -> None:
    directory = tmp_path / "tables"
    directory.mkdir()
    expected = imported(directory, assignment=[SECURITY | {"record_dt": "29aug2017"}]).events
    with zipfile.ZipFile(tmp_path / "csv.zip", "w") as archive:
        for path in sorted(directory.iterdir(), reverse=True):
            archive.write(path, path.name)
    assert taken("uspto-assignments", tmp_path / "csv.zip").events == expected
    assert [event["data"]["occurred_on"] for event in expected] == ["2017-08-29"]


@pytest.mark.parametrize(
    ("numbers", "asset"),
    [
        ({"appno_doc_num": "15123456"}, ("15/123456", "invention")),
        ({"appno_doc_num": "6123456"}, ("06/123456", "invention")),
        ({"appno_doc_num": "29123456", "grant_doc_num": "D0967598"}, ("USD967598", "design")),
        ({"appno_doc_num": "PCT/US2013/061281"}, ("PCT/US2013/061281", "invention")),
        ({"pgpub_doc_num": "20140226420"}, ("US20140226420", "invention")),
    ],
)
def test_the_id_of_a_property_is_its_patent_else_its_application_or_publication(
    numbers: dict[str, str], asset: tuple[str, str], tmp_path: Path
) -> None:
    rows = [SECURITY | {"record_dt": "2017-08-29"}]
    found = imported(tmp_path, assignment=rows, documentid=[{"rf_id": "435430231", "title": "A KITE"} | numbers])
    (event,) = found.events
    assert [(each["id"], each["right"]) for each in event["data"]["assets"]] == [asset]


def test_an_invalid_property_is_reported_by_reel_and_frame_and_the_rest_is_imported(tmp_path: Path) -> None:
    bad = {"rf_id": "435430231", "title": "A KITE", "grant_doc_num": "29/123456"}
    found = imported(tmp_path, assignment=[SECURITY | {"record_dt": "2017-08-29"}], documentid=[bad, PROPERTY])
    assert [each["id"] for each in found.events[0]["data"]["assets"]] == ["US10000001"]
    ((rule, reason),) = reasons(found)
    assert rule == "bad_property"
    assert reason.startswith("reel/frame 43543/231, property 1: patent number '29/123456'")


def test_a_withdrawn_recording_becomes_a_void(tmp_path: Path) -> None:
    found = imported(tmp_path, assignment=[SECURITY | {"record_dt": "2017-08-29", "purge_in": "Y"}])
    assert [event["type"] for event in found.events] == ["ip.pledge.registered.voided.v1"]


def test_rows_without_their_conveyance_and_invalid_reels_are_reported(tmp_path: Path) -> None:
    rows = [SECURITY | {"reel_no": "x", "rf_id": "1", "record_dt": "2017-08-29"}, SECURITY | {"rf_id": ""}]
    found = imported(tmp_path, assignment=rows)
    assert reasons(found) == [
        ("bad_document", "a row of the table assignment without rf_id"),
        ("bad_document", "not a conveyance: reel/frame 'x/231': a reel has up to 6 digits, a frame up to 4"),
        ("bad_document", "rows of the tables assignee, assignor, documentid without a row of the table assignment"),
    ]


@pytest.mark.parametrize("separator", ["\t", ";", "|"])
def test_tables_may_be_separated_otherwise_with_other_columns_in_capitals(separator: str, tmp_path: Path) -> None:
    expected = imported(tmp_path, assignment=[SECURITY | {"record_dt": "2017-08-29"}]).events
    for path in tmp_path.iterdir():
        rows = list(csv.DictReader(path.read_text().splitlines()))
        columns = [name for name in reversed(rows[0]) if name not in ("title", "lang", "file_id")]
        with path.open("w", newline="") as file:
            writer = csv.writer(file, delimiter=separator)
            writer.writerow([*map(str.upper, columns), "NEW"])
            writer.writerows([[*(row[name] for name in columns), ""] for row in rows])
    found = taken("uspto-assignments", tmp_path)
    assert (found.events, found.skipped) == (expected, [])


def test_a_title_that_is_not_utf_8_drops_no_property(tmp_path: Path) -> None:
    imported(tmp_path, assignment=[SECURITY | {"record_dt": "2017-08-29"}])
    path = tmp_path / "documentid.csv"
    path.write_bytes(path.read_bytes().replace(b"A KITE", b"A CAF\xc9"))
    found = taken("uspto-assignments", tmp_path)
    assert found.events[0]["data"]["assets"] == [{"id": "US10000001", "right": "invention"}]
    assert not found.skipped


def test_a_truncated_row_or_one_that_is_not_utf_8_is_reported_and_the_rest_is_imported(tmp_path: Path) -> None:
    imported(tmp_path, assignment=[SECURITY | {"record_dt": "2017-08-29"}])
    with (tmp_path / "assignee.csv").open("ab") as file:
        file.write(b"435430231,CAF\xc9 INC.,,,,,,\r\n435430231\r\n435430231,THIRD BANK,,,,,,\r\n")
    found = taken("uspto-assignments", tmp_path)
    assert [party["name"] for party in found.events[0]["data"]["pledgees"]] == [
        "LENDER BANK",
        "SECOND BANK",
        "THIRD BANK",
    ]
    not_utf_8, cut_off = found.skipped
    assert (not_utf_8.location, cut_off.location) == ("line 4", "line 5")
    assert not_utf_8.reason == "a row with bytes that are not UTF-8: b'CAF\\xc9 INC.'"
    assert cut_off.reason == "a row of 1 cells under a header of 8: '435430231'"


def test_a_conveyance_with_too_many_rows_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joined, "_MOST_ROWS", 5)
    found = imported(tmp_path, assignment=[SECURITY], documentid=[PROPERTY, PROPERTY])
    assert found.rules == {SkipReason.TOO_LARGE: 1}
