import json
from typing import Any

import pytest

from streams.sources.conveyances import assignment_center
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.results import Unreadable
from tests.unit.streams.sources.conveyances.tellings import Property, Told, center, center_row, odp, peds


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
    (told,) = read(center_row(Told(properties=every)))
    assert [asset[1:] for asset in told.assets] == [
        ("US9424304", "invention"),
        ("29/123456", "design"),
        ("PCT/US2014/030739", "invention"),
        ("US20160123456", "invention"),
    ]
    assert (told.recorded, told.executed, told.day) == (None, "2015-02-03", "2015-02-03")
    assert told.text == Told().text
    assert told.assignees == [{"name": "LENDER BANK"}]


def test_several_assignors_have_days_of_their_own_and_the_last_counts() -> None:
    row = center_row(Told())
    row["assignors"] += [{"assignorName": "B", "executionDate": "02/05/2015"}, {"assignorName": "C"}]
    (told,) = read(row)
    assert told.executed == "2015-02-05"
    assert [party["name"] for party in told.assignors] == ["KITE & CO", "B", "C"]
    (without,) = read(row | {"assignors": []})
    assert without.executed == "2015-02-03"


@pytest.mark.parametrize("stated", [None, "", "null", "1", 1])
def test_how_many_properties_there_are_need_not_be_said(stated: Any) -> None:
    (conveyance,) = read(center_row(Told()) | {"noOfProperties": stated})
    assert not conveyance.incomplete


def test_a_search_shows_fewer_properties_than_there_are() -> None:
    (told,) = read(center_row(Told()) | {"noOfProperties": 21})
    assert told.incomplete


def test_an_answer_about_one_application_has_its_conveyances_with_their_recorded_date() -> None:
    detail = {name: said for name, said in center_row(Told()).items() if name not in ("properties", "noOfProperties")}
    detail |= {"recordationDate": "02/06/2015", "assignees": [{"assigneeName": "LENDER BANK"}]}
    known = {"applicationNumber": "15123456", "patentNumber": "9424304"}
    both = read({"properties": known, "noOfAssignments": 2, "assignment": [detail, detail | {"frameNumber": 2}]})
    (alone,) = read({"properties": [known], "noOfAssignments": 1, "assignment": detail})
    assert [told.frame for told in both] == [1, 2]
    assert both[0] == alone
    assert (alone.recorded, alone.assignees) == ("2015-02-06", [{"name": "LENDER BANK"}])
    assert [asset.id for asset in alone.assets] == ["US9424304"]


def test_of_several_conveyances_a_bad_one_is_named_and_the_others_are_read() -> None:
    answer = {"properties": {}, "assignment": [{"reelNumber": 1}, center_row(Told())]}
    bad, good = assignment_center.read(json.dumps(answer).encode())
    assert str(bad).startswith("not a conveyance of Assignment Center: assignment.0: frameNumber: ")
    assert isinstance(good, Conveyance)


@pytest.mark.parametrize(
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
def test_a_bad_row_says_what_is_wrong(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unreadable, match=f"not a conveyance of Assignment Center: {reason}"):
        read(center_row(Told()) | changes)


def test_an_answer_is_known_by_its_names() -> None:
    recognises = assignment_center.FORMAT.recognises
    assert recognises(center(Told()).encode())
    assert not recognises(peds(Told()).encode())
    assert not recognises(odp(Told()).encode())
