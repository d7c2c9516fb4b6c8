"""Scalar values: exactly the strings that are valid, and none that only looks like one."""

from __future__ import annotations

import calendar
import unicodedata
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schemas.id_keys import id_key
from schemas.values import (
    Country,
    Day,
    EventId,
    IpcSymbol,
    Office,
    Region,
    RegistrationNo,
    Right,
    ShortText,
    Source,
    Subject,
    Text,
    Timestamp,
)
from tests.each_case import each_case

UUID = "0190C6F0-aBcD-7000-8000-0123456789Ab"


def takes(type_: Any, text: object) -> bool:
    try:
        TypeAdapter(type_).validate_python(text)
    except ValidationError:
        return False
    return True


@each_case("text", ["1900-01-01", "2199-12-31", "2024-02-29", "2023-05-04"])
def test_a_day_is_a_calendar_date(text: str) -> None:
    assert TypeAdapter(Day).validate_python(text) == date.fromisoformat(text)


OUT_OF_RANGE = ["1899-12-31", "2200-01-01", "2023-02-29", "2023-13-01", "2023-00-01", "2023-04-31"]
NO_ISO_DATE = ["2023-1-1", "20230504", "2023-05-04T00:00:00", " 2023-05-04", "2023-05-04\n", "2023/05/04", "", "0"]
NO_TEXT = [20230504, None, date(2023, 5, 4), datetime(2023, 5, 4, tzinfo=UTC)]


@each_case("text", [*OUT_OF_RANGE, *NO_ISO_DATE, "２０２３-05-04", "+2023-05-04", *NO_TEXT])
def test_nothing_else_is_a_day(text: object) -> None:
    assert not takes(Day, text)


@each_case(
    ("date_", "time"),
    product(
        ["2023-05-04", "2024-02-29"],
        ["T02:00:00Z", "t02:00:00z", "T10:00:00+08:00", "T02:00:00.123456789Z", "T02:00:00.1-11:30"],
    ),
)
def test_a_timestamp_is_as_rfc_3339_writes_it(date_: str, time: str) -> None:
    assert takes(Timestamp, date_ + time)


WRONG_TIMES = ["", "T02:00:00", " 02:00:00Z", "T02:00Z", "T25:00:00Z", "T02:00:00.Z", "T02:00:00+0800"]


@each_case("text", [f"2023-05-04{time}" for time in WRONG_TIMES])
def test_a_timestamp_has_seconds_and_a_zone(text: str) -> None:
    assert not takes(Timestamp, text)


LEAP_SECONDS = [
    "1998-12-31T23:59:60Z",
    "1990-12-31T15:59:60.5-08:00",
    "2017-01-01T05:29:60+05:30",
    "2015-06-30T23:59:60-00:00",
]


@each_case("text", LEAP_SECONDS)
def test_a_leap_second_is_the_last_of_a_day_in_utc(text: str) -> None:
    assert takes(Timestamp, text)
    assert not takes(Timestamp, text.replace(":60", ":61"))
    assert not takes(Timestamp, text.replace("9:60", "8:60"))


@pytest.mark.parametrize("text", ["2023-05-04T02:00:60Z", "1998-12-31T23:58:60Z", "1998-12-31T23:59:60+01:00"])
def test_no_other_minute_has_61_seconds(text: str) -> None:
    assert not takes(Timestamp, text)


@given(st.datetimes(timezones=st.timezones()))
def test_every_instant_of_the_calendar_is_a_timestamp(moment: datetime) -> None:
    assert takes(Timestamp, moment.strftime("%Y").zfill(4) + moment.isoformat()[4:19] + "Z")


def test_a_day_of_the_month_is_one_of_the_calendar() -> None:
    """Compare every month of the years from 0 to 9999 whose rule differs with Python's calendar."""
    for year in (0, 1, 4, 1900, 2000, 2023, 2024, 2100, 9999):
        for month in range(1, 13):
            days = calendar.monthrange(year or 400, month)[1]
            for day in range(33):
                text = f"{year:04}-{month:02}-{day:02}T23:59:59+00:00"
                assert takes(Timestamp, text) == (1 <= day <= days), text


@pytest.mark.parametrize("text", ["2023-02-30T02:00:00Z", "1683165600", 1683165600])
def test_nothing_else_is_a_timestamp(text: object) -> None:
    assert not takes(Timestamp, text)


def test_a_timestamp_is_kept_as_it_came() -> None:
    text = "2023-05-04t10:00:00.123456789012+08:00"
    assert TypeAdapter(Timestamp).validate_python(text) == text


@each_case(("type_", "longest"), [(EventId, 64), (Subject, 128), (ShortText, 64), (RegistrationNo, 40)])
def test_printable_texts_have_their_lengths_in_characters(type_: Any, longest: int) -> None:
    assert takes(type_, "x")
    assert takes(type_, "质" * longest)
    assert takes(type_, "😀" * longest)
    assert not takes(type_, "")
    assert not takes(type_, "x" * (longest + 1))


@each_case(
    "character",
    [
        "\x00",
        "\n",
        "\t",
        "\x1f",
        "\x7f",
        "\x85",
        "\xad",
        "\u200b",
        "\u200e",
        "\u2028",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\uffff",
    ],
)
def test_invisible_characters_are_not_printable(character: str) -> None:
    assert not takes(EventId, f"a{character}b")
    assert not takes(Subject, f"a{character}b")


@pytest.mark.slow
@given(st.characters(codec="utf-8", categories=["L", "N", "P", "Sm", "Sc"], exclude_characters="\ufff0\ufffd"))
def test_letters_digits_and_signs_of_all_scripts_are_printable(character: str) -> None:
    assert takes(Subject, character), unicodedata.name(character, hex(ord(character)))


@each_case("text", ["urn:registry:cn-sh", "https://a.example/b?c=d#e", "/a", "x", "urn:x%20y", "x" * 256])
def test_a_source_is_a_uri_reference(text: str) -> None:
    assert takes(Source, text)


@each_case("text", ["", " ", "urn:a b", "urn:质", 'urn:"', "urn:<a>", "urn:a\n", "x" * 257])
def test_nothing_else_is_a_source(text: str) -> None:
    assert not takes(Source, text)


@each_case(
    ("type_", "good", "bad"),
    [
        (Country, ["CN", "US"], ["cn", "CHN", "C", "", "CN-SH"]),
        (Office, ["EP", "WO"], ["ep", "EPO", ""]),
        (Region, ["CN", "CN-SH", "CN-31", "GB-ENG", "US-CA"], ["cn-sh", "CN-", "CN-SHAN", "CN_SH", "CN-SH-1", ""]),
        (Right, ["invention", "utility_model", "design", "plant"], ["mixed", "Invention", ""]),
        (IpcSymbol, ["G06N0003047500"], ["G06N 3/0475", "G06N", "Y02E0010500000", "g06n0003047500", ""]),
        (Text, ["x", "质" * 2000, "two\nlines"], ["", "x" * 2001]),
    ],
)
def test_codes(type_: Any, good: list[str], bad: list[str]) -> None:
    assert [takes(type_, text) for text in good] == [True] * len(good)
    assert [takes(type_, text) for text in bad] == [False] * len(bad)


def test_uuids_are_compared_without_case() -> None:
    assert id_key(UUID) == id_key(UUID.upper()) == bytes.fromhex(UUID.replace("-", ""))


@each_case("text", ["E1", UUID[:-1], UUID + "0", UUID.replace("-", ""), f"{{{UUID}}}", UUID[:-1] + "G", UUID + "\n"])
def test_other_ids_are_compared_as_they_are(text: str) -> None:
    assert id_key(text) == text
