import json
from typing import Any

import pytest

from streams.sources.conveyances import assignment_center
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.results import Unreadable
from tests.each_case import each_case
from tests.unit.streams.sources.conveyances.samples import Property, Sample, center, center_row, odp, peds


def read(row: Any) -> list[Conveyance]:
    found = [*assignment_center.read(json.dumps(row).encode())]
    assert not any(isinstance(each, Unreadable) for each in found)
    return found  # type: ignore[return-value]


def test_a_row_is_a_conveyance_without_a_recorded_date() -> None:
    every = (
        Property("15123456", "9424304"),
        Property("29123456"),
        Property("", "", "", "PCT/US14/30739"),
        Property("", "", "20160123456"),
        Property(""),
    )
    missing, conveyance = assignment_center.read(json.dumps(center_row(Sample(properties=every))).encode())
    assert isinstance(conveyance, Conveyance)
    assert str(missing) == "reel/frame 45455/1: properties without a number: 1; they are left out"
    assert [asset[1:] for asset in conveyance.assets] == [
        ("US9424304", "invention"),
        ("29/123456", "design"),
        ("PCT/US2014/030739", "invention"),
        ("US20160123456", "invention"),
    ]
    assert (conveyance.recorded, conveyance.executed, conveyance.day) == (None, "2015-02-03", "2015-02-03")
    assert conveyance.text == Sample().text
    assert conveyance.assignees == [{"name": "LENDER BANK"}]


def test_of_several_execution_dates_the_last_counts() -> None:
    row = center_row(Sample())
    row["assignors"] += [{"assignorName": "B", "executionDate": "02/05/2015"}, {"assignorName": "C"}]
    (conveyance,) = read(row)
    assert conveyance.executed == "2015-02-05"
    assert [party["name"] for party in conveyance.assignors] == ["KITE & CO", "B", "C"]
    (without,) = read(row | {"assignors": []})
    assert without.executed == "2015-02-03"


@each_case("stated", [None, "", "null", "1", 1])
def test_the_number_of_properties_is_optional(stated: Any) -> None:
    (conveyance,) = read(center_row(Sample()) | {"noOfProperties": stated})
    assert not conveyance.incomplete


def test_a_row_with_fewer_properties_than_stated_is_incomplete() -> None:
    (conveyance,) = read(center_row(Sample()) | {"noOfProperties": 21})
    assert conveyance.incomplete


def test_a_response_about_one_application_has_recorded_dates() -> None:
    detail = {
        name: value for name, value in center_row(Sample()).items() if name not in ("properties", "noOfProperties")
    }
    detail |= {"recordationDate": "02/06/2015", "assignees": [{"assigneeName": "LENDER BANK"}]}
    known = {"applicationNumber": "15123456", "patentNumber": "9424304"}
    both = read({"properties": known, "noOfAssignments": 2, "assignment": [detail, detail | {"frameNumber": 2}]})
    (alone,) = read({"properties": [known], "noOfAssignments": 1, "assignment": detail})
    assert [conveyance.frame for conveyance in both] == [1, 2]
    assert both[0] == alone
    assert (alone.recorded, alone.assignees) == ("2015-02-06", [{"name": "LENDER BANK"}])
    assert [asset.id for asset in alone.assets] == ["US9424304"]


def test_an_invalid_conveyance_is_reported_and_the_others_are_read() -> None:
    response = {"properties": {}, "assignment": [{"reelNumber": 1}, center_row(Sample())]}
    bad, good = assignment_center.read(json.dumps(response).encode())
    assert str(bad).startswith("not a conveyance of Assignment Center: assignment.0: frameNumber: ")
    assert isinstance(good, Conveyance)


@each_case(
    ("changes", "reason"),
    [
        ({"reelNumber": None}, "reelNumber: "),
        ({"frameNumber": 10_000}, "frameNumber: "),
        ({"properties": "all"}, "properties: "),
        ({"assignees": [["A"]]}, "assignees.0: "),
        ({"assignees": "A"}, 'assignees: "A" is not an array'),
        ({"noOfProperties": 1.5}, "noOfProperties: 1.5 is not a whole number"),
    ],
)
def test_an_invalid_row_is_reported_with_its_field(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unreadable, match=f"not a conveyance of Assignment Center: {reason}"):
        read(center_row(Sample()) | changes)


def test_a_response_is_recognised_by_its_field_names() -> None:
    recognises = assignment_center.FORMAT.recognises
    assert recognises(center(Sample()).encode())
    assert not recognises(peds(Sample()).encode())
    assert not recognises(odp(Sample()).encode())
