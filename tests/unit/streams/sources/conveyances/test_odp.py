import json
from typing import Any

import pytest

from streams.sources.conveyances import odp
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.results import Unreadable
from tests.unit.streams.sources.conveyances.tellings import Told, odp_assignment
from tests.unit.streams.sources.conveyances.tellings import odp as answer_of


def read(*assignments: Any, **changes: Any) -> list[Conveyance]:
    wrapper = {"applicationNumberText": "15123456", "assignmentBag": [*assignments]} | changes
    found = [*odp.read(json.dumps(wrapper).encode())]
    assert not any(isinstance(each, Unreadable) for each in found)
    return found  # type: ignore[return-value]


@pytest.mark.parametrize(
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
def test_the_application_is_the_asset_by_its_patent_if_it_is_granted(
    changes: dict[str, Any], asset: tuple[str, str]
) -> None:
    (told,) = read(odp_assignment(Told()), **changes)
    assert [each[1:] for each in told.assets] == [asset]


@pytest.mark.parametrize(
    "at",
    [
        {"reelNumber": 45455, "frameNumber": 1},
        {"reelNumber": "45455", "frameNumber": "0001"},
        {"reelAndFrameNumber": "045455/0001"},
        {"reelNumber/frameNumber": "045455/0001"},
        {"reelNumber": 45455, "frameNumber": 1, "reelNumber/frameNumber": "45455/1"},
    ],
)
def test_reel_and_frame_stand_alone_or_together(at: dict[str, Any]) -> None:
    given = {name: said for name, said in odp_assignment(Told()).items() if not name.startswith(("reel", "frame"))}
    (told,) = read(given | at)
    assert (told.reel, told.frame, told.day) == (45455, 1, "2015-02-06")


@pytest.mark.parametrize(
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
def test_a_region_is_a_state_of_the_us_or_a_country_with_an_x(
    address: dict[str, str] | None, country: str | None
) -> None:
    assignee = {"assigneeNameText": "LENDER BANK", "assigneeAddress": address}
    (told,) = read(odp_assignment(Told(), assigneeBag=[assignee]))
    assert told.assignees == [{"name": "LENDER BANK"} | ({"country": country} if country else {})]


def test_an_application_may_have_no_conveyances_or_one_that_stands_alone() -> None:
    assert read(assignmentBag=None) == []
    assert read(assignmentBag=odp_assignment(Told())) == read(odp_assignment(Told()))


def test_times_are_read_as_days() -> None:
    given = odp_assignment(Told(), assignmentRecordedDate="2015-02-06T00:00:00.000Z")
    assert read(given) == read(odp_assignment(Told()))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (odp_assignment(Told(), reelNumber=None, reelAndFrameNumber=None), "reel/frame '/1'"),
        ("none", "assignmentBag.0"),
        (odp_assignment(Told(), assignorBag="A"), "assignorBag: "),
    ],
)
def test_a_bad_conveyance_is_named_and_the_others_are_read(given: Any, reason: str) -> None:
    wrapper = {"applicationNumberText": "15123456", "assignmentBag": [given, odp_assignment(Told())]}
    bad, good = odp.read(json.dumps(wrapper).encode())
    assert reason in str(bad)
    assert isinstance(good, Conveyance)


@pytest.mark.parametrize(
    "wrapper", [{}, {"applicationNumberText": ""}, {"applicationNumberText": None}, {"applicationNumberText": 7}]
)
def test_a_wrapper_names_its_application(wrapper: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match="not a file wrapper of the Open Data Portal: applicationNumberText"):
        [*odp.read(json.dumps(wrapper).encode())]


def test_answers_and_downloads_are_known_by_their_arrays() -> None:
    answer = answer_of(Told())
    assert odp.FORMAT.recognises(answer.encode())
    assert odp.DOWNLOAD.recognises(answer.replace("patentFileWrapperDataBag", "patentdata").encode())
