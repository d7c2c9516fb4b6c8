import pytest

from streams.sources.conveyances import padx
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.results import Unreadable
from tests.unit.streams.sources.conveyances.tellings import Property, Told, padx_element, search
from tests.unit.streams.sources.conveyances.tellings import padx as file_of


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
    told = read(padx_element(Told(properties=every)))
    assert [asset[1:] for asset in told.assets] == [
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
    assert (told.reel, told.frame, told.recorded, told.executed) == (45455, 1, "2015-02-06", "2015-02-03")
    assert (told.updated, told.withdrawn) == ("2015-02-09", False)
    assert told.assignors == [{"name": "KITE & CO"}]
    assert told.assignees == [{"name": "LENDER BANK", "country": "US"}]


def test_a_foreign_assignee_has_a_country_and_no_state() -> None:
    element = padx_element(Told()).replace("<state>CALIFORNIA</state>", "<country-name>SWITZERLAND</country-name>")
    assert read(element).assignees == [{"name": "LENDER BANK", "country": "CH"}]


def test_what_the_document_type_lets_be_left_out_may_be() -> None:
    element = padx_element(Told())
    for optional in ("<execution-date><date>20150203</date></execution-date>", "<state>CALIFORNIA</state>"):
        element = element.replace(optional, "")
    told = read(element)
    assert (told.day, told.executed, told.assignees) == ("2015-02-06", None, [{"name": "LENDER BANK"}])


def test_markup_in_a_text_is_no_part_of_it() -> None:
    element = padx_element(Told()).replace("LENDER BANK", "<b>LENDER</b>\n <sub>BANK</sub> &#220;<!-- here -->BER")
    assert read(element).assignees == [{"name": "LENDER BANK \u00dcBER", "country": "US"}]


@pytest.mark.parametrize(
    ("element", "reason"),
    [
        ("<patent-assignment>", "not well-formed XML"),
        ("<patent-assignment/>", "it has no assignment-record"),
        (padx_element(Told()).replace("<reel-no>45455</reel-no>", ""), "reel/frame 'None/1'"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]>" + padx_element(Told()), "declares its own entities"),
    ],
)
def test_a_bad_element_says_what_is_wrong(element: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(element)


def test_a_file_is_known_with_and_without_its_envelope() -> None:
    recognises = padx.FORMAT.recognises
    assert recognises(file_of(Told()).encode())
    assert recognises(padx_element(Told()).encode())
    assert not recognises(search(Told()).encode())
