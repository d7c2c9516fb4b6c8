"""Timestamps of records: any 64-bit number."""

from __future__ import annotations

from streams.moment import moment
from tests.each_case import each_case


@each_case(
    ("milliseconds", "text"),
    [
        (0, "1970-01-01T00:00:00+00:00"),
        (1_700_000_000_123, "2023-11-14T22:13:20.123000+00:00"),
        (-1, "1969-12-31T23:59:59.999000+00:00"),
        (-62_135_596_800_000, "0001-01-01T00:00:00+00:00"),
        (-62_135_596_800_001, "0001-01-01T00:00:00+00:00"),
        (-(2**62), "0001-01-01T00:00:00+00:00"),
        (-(2**63), "0001-01-01T00:00:00+00:00"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999000+00:00"),
        (253_402_300_800_000, "9999-12-31T23:59:59.999000+00:00"),
        (2**63 - 1, "9999-12-31T23:59:59.999000+00:00"),
        (2**64, "9999-12-31T23:59:59.999000+00:00"),
    ],
)
def test_every_number_has_a_time(milliseconds: int, text: str) -> None:
    assert moment(milliseconds).isoformat() == text
