from datetime import date

from streams.sources import texts
from tests.each_case import each_case


@each_case(
    ("text", "line"),
    [
        (" a\r\n\tb ", "a b"),
        ("null", None),
        ("NULL", None),
        (" ", None),
        (None, None),
        ("x" * 3000, "x" * 2000),
        ("x" * 1999 + " y", "x" * 1999),
    ],
)
def test_a_text_is_one_line_or_nothing(text: str | None, line: str | None) -> None:
    assert texts.tidy(text) == line


@each_case(
    ("text", "name"),
    [
        ("Lovelace; Ada", "Ada Lovelace"),
        ("Curie, Jr.;Marie ", "Marie Curie, Jr."),
        ("Kite & Co", "Kite & Co"),
        ("Lovelace;", "Lovelace;"),
        ("A; B; C", "A; B; C"),
        ("", ""),
    ],
)
def test_a_person_has_the_first_name_first(text: str, name: str) -> None:
    assert texts.person(text) == name


@each_case(
    ("text", "day"),
    [
        ("20180619", date(2018, 6, 19)),
        ("2018-06-19", date(2018, 6, 19)),
        ("2018/06/19", date(2018, 6, 19)),
        ("2018/6/19", date(2018, 6, 19)),
        ("2018年6月19日", date(2018, 6, 19)),
        ("6/19/2018", date(2018, 6, 19)),
        ("19.6.2018", date(2018, 6, 19)),
        ("19jun2018", date(2018, 6, 19)),
        ("19-JUN-2018", date(2018, 6, 19)),
        ("19 June 2018", date(2018, 6, 19)),
        ("June 19, 2018", date(2018, 6, 19)),
        ("Sept. 3, 2018", date(2018, 9, 3)),
        ("2018-06-19 00:00:00", date(2018, 6, 19)),
        ("6/19/2018 12:00 AM", date(2018, 6, 19)),
        ("June 2018", None),
        ("19 Juin 2018", None),
        ("6.19.2018", None),
        ("19/6/2018", None),
        ("6/19/18", None),
        ("1911-08-08T00:00:00Z", date(1911, 8, 8)),
        ("06-19-2018", date(2018, 6, 19)),
        ("06/19/2018", date(2018, 6, 19)),
        ("0001-01-01T00:00:00Z", None),
        ("01-01-0001", None),
        ("20180631", None),
        ("20180600", None),
        ("18991231", None),
        ("22000101", None),
        ("NONE", None),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_in_every_form_of_the_office(text: str | None, day: date | None) -> None:
    assert texts.day_of(text) == day
    assert texts.iso_day(text) == (day.isoformat() if day else None)
