from datetime import date
from uuid import UUID

import pytest

from streams.sources import uspto
from streams.sources.results import Unreadable
from tests.each_case import each_case


@each_case(
    ("text", "number"),
    [
        ("06836899", "6836899"),
        ("10000000", "10000000"),
        ("D0967598", "D967598"),
        ("D967598", "D967598"),
        ("RE049257", "RE49257"),
        ("PP034694", "PP34694"),
        ("H0002292", "H2292"),
        (" 7,654,321 ", "7654321"),
        ("US9424304", "9424304"),
        ("USRE49257", "RE49257"),
    ],
)
def test_a_number_loses_its_padding(text: str, number: str) -> None:
    assert uspto.patent_number(text) == number


@each_case("text", ["", "D", "0000", "US-1-A", "12 345", "REX1", "\u0661\u0662"])
def test_other_text_is_not_a_number(text: str) -> None:
    with pytest.raises(Unreadable, match="patent number"):
        uspto.patent_number(text)


@each_case(
    ("text", "number"),
    [
        ("15123456", "15/123456"),
        ("15/123,456", "15/123456"),
        ("PCT/US13/61281", "PCT/US2013/061281"),
        ("D/029532", "29/029532"),
        ("US201514123456A", "14/123456"),
        ("201361765432", "61/765432"),
    ],
)
def test_an_application_number_has_one_form(text: str, number: str) -> None:
    assert uspto.uspto_application_number(text) == number


@each_case(
    ("number", "us_class", "right"),
    [
        ("10000000", "123/1", "invention"),
        ("D967598", None, "design"),
        ("PP34694", "PLT263", "plant"),
        ("RE49257", "", "invention"),
        ("RE40001", "D14/300", "design"),
        ("RE40001", "D 1130", "design"),
        ("RE40002", "PLT/263", "plant"),
        ("", "D14", "design"),
        ("", "DIG", "invention"),
    ],
)
def test_the_right_follows_from_the_number_or_the_class(number: str, us_class: str | None, right: str) -> None:
    assert uspto.right_of(number, us_class) == right


@pytest.mark.parametrize(
    ("application", "right"),
    [("29/123456", "design"), ("35/001042", "design"), ("15/123456", "invention")],
)
def test_series_29_of_an_application_is_a_design(application: str, right: str) -> None:
    assert uspto.right_of("", None, application) == right


@each_case(
    ("text", "number"),
    [
        ("PCT/US2014/030739", "PCT/US2014/030739"),
        ("PCT/US14/30739", "PCT/US2014/030739"),
        ("US1230214", "PCT/US2012/030214"),
        ("EP2017051719", "PCT/EP2017/051719"),
        ("DM/088610", "DM/088610"),
        ("RE42401", None),
        ("PP12345", None),
        ("D811183", None),
        ("12345678", None),
        ("", None),
        (None, None),
    ],
)
def test_an_international_number_is_read_in_every_form_of_the_office(text: str | None, number: str | None) -> None:
    assert uspto.international(text) == number


@each_case(
    ("text", "number"),
    [
        ("20140226420", "US20140226420"),
        ("US20140226420A1", "US20140226420"),
        ("US 2014-0226420 A1", "US20140226420"),
        ("2014/0226420", "US20140226420"),
        ("US2014226420A1", "US20140226420"),
        ("9424304", None),
        (None, None),
    ],
)
def test_a_publication_is_identified_by_its_number_without_kind(text: str | None, number: str | None) -> None:
    assert uspto.publication(text) == number


@each_case(
    ("numbers", "asset"),
    [
        (("15123456", "9424304"), ("15/123456", "US9424304", "invention")),
        (("15123456", None, "PCT/US2014/030739"), ("15/123456", "15/123456", "invention")),
        ((None, "D811183", None), ("USD811183", "USD811183", "design")),
        ((None, None, None, "DM/088610", "US20140226420"), ("DM/088610", "DM/088610", "design")),
        ((None, None, None, None, "US20140226420"), ("US20140226420", "US20140226420", "invention")),
        ((None, None, None), None),
        (("15123456", "9-4"), ("15/123456", "15/123456", "invention")),
        (("00000000", "9424304"), ("US9424304", "US9424304", "invention")),
        ((None, "US 9,424,304 B2"), ("US9424304", "US9424304", "invention")),
        ((None, "US20140226420A1"), ("US20140226420", "US20140226420", "invention")),
        (("64/000,123", None), ("64/000123", "64/000123", "invention")),
        ((None, "9-4", "DM/088610"), ("DM/088610", "DM/088610", "design")),
    ],
)
def test_an_asset_is_identified_by_its_application_and_named_by_its_patent(
    numbers: tuple[str | None, str | None], asset: tuple[str, str, str] | None
) -> None:
    assert uspto.asset(*numbers) == asset


@each_case("zeros", ["00000000", "US0A", "00/000,000"])
def test_an_application_of_zeros_is_no_number(zeros: str) -> None:
    with pytest.raises(Unreadable, match=f"application number '{zeros}': it must be a number above 0"):
        uspto.asset(zeros, None)


def test_an_asset_without_a_valid_number_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="patent number '9-4'"):
        uspto.asset(None, "9-4", None)


def test_an_id_derives_from_the_day_and_the_asset_and_is_a_uuid_of_version_8() -> None:
    first = uspto.uspto_envelope("t", "s", date(2018, 6, 19), "patent 10000000")
    assert first == uspto.uspto_envelope("t", "s", date(2018, 6, 19), "patent 10000000")
    assert first["time"] == "2018-06-19T00:00:00Z"
    assert first["id"].startswith("20180619-")
    assert (UUID(first["id"]).version, UUID(first["id"]).variant) == (8, "specified in RFC 4122")
    assert first["id"] != uspto.uspto_envelope("t", "s", date(2018, 6, 19), "patent 10000001")["id"]


def test_ids_never_change() -> None:
    # A new rule for ids would make ledgers with the old ids count an import twice.
    envelope = uspto.uspto_envelope("t", "s", date(2018, 6, 19), "patent 10000000")
    assert envelope["id"] == "20180619-b2a0-897c-a958-824bec997c67"
    assert envelope["source"] == "urn:office:us:uspto"


def test_an_id_can_have_the_number_of_a_growing_series_instead_of_the_day() -> None:
    days = [uspto.uspto_envelope("t", "s", date(2018, 6, day), "conveyance 45455/1", series=45455) for day in (18, 19)]
    assert {envelope["id"] for envelope in days} == {"00045455-ad4f-887e-a2fe-91e5e356f3ab"}
    assert [envelope["time"] for envelope in days] == ["2018-06-18T00:00:00Z", "2018-06-19T00:00:00Z"]
