from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from streams.sources.kinds import KINDS
from streams.sources.results import Imported, NotTaken, Result

from tests.unit.streams.sources.documents import application_line, assignment, refused, said, written

SECURITY = assignment("045455", "0001", "SECURITY INTEREST (SEE DOCUMENT FOR DETAILS).")
PEDS = "us-assignments/peds-applications.jsonl.gz"


def imported(*paths: Path) -> list[Result]:
    return list(KINDS["uspto-assignments"](paths))


def imported_lines(tmp_path: Path, *lines: str) -> list[Result]:
    return imported(written(tmp_path / "peds.jsonl.gz", *lines))


def event_of(tmp_path: Path, row: dict[str, Any]) -> dict[str, Any]:
    (result,) = imported_lines(tmp_path, application_line("15123456", row))
    return said(result)


def test_a_security_interest_is_a_pledge_of_the_assignor_to_the_assignee(tmp_path: Path) -> None:
    names = [{"assignorName": "DEBTOR 1"}, {"assignorName": "DEBTOR 2"}]
    event = event_of(tmp_path, SECURITY | {"assignors": names})
    assert (event["type"], event["subject"]) == ("ip.pledge.registered.v1", "US-RF-45455-1")
    assert event["data"] == {
        "occurred_on": "2015-02-06",
        "registration_no": "45455/1",
        "pledgors": [{"name": "DEBTOR 1"}, {"name": "DEBTOR 2"}],
        "pledgees": [{"name": "LENDER BANK", "country": "US"}],
        "assets": [{"id": "15/123456", "right": "invention"}],
        "amount_status": "undisclosed",
    }


def test_a_conveyance_under_several_applications_is_one_event_whatever_the_order(tmp_path: Path) -> None:
    paths = [
        written(tmp_path / "c", application_line("15123456", SECURITY, patentNumber="9424304")),
        written(
            tmp_path / "a",
            application_line("29000001", assignment(7, 8, "MORTGAGE"), SECURITY, appType="Design"),
        ),
        # the same application, not yet granted, and rows that lack parties or the text
        written(tmp_path / "b", application_line("15123456", SECURITY | {"assignors": None, "assignee": None})),
        written(tmp_path / "d", application_line("15123456", SECURITY | {"converyanceName": ""})),
    ]
    results = imported(*paths)
    assert [said(result)["subject"] for result in results] == ["US-RF-7-8", "US-RF-45455-1"]
    assert said(results[1])["data"]["assets"] == [
        {"id": "US9424304", "right": "invention"},
        {"id": "29/000001", "right": "design"},
    ]
    assert said(results[1])["data"]["pledgors"] == [{"name": "DEBTOR INC."}]
    assert all(imported(*order) == results for order in permutations(paths))


def test_a_release_cancels_the_conveyance_that_it_cites(tmp_path: Path) -> None:
    event = event_of(
        tmp_path, assignment(61753, 1, "RELEASE AT REEL/FRAME (045455/0001)", assignors=None, assignee=None)
    )
    assert (event["type"], event["subject"]) == ("ip.pledge.cancelled.v1", "US-RF-45455-1")
    assert event["data"] == {
        "occurred_on": "2015-02-06",
        "registration_no": "45455/1",
        "reason": "61753/1: RELEASE AT REEL/FRAME (045455/0001)",
    }


def test_a_release_that_cites_nothing_is_filed_under_itself(tmp_path: Path) -> None:
    event = event_of(tmp_path, assignment(61753, 1, "RELEASE BY SECURED PARTY"))
    assert (event["subject"], event["data"]["registration_no"]) == ("US-RF-61753-1", "61753/1")


def test_a_release_of_several_cancels_each_and_two_releases_of_one_are_two_events(tmp_path: Path) -> None:
    two = assignment(61753, 1, "RELEASE OF R/F 045455/0001 AND R/F 045456/0001")
    one = assignment(61753, 2, "TERMINATION OF LIEN AT R/F 045455/0001")
    events = list(map(said, imported_lines(tmp_path, application_line("15123456", two, one))))
    assert [event["subject"] for event in events] == ["US-RF-45455-1", "US-RF-45456-1", "US-RF-45455-1"]
    assert len({event["id"] for event in events}) == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "a conveyance without text"),
        ("null", "a conveyance without text"),
        ("PARTIAL RELEASE AT R/F 045455/0001", "a partial release: PARTIAL RELEASE AT R/F 045455/0001"),
        (
            "CORRECTIVE SECURITY AGREEMENT",
            "an amendment of a security interest: CORRECTIVE SECURITY AGREEMENT",
        ),
        ("MERGER", "neither a security interest nor a release: MERGER"),
    ],
)
def test_other_conveyances_are_named_once_and_are_no_fault(text: str, reason: str, tmp_path: Path) -> None:
    row = assignment(61753, 1, text, recordedDate="", assignors=None)
    lines = [application_line(number, row) for number in ("15000001", "15000002")]
    expected = NotTaken(
        str(tmp_path / "peds.jsonl.gz"),
        "line 1, reel/frame 61753/1",
        f"not taken in this version: {reason}",
        fault=False,
    )
    assert imported_lines(tmp_path, *lines) == [expected]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"recordedDate": "", "assignors": None}, "neither a recorded nor an execution date can be read"),
        ({"assignors": []}, "US-RF-45455-1: bad_data: data.pledgors"),
    ],
)
def test_a_security_interest_that_lacks_what_it_needs_is_a_fault(
    changes: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    (result,) = map(refused, imported_lines(tmp_path, application_line("15123456", SECURITY | changes)))
    assert (result.place, result.fault) == ("line 1, reel/frame 45455/1", True)
    assert reason in result.reason


def test_bad_lines_and_rows_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    line = application_line("15123456", {"reelNumber": "1"}, SECURITY)
    *bad, good = imported_lines(tmp_path, '{"applId": \n', line)
    assert said(good)["subject"] == "US-RF-45455-1"
    assert [(refused(result).place, refused(result).fault) for result in bad] == [
        ("line 1", True),
        ("line 2, assignment 0", True),
    ]


@pytest.mark.parametrize("content", ["", "[]", "<xml/>", '{\n"applId": "15123456"}\n'])
def test_a_file_of_another_format_is_one_fault(content: str, tmp_path: Path) -> None:
    (result,) = map(refused, imported_lines(tmp_path, content))
    assert (result.place, result.fault) == ("line 1", True)


def test_the_conveyances_of_the_office_are_counted_as_the_office_data_counts_them(office_data: Path) -> None:
    results = imported(office_data / PEDS)
    assert results == imported(office_data / PEDS)
    events = [said(result) for result in results if isinstance(result, Imported)]
    by_type = Counter(event["type"] for event in events)
    assert by_type == {"ip.pledge.registered.v1": 47, "ip.pledge.cancelled.v1": 32 - 2}
    registered = [event for event in events if event["type"] == "ip.pledge.registered.v1"]
    assert Counter(event["data"]["occurred_on"][:4] for event in registered) == {
        "2005": 1, "2006": 1, "2007": 1, "2008": 1, "2009": 2, "2011": 1, "2012": 2, "2013": 3, "2014": 1, "2015": 3,
        "2016": 4, "2017": 3, "2018": 1, "2019": 9, "2020": 3, "2021": 7, "2022": 3, "2024": 1,
    }  # fmt: skip
    assert sum(len(event["data"]["assets"]) for event in registered) == 58
    others = [result for result in results if isinstance(result, NotTaken)]
    assert not any(other.fault for other in others)
    assert Counter(other.reason.split(": ")[1] for other in others) == {
        "neither a security interest nor a release": 341,
        "a conveyance without text": 7,
        "an amendment of a security interest": 2,
        "a partial release": 2,
    }


def test_of_the_releases_those_that_cite_a_pledge_meet_it(office_data: Path) -> None:
    events = [said(result) for result in imported(office_data / PEDS) if isinstance(result, Imported)]
    registered = {event["subject"] for event in events if event["type"] == "ip.pledge.registered.v1"}
    released = [event["subject"] for event in events if event["type"] == "ip.pledge.cancelled.v1"]
    assert len(released) == len(set(released))
    assert Counter(subject in registered for subject in released) == {True: 16, False: 14}
    assert {"US-RF-45455-1", "US-RF-27668-710"} < set(released) - registered
