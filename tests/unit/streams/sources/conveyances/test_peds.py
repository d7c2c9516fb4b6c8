import json
from typing import Any

import pytest

from streams.sources.conveyances import peds
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.conveyances.source import uspto_assignments
from streams.sources.results import Unreadable
from tests.each_case import each_case
from tests.unit.streams.sources.conveyances.samples import Sample, peds_response
from tests.unit.streams.sources.conveyances.samples import peds as line_of
from tests.unit.streams.sources.documents import application_line, assignment


def read(line: str) -> list[Conveyance]:
    found = [*peds.read(line.encode())]
    assert not any(isinstance(each, Unreadable) for each in found)
    return found  # type: ignore[return-value]


@each_case(
    ("number", "changes", "asset"),
    [
        ("15123456", {"appCls": 123}, ("15/123456", "15/123456", "invention")),
        ("15123456", {"patentNumber": "null"}, ("15/123456", "15/123456", "invention")),
        ("15123456", {"patentNumber": "9424304"}, ("15/123456", "US9424304", "invention")),
        ("06113950", {"patentNumber": "RE031218", "appType": "Re-Issue"}, ("06/113950", "USRE31218", "invention")),
        ("29123456", {"patentNumber": "D0967598", "appType": "Design"}, ("29/123456", "USD967598", "design")),
        ("29123456", {"appType": "Design"}, ("29/123456", "29/123456", "design")),
        ("15123456", {"appType": "Plant"}, ("15/123456", "15/123456", "plant")),
        ("PCT/US13/61281", {"appType": "PCT"}, ("PCT/US2013/061281", "PCT/US2013/061281", "invention")),
    ],
)
def test_the_asset_is_the_patent_else_the_application(
    number: str, changes: dict[str, Any], asset: tuple[str, str, str]
) -> None:
    (conveyance,) = read(application_line(number, assignment(1, 2, "X"), **changes))
    assert conveyance.assets == [asset]


def test_an_application_may_have_no_conveyances() -> None:
    assert read('{"applId": "15123456"}') == []
    assert read('{"applId": "15123456", "assignments": null}') == []


def test_reel_and_frame_are_integers_and_words_for_null_are_missing_values() -> None:
    row = assignment(
        "043433",
        "0231",
        "null",
        assignors=[{"assignorName": "NULL", "execDate": "02-03-2015"}, {"assignorName": " A\n B "}],
        assignee=[
            {"assigneeName": "BANK", "countryCode": "NEW YORK"},
            {"assigneeName": "BANK 2", "countryCode": "null"},
        ],
    )
    (conveyance,) = read(application_line("15123456", row))
    assert (conveyance.reel, conveyance.frame, conveyance.text) == (43433, 231, None)
    assert (conveyance.recorded, conveyance.executed) == ("2015-02-06", "2015-02-03")
    assert conveyance.assignors == [{"name": "A B"}]
    assert conveyance.assignees == [{"name": "BANK", "country": "US"}, {"name": "BANK 2"}]


@each_case(
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
    row = assignment(1, 2, "X", recordedDate=recorded, assignors=assignors)
    (conveyance,) = read(application_line("15123456", row))
    assert conveyance.day == day


def test_a_day_that_cannot_be_read_is_named_with_what_counts_instead() -> None:
    assignors = [{"assignorName": "A", "execDate": day} for day in ("02-03-2015", "02-30-2015")]
    row = assignment(1, 2, "X", recordedDate="2015-13-06", assignors=assignors)
    *bad, conveyance = peds.read(application_line("15123456", row).encode())
    assert [str(each) for each in bad] == [
        "reel/frame 1/2: recorded date '2015-13-06' cannot be read: it is left out, and the execution date counts",
        "reel/frame 1/2: execution date '02-30-2015' cannot be read: it is left out",
    ]
    assert not isinstance(conveyance, Unreadable)
    assert conveyance.day == "2015-02-03"


@each_case(
    ("line", "reason"),
    [
        ("{", "not an application of PEDS: "),
        ("{}", "applId: "),
        (application_line("null"), "applId is empty"),
        ('{"applId": 7}', "applId: "),
        (application_line("15123456", assignments="none"), "assignments: "),
    ],
)
def test_an_invalid_line_is_reported_with_its_field(line: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(line)


@each_case(
    ("row", "reason"),
    [
        (None, "assignments.0: "),
        ({}, "reelNumber: "),
        (assignment("x", 1, ""), "reelNumber: "),
        (assignment(-1, 1, ""), "reelNumber: "),
        (assignment(1, 10**30, ""), "frameNumber: "),
        (assignment(1, 1, "", assignors="A"), "assignors: "),
    ],
)
def test_an_invalid_row_is_reported_with_its_field_and_the_others_are_read(row: Any, reason: str) -> None:
    bad, good = peds.read(application_line("15123456", row, assignment(7, 8, "X")).encode())
    assert isinstance(bad, Unreadable)
    assert reason in str(bad)
    assert isinstance(good, Conveyance)


def test_lines_a_response_and_an_array_are_recognised_by_their_beginning() -> None:
    line, response = line_of(Sample()), peds_response(Sample())
    docs = json.loads(response)["queryResults"]["searchResponse"]["response"]["docs"]
    known = [
        next(form for form in uspto_assignments.formats if form.recognises(head.encode()))
        for head in (line, response, json.dumps(docs, indent=1))
    ]
    assert known == [peds.FORMAT, peds.RESPONSE, peds.ARRAY]
