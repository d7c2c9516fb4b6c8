import pytest

from streams.sources.conveyances import padx
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.results import SkipReason, Unreadable
from tests.each_case import each_case
from tests.unit.streams.sources.conveyances.samples import Property, Sample, padx_element, search
from tests.unit.streams.sources.conveyances.samples import padx as file_of


def read(content: str) -> Conveyance:
    (conveyance,) = padx.read(content.encode())
    assert isinstance(conveyance, Conveyance)
    return conveyance


def test_an_element_is_a_conveyance_with_its_properties() -> None:
    every = (
        Property("15123456", "9424304", "20160123456"),
        Property("15123457", "", "20160123457"),
        Property("29123456"),
        Property("29512345", "D811183"),
        Property("12345678", "PP12345"),
        Property("10722168", "RE042401"),
        Property("", "", "20160123458"),
        Property("", "", "US20160123459A1"),
        Property("", "", "", "US1230214"),
        Property("", "", "", "PCT/EP2017/051719"),
        Property(""),
    )
    missing, conveyance = padx.read(padx_element(Sample(properties=every)).encode())
    assert isinstance(missing, Unreadable)
    assert missing.rule is SkipReason.NO_NUMBER
    assert isinstance(conveyance, Conveyance)
    assert [asset[1:] for asset in conveyance.assets] == [
        ("US9424304", "invention"),
        ("15/123457", "invention"),
        ("29/123456", "design"),
        ("USD811183", "design"),
        ("USPP12345", "plant"),
        ("USRE42401", "invention"),
        ("US20160123458", "invention"),
        ("US20160123459", "invention"),
        ("PCT/US2012/030214", "invention"),
        ("PCT/EP2017/051719", "invention"),
    ]
    assert (conveyance.reel, conveyance.frame, conveyance.recorded, conveyance.executed) == (
        45455,
        1,
        "2015-02-06",
        "2015-02-03",
    )
    assert (conveyance.updated, conveyance.withdrawn) == ("2015-02-09", False)
    assert conveyance.assignors == [{"name": "KITE & CO"}]
    assert conveyance.assignees == [{"name": "LENDER BANK", "country": "US"}]


def test_a_foreign_assignee_has_a_country_and_no_state() -> None:
    element = padx_element(Sample()).replace("<state>CALIFORNIA</state>", "<country-name>SWITZERLAND</country-name>")
    assert read(element).assignees == [{"name": "LENDER BANK", "country": "CH"}]


def test_optional_elements_may_be_missing() -> None:
    element = padx_element(Sample())
    for optional in ("<execution-date><date>20150203</date></execution-date>", "<state>CALIFORNIA</state>"):
        element = element.replace(optional, "")
    conveyance = read(element)
    assert (conveyance.day, conveyance.executed, conveyance.assignees) == (
        "2015-02-06",
        None,
        [{"name": "LENDER BANK"}],
    )


def test_markup_inside_a_text_is_removed() -> None:
    element = padx_element(Sample()).replace("LENDER BANK", "<b>LENDER</b>\n <sub>BANK</sub> &#220;<!-- here -->BER")
    assert read(element).assignees == [{"name": "LENDER BANK \u00dcBER", "country": "US"}]


@each_case(
    ("element", "reason"),
    [
        ("<patent-assignment>", "not well-formed XML"),
        ("<patent-assignment/>", "it has no assignment-record"),
        (padx_element(Sample()).replace("<reel-no>45455</reel-no>", ""), "reel/frame 'None/1'"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]>" + padx_element(Sample()), "declares its own entities"),
    ],
)
def test_an_invalid_element_is_reported_with_its_reason(element: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(element)


def test_a_file_is_recognised_with_and_without_its_envelope() -> None:
    recognises = padx.FORMAT.recognises
    assert recognises(file_of(Sample()).encode())
    assert recognises(padx_element(Sample()).encode())
    assert not recognises(search(Sample()).encode())
