"""The term of a patent by law: each rule with the dates of its statute, and days against SQLite's own arithmetic."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.posting.cells import RIGHTS
from ledger.posting.term import next_day, term_end

INVENTION, MODEL, DESIGN, PLANT, MARK = (
    RIGHTS[right] for right in ("invention", "utility_model", "design", "plant", "trademark")
)
GRANTED = 20230502


@pytest.mark.parametrize(
    ("office", "right", "filed_on", "granted_on", "end"),
    [
        # China: the filing date is the first day of the term (Patent Law Art. 42; Guidelines V.9 2.1: filed on
        # 1999-09-06, a utility model expires on 2009-09-05 at the latest).
        ("CN", MODEL, 19990906, 20000801, 20090906),
        ("CN", INVENTION, 19990906, 20030801, 20190906),
        ("CN", DESIGN, 20210531, 20220101, 20310531),
        ("CN", DESIGN, 20210601, 20220101, 20360601),
        ("CN", INVENTION, None, GRANTED, None),
        ("CN", PLANT, 20200101, GRANTED, None),
        # US: 20 years from filing; before 1995-06-08 the longer of that and 17 from grant.
        ("US", INVENTION, 19950608, 19990101, 20150609),
        ("US", INVENTION, 19950607, 19960101, 20150608),
        ("US", INVENTION, 19950607, 19990101, 20160102),
        ("US", PLANT, 20000301, GRANTED, 20200302),
        ("US", INVENTION, 19700101, 19780607, 19950608),
        ("US", INVENTION, None, 19780607, 19950608),
        ("US", INVENTION, 19750608, 19780608, 19950609),
        ("US", INVENTION, None, 19780608, None),
        ("US", INVENTION, None, GRANTED, None),
        # US designs: 15 years from grant if filed from 2015-05-13 on, else 14.
        ("US", DESIGN, 20150513, 20170101, 20320102),
        ("US", DESIGN, 20150512, 20170101, 20310102),
        ("US", DESIGN, None, 20150512, 20290513),
        ("US", DESIGN, None, 20150513, None),
        ("US", MODEL, 20200101, GRANTED, None),
        # Elsewhere: inventions 20 years from the day after filing; some utility models 10.
        ("EP", INVENTION, 20000301, 20050101, 20200302),
        (None, INVENTION, 20000301, 20050101, 20200302),
        ("EP", INVENTION, None, 20050101, None),
        ("JP", MODEL, 20100630, 20110101, 20200701),
        ("KR", MODEL, 20100630, 20110101, 20200701),
        ("TW", MODEL, 20100630, 20110101, 20200701),
        ("DE", MODEL, 20100630, 20110101, None),
        ("JP", DESIGN, 20100630, 20110101, None),
        ("EP", PLANT, 20100630, 20110101, None),
        ("EP", None, 20100630, 20110101, None),
        ("CN", MARK, 20100630, 20110101, None),
    ],
)
def test_a_term_ends_by_the_law_of_its_office(
    office: str | None, right: int | None, filed_on: int | None, granted_on: int, end: int | None
) -> None:
    assert term_end(office, right, filed_on, granted_on) == end


def asked(question: str, day: int, modifier: str) -> int:
    """Return SQLite's answer as YYYYMMDD."""
    text = f"{day // 10000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"
    with sqlite3.connect(":memory:") as connection:
        (answer,) = connection.execute(question, (text, modifier)).fetchone()
    return int(answer)


DAY_LATER = "SELECT strftime('%Y%m%d', ?, ?)"
days = st.dates(date(1900, 1, 1), date(2199, 12, 30)).map(lambda day: int(day.strftime("%Y%m%d")))
leap_days = st.sampled_from([year * 10000 + 229 for year in range(1904, 2100, 4)])


@given(day=st.one_of(days, leap_days))
def test_the_next_day_agrees_with_the_calendar(day: int) -> None:
    assert next_day(day) == asked(DAY_LATER, day, "+1 day")


@given(day=st.one_of(days.filter(lambda day: day < 21790101), leap_days))
def test_added_years_agree_with_sqlite(day: int) -> None:
    """29 February becomes 1 March in a common year."""
    for right, years in ((INVENTION, 20), (MODEL, 10)):
        assert term_end("CN", right, day, day) == asked(DAY_LATER, day, f"+{years} years")


def test_a_term_from_29_february() -> None:
    assert term_end("CN", INVENTION, 20040229, GRANTED) == 20240229
    assert term_end("CN", MODEL, 20040229, GRANTED) == 20140301
    assert term_end("CN", INVENTION, 20800229, GRANTED) == 21000301
    assert term_end("EP", INVENTION, 20040229, GRANTED) == 20240301
    assert term_end("JP", MODEL, 20040229, GRANTED) == 20140302
