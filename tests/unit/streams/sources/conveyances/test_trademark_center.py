import json
from typing import Any

import pytest

from streams.sources.conveyances import trademark_center
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.results import Unreadable
from tests.unit.streams.sources.conveyances.samples import Sample, center


def row(*properties: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "reelNumber": 3516,
        "frameNumber": "0288",
        "assignorExecutionDate": "02/02/2007",
        "correspondentName": "COUNSEL",
        "domesticRepresentative": "",
        "assignors": [{"assignorName": "KITE RECORDS", "executionDate": "02/02/2007"}],
        "assignees": ["KITE INC."],
        "noOfProperties": len(properties),
        "properties": [*properties],
    } | changes


def test_a_row_is_a_conveyance_of_marks_with_registration_else_application_numbers() -> None:
    registered = {"serialNumber": 74693839, "registrationNumber": 2034964, "mark": "KITE"}
    texts = {"serialNumber": "74693840", "registrationNumber": "0123456"}
    filed = {"serialNumber": 88874668, "registrationNumber": None}
    missing, conveyance = trademark_center.read(json.dumps(row(registered, texts, filed, {}, {})).encode())
    assert str(missing) == "reel/frame 3516/288: properties without a number: 2; they are left out"
    assert isinstance(conveyance, Conveyance)
    assert conveyance.assets == [
        ("US-A-74693839", "US2034964", "trademark"),
        ("US-A-74693840", "US123456", "trademark"),
        ("US-A-88874668", "US-A-88874668", "trademark"),
    ]
    assert (conveyance.reel, conveyance.frame, conveyance.text, conveyance.day) == (3516, 288, None, "2007-02-02")
    assert (conveyance.assignors, conveyance.assignees) == ([{"name": "KITE RECORDS"}], [{"name": "KITE INC."}])


def test_an_invalid_row_is_reported_with_its_field() -> None:
    with pytest.raises(Unreadable, match="not a trademark conveyance of Assignment Center: frameNumber: "):
        [*trademark_center.read(json.dumps(row(frameNumber="A")).encode())]


def test_an_export_is_recognised_by_its_field_names() -> None:
    recognises = trademark_center.FORMAT.recognises
    export = [{"searchCriteria": [{"property": "KITE"}], "data": [row({"serialNumber": 74693839})]}]
    assert recognises(json.dumps(export, indent=1).encode())
    assert not recognises(center(Sample()).encode())
