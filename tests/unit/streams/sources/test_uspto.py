from datetime import date
from uuid import UUID

import pytest

from streams.sources import office
from streams.sources.results import Unreadable


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("20180619", date(2018, 6, 19)),
        ("2018-06-19", date(2018, 6, 19)),
        ("1911-08-08T00:00:00Z", date(1911, 8, 8)),
        ("06-19-2018", date(2018, 6, 19)),
        ("0001-01-01T00:00:00Z", None),
        ("01-01-0001", None),
        ("20180631", None),
        ("20180600", None),
        ("18991231", None),
        ("NONE", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_in_every_form_of_the_office(text: str | None, day: date | None) -> None:
    assert office.day_of(text) == day


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("06836899", "6836899"),
        ("10000000", "10000000"),
        ("D0967598", "D967598"),
        ("D967598", "D967598"),
        ("RE049257", "RE49257"),
        ("PP034694", "PP34694"),
        ("H0002292", "H2292"),
    ],
)
def test_a_number_loses_its_padding(text: str, number: str) -> None:
    assert office.patent_number(text) == number


@pytest.mark.parametrize("text", ["", "D", "0000", "US-1-A", "12 345", "REX1", "\u0661\u0662"])
def test_what_is_no_number_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable, match="patent number"):
        office.patent_number(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("15123456", "15/123456"),
        ("15/123,456", "15/123456"),
        ("PCT/US13/61281", "PCT/US2013/061281"),
        ("D/029532", "D/029532"),
    ],
)
def test_an_application_number_has_one_form(text: str, number: str) -> None:
    assert office.application_number(text) == number


@pytest.mark.parametrize(
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
    assert office.right_of(number, us_class) == right


def test_an_id_derives_from_the_day_and_the_thing_and_is_a_uuid_of_version_8() -> None:
    first = office.envelope("t", "s", date(2018, 6, 19), "patent 10000000")
    assert first == office.envelope("t", "s", date(2018, 6, 19), "patent 10000000")
    assert first["time"] == "2018-06-19T00:00:00Z"
    assert first["id"].startswith("20180619-")
    assert (UUID(first["id"]).version, UUID(first["id"]).variant) == (8, "specified in RFC 4122")
    assert first["id"] != office.envelope("t", "s", date(2018, 6, 19), "patent 10000001")["id"]


def test_ids_stay_what_they_were() -> None:
    # A new rule for ids would let an import be counted twice in ledgers that have the old ones.
    envelope = office.envelope("t", "s", date(2018, 6, 19), "patent 10000000")
    assert envelope["id"] == "20180619-b2a0-897c-a958-824bec997c67"
    assert envelope["source"] == "urn:office:us:uspto"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" a\r\n\tb ", "a b"),
        ("null", None),
        ("NULL", None),
        (" ", None),
        (None, None),
        ("x" * 3000, "x" * 2000),
    ],
)
def test_a_text_is_one_line_or_nothing(text: str | None, line: str | None) -> None:
    assert office.tidy(text) == line
