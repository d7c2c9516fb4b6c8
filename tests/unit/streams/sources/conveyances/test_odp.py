import json
from typing import Any

import pytest

from streams.sources.conveyances import odp
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.results import Unreadable
from tests.each_case import each_case
from tests.unit.streams.sources.conveyances.samples import Sample, odp_assignment
from tests.unit.streams.sources.conveyances.samples import odp as response_of


def read(*assignments: Any, **changes: Any) -> list[Conveyance]:
    wrapper = {"applicationNumberText": "15123456", "assignmentBag": [*assignments]} | changes
    found = [*odp.read(json.dumps(wrapper).encode())]
    assert not any(isinstance(each, Unreadable) for each in found)
    return found  # type: ignore[return-value]


@each_case(
    ("changes", "asset"),
    [
        ({}, ("15/123456", "invention")),
        ({"applicationMetaData": {"patentNumber": "9424304"}}, ("US9424304", "invention")),
        ({"patentNumber": "9424304", "applicationTypeCode": "UTL"}, ("US9424304", "invention")),
        ({"applicationMetaData": {"applicationTypeCode": "DES"}}, ("15/123456", "design")),
        ({"applicationMetaData": {"applicationTypeCode": "PLT"}}, ("15/123456", "plant")),
        ({"applicationMetaData": {"class": "D14"}}, ("15/123456", "design")),
        ({"applicationNumberText": "PCT/US2013/061281"}, ("PCT/US2013/061281", "invention")),
        ({"patentNumber": 9424304, "class": 72}, ("US9424304", "invention")),
    ],
)
def test_the_asset_is_the_patent_if_granted_else_the_application(
    changes: dict[str, Any], asset: tuple[str, str]
) -> None:
    (conveyance,) = read(odp_assignment(Sample()), **changes)
    assert [each[1:] for each in conveyance.assets] == [asset]


@each_case(
    "at",
    [
        {"reelNumber": 45455, "frameNumber": 1},
        {"reelNumber": "45455", "frameNumber": "0001"},
        {"reelAndFrameNumber": "045455/0001"},
        {"reelNumber/frameNumber": "045455/0001"},
        {"reelNumber": 45455, "frameNumber": 1, "reelNumber/frameNumber": "45455/1"},
    ],
)
def test_reel_and_frame_are_in_two_fields_or_in_one(at: dict[str, Any]) -> None:
    given = {name: value for name, value in odp_assignment(Sample()).items() if not name.startswith(("reel", "frame"))}
    (conveyance,) = read(given | at)
    assert (conveyance.reel, conveyance.frame, conveyance.day) == (45455, 1, "2015-02-06")


@each_case(
    ("address", "country"),
    [
        ({"geographicRegionCode": "CA"}, "US"),
        ({"geographicRegionCode": "CHX"}, "CH"),
        ({"geographicRegionCode": "LUX"}, "LU"),
        ({"geographicRegionName": "CHX", "geographicRegionCode": "string"}, "CH"),
        ({"geographicRegionName": "CALIFORNIA"}, "US"),
        ({"geographicRegionCode": "CA", "countryName": "CANADA"}, "CA"),
        ({"geographicRegionName": "GEORGIA", "countryCode": "GE"}, "GE"),
        ({"ictCountryCode": "BE", "countryCode": None}, "BE"),
        ({"ictCountryCode": "BEX"}, "BE"),
        ({"ictStateCode": "CA", "geographicRegionCode": None}, "US"),
        ({"geographicRegionCode": "ON"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_region_is_a_us_state_or_a_country_code_with_an_x(
    address: dict[str, str] | None, country: str | None
) -> None:
    assignee = {"assigneeNameText": "LENDER BANK", "assigneeAddress": address}
    (conveyance,) = read(odp_assignment(Sample(), assigneeBag=[assignee]))
    assert conveyance.assignees == [{"name": "LENDER BANK"} | ({"country": country} if country else {})]


def test_an_application_may_have_no_conveyances_or_one_without_an_array() -> None:
    assert read(assignmentBag=None) == []
    assert read(assignmentBag=odp_assignment(Sample())) == read(odp_assignment(Sample()))


def test_times_are_read_as_days() -> None:
    given = odp_assignment(Sample(), assignmentRecordedDate="2015-02-06T00:00:00.000Z")
    assert read(given) == read(odp_assignment(Sample()))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (odp_assignment(Sample(), reelNumber=None, reelAndFrameNumber=None), "reel/frame '/1'"),
        ("none", "assignmentBag.0"),
        (odp_assignment(Sample(), assignorBag="A"), "assignorBag: "),
    ],
)
def test_an_invalid_conveyance_is_reported_and_the_others_are_read(given: Any, reason: str) -> None:
    wrapper = {"applicationNumberText": "15123456", "assignmentBag": [given, odp_assignment(Sample())]}
    bad, good = odp.read(json.dumps(wrapper).encode())
    assert reason in str(bad)
    assert isinstance(good, Conveyance)


@each_case(
    "wrapper", [{}, {"applicationNumberText": ""}, {"applicationNumberText": None}, {"applicationNumberText": 7}]
)
def test_a_wrapper_without_an_application_number_is_unreadable(wrapper: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match="not a file wrapper of the Open Data Portal: applicationNumberText"):
        [*odp.read(json.dumps(wrapper).encode())]


def test_responses_and_downloads_are_recognised_by_their_arrays() -> None:
    response = response_of(Sample())
    assert odp.FORMAT.recognises(response.encode())
    assert odp.DOWNLOAD.recognises(response.replace("patentFileWrapperDataBag", "patentdata").encode())
