"""The term of a patent by law: each rule with the dates of its statute, and days against SQLite's own arithmetic."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ledger.posting.cells import RIGHTS
from ledger.posting.term import ANYWHERE_ELSE, TERMS, next_day, term_end
from tests.each_case import each_case

INVENTION, MODEL, DESIGN, PLANT, MARK = (
    RIGHTS[right] for right in ("invention", "utility_model", "design", "plant", "trademark")
)
GRANTED = 20230502


@each_case(
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
        # JP models filed before 2005-04-01: 6 years; before 1994: 10 from publication, 15 from filing at most.
        ("JP", MODEL, 20050401, 20060101, 20150402),
        ("JP", MODEL, 20050331, 20060101, 20110401),
        ("JP", MODEL, 19940101, 19950101, 20000102),
        ("JP", MODEL, 19931231, 19971001, 20071002),
        ("JP", MODEL, 19900401, 19980401, 20050402),
        ("KR", MODEL, 20100630, 20110101, 20200701),
        ("KR", MODEL, 19990630, 20010101, 20140701),
        # Taiwan, where the filing date is the first day too (Patent Act Art. 20).
        ("TW", INVENTION, 20100630, 20120101, 20300630),
        ("TW", MODEL, 20100630, 20110101, 20200630),
        ("TW", MODEL, 20030630, 20040630, 20150630),
        ("TW", MODEL, 20030630, 20040701, 20130630),
        ("TW", DESIGN, 20071101, 20090101, 20191101),
        ("TW", DESIGN, 20071102, 20090101, 20221102),
        ("GB", INVENTION, 20000315, 20020101, 20200315),
        ("DE", MODEL, 20100615, 20110101, 20200701),
        ("DE", MODEL, 20101231, 20110301, 20210101),
        ("AT", MODEL, 20100630, 20110101, None),
        # Designs of JP and KR: from registration, of later applications from filing.
        ("JP", DESIGN, 20070331, 20080601, 20230602),
        ("JP", DESIGN, 20070401, 20080601, 20280602),
        ("JP", DESIGN, 20200401, 20210601, 20450402),
        ("KR", DESIGN, 20140630, 20150601, 20300602),
        ("KR", DESIGN, 20140701, 20150601, 20340702),
        # China before 1993: 15, and 5 with 3 more; inventions in force on 2001-12-11 got 20.
        ("CN", INVENTION, 19861211, 19890101, 20011211),
        ("CN", INVENTION, 19861212, 19890101, 20061212),
        ("CN", MODEL, 19921231, 19930901, 20001231),
        ("CN", DESIGN, 19930101, 19930901, 20030101),
        ("EP", PLANT, 20100630, 20110101, None),
        ("EP", None, 20100630, 20110101, None),
        ("CN", MARK, 20100630, 20110101, None),
    ],
)
def test_a_term_ends_by_the_law_of_its_office(
    office: str | None, right: int | None, filed_on: int | None, granted_on: int, end: int | None
) -> None:
    assert term_end(office, right, filed_on, granted_on) == end


@each_case(
    ("right", "filed_on", "granted_on", "grant", "end"),
    [
        # 20 years from the earliest application whose benefit is claimed (35 U.S.C. 154(a)(2)).
        (INVENTION, 20030725, 20050222, {"earliest_filed_on": 20010917}, 20210918),
        (INVENTION, 20030725, 20050222, {"earliest_filed_on": 20040101}, 20230726),
        (INVENTION, None, 20050222, {"earliest_filed_on": 20010917}, 20210918),
        # Filed before 1995-06-08: 17 from grant if that is later, whatever the parent's date.
        (INVENTION, 19950607, 19990101, {"earliest_filed_on": 19900102}, 20160102),
        (INVENTION, 19950608, 19990101, {"earliest_filed_on": 19900102}, 20100103),
        (PLANT, 20000301, GRANTED, {"earliest_filed_on": 19990301}, 20190302),
        # Adjustment (154(b)) and disclaimer (253).
        (INVENTION, 20150310, 20180619, {"term_adjustment_days": 287}, 20351223),
        (INVENTION, 20150310, 20180619, {"term_adjustment_days": 0, "terminal_disclaimer": True}, 20350311),
        (INVENTION, 20150310, 20180619, {"term_adjustment_days": 287, "disclaimed_after": 20330131}, 20330201),
        (INVENTION, 20150310, 20180619, {"disclaimed_after": 20400131}, 20350311),
        (INVENTION, None, 20180619, {"disclaimed_after": 20400131}, 20400201),
        # A reissue has the rest of the original's term (251).
        (INVENTION, 20180411, 20221025, {"reissue_of": {"filed_on": 20030417, "granted_on": 20080325}}, 20230418),
        (INVENTION, 20000411, 20021025, {"reissue_of": {"filed_on": 19940417, "granted_on": 19980325}}, 20150326),
        (INVENTION, 20000411, 20021025, {"reissue_of": {"filed_on": 19940417}}, 20140418),
        (DESIGN, 20180411, 20221025, {"reissue_of": {"filed_on": 20140411, "granted_on": 20160405}}, 20300406),
        (DESIGN, 20180411, 20221025, {"reissue_of": {"filed_on": 20140411}}, None),
        # Designs as printed: until 1982 3 1/2, 7 or 14 years.
        (DESIGN, 19770101, 19790831, {"term_months": 42}, 19830302),
        (DESIGN, 19770101, 19790131, {"term_months": 84}, 19860201),
        (DESIGN, None, 20160405, {"term_months": 180}, 20310406),
        (MODEL, 20200101, GRANTED, {"earliest_filed_on": 20190101}, None),
    ],
)
def test_a_us_term_depends_on_what_the_grant_prints(
    right: int, filed_on: int | None, granted_on: int, grant: dict[str, Any], end: int | None
) -> None:
    assert term_end("US", right, filed_on, granted_on, grant) == end


def test_the_page_on_terms_shows_every_rule_with_a_right_example() -> None:
    page = (Path(__file__).parents[4] / "docs" / "terms.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.count("|") == 10
    ]
    shown: dict[tuple[str, int], list[str]] = {}
    for office, right, _, _, _, filed_on, granted_on, last, law in rows[2:]:
        number = RIGHTS[right.replace(" ", "_")]
        filed, granted = (int(day.replace("-", "")) for day in (filed_on, granted_on))
        end = term_end("EP" if office == "others" else office, number, filed, granted)
        assert end == next_day(int(last.replace("-", ""))), (office, right, filed_on)
        shown.setdefault((office, number), []).append(law)
    rules = {key: [rule.law for rule in terms.rules] for key, terms in TERMS.items()}
    assert shown == rules | {("others", INVENTION): [rule.law for rule in ANYWHERE_ELSE.rules]}


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
    for office, right, years in (("GB", INVENTION, 20), ("TW", DESIGN, 12 if day < 20071102 else 15)):
        assert term_end(office, right, day, day) == asked(DAY_LATER, day, f"+{years} years")


def test_a_term_from_29_february() -> None:
    assert term_end("CN", INVENTION, 20040229, GRANTED) == 20240229
    assert term_end("CN", MODEL, 20040229, GRANTED) == 20140301
    assert term_end("CN", INVENTION, 20800229, GRANTED) == 21000301
    assert term_end("EP", INVENTION, 20040229, GRANTED) == 20240301
    assert term_end("KR", MODEL, 20040229, GRANTED) == 20140302
