from datetime import date

import pytest

from streams.sources.results import Unreadable
from streams.sources.statistics.periods import Period, period_of
from tests.each_case import each_case

READ = """
2023                        2023-01-01 2023-12-31
calendar year 2023          2023-01-01 2023-12-31
CY2023                      2023-01-01 2023-12-31
2023年度                    2023-01-01 2023-12-31
二〇二三年                  2023-01-01 2023-12-31
2023 年 上半年              2023-01-01 2023-06-30
1H24                        2024-01-01 2024-06-30
H2 2023 - H1 2024           2023-07-01 2024-06-30
third-quarter 2024          2024-07-01 2024-09-30
3Q24                        2024-07-01 2024-09-30
2024年Q3                    2024-07-01 2024-09-30
2024年第三季                2024-07-01 2024-09-30
Q1–Q3 2024                  2024-01-01 2024-09-30
Q1-3 2024                   2024-01-01 2024-09-30
2024年前三个季度            2024-01-01 2024-09-30
2024年前十个月              2024-01-01 2024-10-31
2024年1—10月份              2024-01-01 2024-10-31
2024年1月1日至10月31日      2024-01-01 2024-10-31
first ten months of 2024    2024-01-01 2024-10-31
from January through Oct. 2024  2024-01-01 2024-10-31
between January and October 2024  2024-01-01 2024-10-31
July 2023 to June 2024      2023-07-01 2024-06-30
2023年四季度至2024年一季度  2023-10-01 2024-03-31
2014/2023                   2014-01-01 2023-12-31
since 2018 to 2023          2018-01-01 2023-12-31
“十三五”期间                2016-01-01 2020-12-31
Oct. 31st, 2024             2024-10-31 2024-10-31
""".strip().splitlines()

UNTIL = """
截止2024年6月底 · 截至2024年6月30日 · as of the end of June 2024 · end-June 2024 · by June 30, 2024 · 到2024年6月末
截至2023年年底 · year-end 2023 · by the end of 2023 · end-2023 · 2023年末
""".strip().splitlines()


@each_case("line", READ)
def test_a_period_is_read_in_the_words_of_releases(line: str) -> None:
    *printed, first, last = line.split()
    assert period_of(" ".join(printed)) == Period(date.fromisoformat(first), date.fromisoformat(last))


@each_case(("line", "last"), [*zip(UNTIL, (date(2024, 6, 30), date(2023, 12, 31)), strict=True)])
def test_the_end_of_a_period_alone_is_no_first_day(line: str, last: date) -> None:
    periods = [period_of(printed) for printed in line.split(" · ")]
    assert [(period.last, period.until) for period in periods] == [(last, True)] * len(periods)


@each_case(
    ("printed", "reason"),
    [
        ("FY 2023", "fiscal"),
        ("2023/24", "fiscal"),
        ("2022-23", "fiscal"),
        ("2018年以来", "no first or no last day"),
        ("since 2018", "no first or no last day"),
        ("2024 YTD", "no first or no last day"),
        ("2023年至今", "no first or no last day"),
        ("before 2023", "no first or no last day"),
        ("Q3", "names no year"),
        ("前三季度", "names no year"),
        ("去年", "names no year"),
        ("2023年13月", "must be from 1 to 12"),
        ("2023年2月29日", "in the calendar"),
        ("mayhem 2024", "it must be like"),
        ("2023-", "it must be like"),
        ("October to January 2024", "the earlier part must be first"),
        ("2023-Q4 to 2024-H1", "it must be like"),
    ],
)
def test_what_does_not_give_both_days_is_refused_by_name(printed: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        period_of(printed)
