from typing import Any

import pytest

from streams.sources import peds
from streams.sources.results import Unreadable

from tests.unit.streams.sources.documents import application_line, assignment


@pytest.mark.parametrize(
    ("number", "changes", "asset"),
    [
        ("15123456", {}, ("15/123456", "invention")),
        ("15123456", {"patentNumber": "null"}, ("15/123456", "invention")),
        ("15123456", {"patentNumber": "9424304"}, ("US9424304", "invention")),
        ("06113950", {"patentNumber": "RE031218", "appType": "Re-Issue"}, ("USRE31218", "invention")),
        ("29123456", {"patentNumber": "D0967598", "appType": "Design"}, ("USD967598", "design")),
        ("29123456", {"appType": "Design"}, ("29/123456", "design")),
        ("15123456", {"appType": "Plant", "patentNumber": "PP34694"}, ("USPP34694", "plant")),
        ("PCT/US13/61281", {"appType": "PCT"}, ("PCT/US2013/061281", "invention")),
    ],
)
def test_an_asset_is_the_patent_or_else_the_application(
    number: str, changes: dict[str, Any], asset: tuple[str, str]
) -> None:
    assert peds.read(application_line(number, **changes).encode()).asset == asset


def test_an_application_may_have_no_conveyances() -> None:
    assert peds.read(b'{"applId": "15123456"}').rows == []
    assert peds.read(b'{"applId": "15123456", "assignments": null}').rows == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "not an application of PEDS: Invalid JSON"),
        ("{}", "applId: Field required"),
        (application_line("null"), "applId is empty"),
        (application_line("15123456", assignments="none"), "assignments: "),
        (application_line("15123456", patentNumber="X 1"), "patent number 'X 1'"),
    ],
)
def test_a_bad_line_says_what_is_wrong(line: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        peds.read(line.encode())


def test_reel_and_frame_are_integers_and_words_for_nothing_are_nothing() -> None:
    at, said = peds.conveyance(
        assignment(
            "043433",
            "0231",
            "null",
            assignors=[{"assignorName": "NULL", "execDate": "02-03-2015"}, {"assignorName": " A\n B "}],
            assignee=[
                {"assigneeName": "BANK", "countryCode": "NEW YORK"},
                {"assigneeName": "BANK 2", "countryCode": "null"},
            ],
        )
    )
    assert at == (43433, 231)
    assert said == {
        "text": None,
        "day": "2015-02-06",
        "assignors": [{"name": "A B"}],
        "assignees": [{"name": "BANK", "country": "US"}, {"name": "BANK 2"}],
    }


@pytest.mark.parametrize(
    ("recorded", "executed", "day"),
    [
        ("02-06-2015", ["02-03-2015"], "2015-02-06"),
        ("", ["02-03-2015", "02-05-2015", "01-01-0001"], "2015-02-05"),
        ("NONE", ["01-01-0001"], None),
        (None, [], None),
    ],
)
def test_the_day_is_that_of_recording_else_of_the_last_execution(
    recorded: str | None, executed: list[str], day: str | None
) -> None:
    assignors = [{"assignorName": "A", "execDate": text} for text in executed]
    assert peds.conveyance(assignment(1, 2, "X", recordedDate=recorded, assignors=assignors))[1]["day"] == day


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (None, "not a conveyance: "),
        ({}, "reelNumber: Field required"),
        (assignment("x", 1, ""), "reelNumber: "),
        (assignment(-1, 1, ""), "reelNumber: "),
        (assignment(1, 10**30, ""), "frameNumber: "),
        (assignment(1, 1, "", assignors={"assignorName": "A"}), "assignors: "),
    ],
)
def test_a_bad_row_says_what_is_wrong(row: Any, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        peds.conveyance(row)
