"""Events that sum to the official figures of Shanghai. All of them are constructed: no such patent, pledge, valuation
or application exists. What is real is what they add up to (see README.md in this directory).

    python examples/shanghai/make_events.py > events.ndjson
"""

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from typing import NamedTuple

SOURCE = "urn:example:constructed:shanghai"
SYMBOLS = (
    "A61K0039395000",
    "H01L0021020000",
    "G06N0020000000",
    "H04L0009400000",
    "B25J0009160000",
    "H01M0010052500",
)
"""One each of biopharmaceuticals, integrated circuits, AI, information technology, machines, new energy."""


class Grants(NamedTuple):
    """A number of inventions granted evenly over a period, and how many of them in a strategic emerging industry."""

    first: str
    last: str
    patents: int
    emerging: int


GRANTS = (
    Grants("2000-01-04", "2013-10-31", 47_292, 47_292),  # the stock of October 2013
    # Until the end of 2014 all are `sei`: more than ten years old they will be of high value anyway.
    Grants("2013-11-01", "2013-12-31", 1_031, 1_031),  # in force 48,323
    Grants("2014-01-01", "2014-12-31", 13_969, 13_969),
    Grants("2015-01-01", "2018-12-31", 52_671, 0),
    Grants("2019-01-01", "2019-12-31", 22_700, 0),
    Grants("2020-01-01", "2020-12-31", 2_487, 0),
    Grants("2021-01-01", "2021-12-31", 32_863, 22_797),
    Grants("2022-01-01", "2022-12-31", 36_800, 16_711),  # in force 201,920, of them 101,800 of high value
    Grants("2023-01-01", "2023-10-31", 37_600, 22_490),
    Grants("2023-11-01", "2023-12-31", 1_840, 0),  # in force 241,360, of them 124,290 of high value
    Grants("2024-01-01", "2024-10-31", 43_400, 15_007),  # 139,297 of high value at the end of November
    Grants("2024-12-01", "2024-12-31", 4_726, 4_726),  # 144,023 at the end of the year
)
CEASED = 7_893
"""Patents of 2015 and later that ceased in 2019: 22,700 were granted, and the stock grew by less."""

PLEDGES = {
    2013: (51, 1_020_000_000),  # how many there were was not printed
    2019: (113, 2_686_000_000),
    2021: (190, 7_634_000_000),
    2022: (519, 12_153_000_000),
    2023: (1_370, 22_760_000_000),
    2024: (2_223, 32_000_000_000),
}
"""Year -> registrations, yuan."""

VALUATIONS = (200, 10_004_000_000)
"""Of 2024 up to 4 December, for pledge financing: how many, yuan. Printed: more than 10 billion."""

PCT = {2012: 1_024, 2013: 886, 2019: 3_200, 2021: 4_830, 2022: 5_591, 2023: 6_185, 2024: 6_822}
"""Year -> international applications."""


def events() -> Iterator[str]:
    """Yield all events, as lines of JSON without line ends."""
    yield from _patents()
    yield from _pledges()
    yield from _valuations()
    yield from _applications()


def _patents() -> Iterator[str]:
    number = ceasing = 0
    for grants in GRANTS:
        for place, day in enumerate(_days(grants.first, grants.last, grants.patents)):
            emerging = (place + 1) * grants.emerging // grants.patents > place * grants.emerging // grants.patents
            tags = ',"tags":["sei"]' if emerging else ""
            yield _event(
                "patent.granted",
                _patent(number),
                f'"occurred_on":"{day}","region":"CN-SH","office":"CN","number":"{_number(number)}","kind":"B",'
                f'"right":"invention","title":"Constructed invention","ipc":["{SYMBOLS[number % 6]}"],'
                f'"applicants":[{{"name":"Constructed applicant"}}]{tags}',
            )
            if grants.first == "2015-01-01" and ceasing < CEASED:
                ceasing += 1
                data = f'"occurred_on":"{_day("2019-01-01", ceasing % 365)}","reason":"fee"'
                yield _event("patent.ceased", _patent(number), data)
            number += 1


def _pledges() -> Iterator[str]:
    number = 0
    for year, (count, yuan) in PLEDGES.items():
        days = _days(f"{year}-01-01", f"{year}-12-31", count)
        for day, amount in zip(days, _amounts(count, yuan), strict=True):
            number += 1
            yield _event(
                "pledge.registered",
                f"constructed-pledge-{number}",
                f'"occurred_on":"{day}","region":"CN-SH","registration_no":"CONSTRUCTED-{number:05}",'
                '"pledgors":[{"name":"Constructed pledgor"}],"pledgees":[{"name":"Constructed bank"}],'
                # of the oldest patents, which are of high value without it
                f'"assets":[{{"id":"{_patent(number)}","right":"invention","ipc":["{SYMBOLS[number % 6]}"]}}],'
                f'"secured":{{"amount":"{amount}","currency":"CNY"}},"amount_status":"registered"',
            )


def _valuations() -> Iterator[str]:
    count, yuan = VALUATIONS
    days = _days("2024-01-02", "2024-12-04", count)
    for number, (day, amount) in enumerate(zip(days, _amounts(count, yuan), strict=True)):
        yield _event(
            "valuation.completed",
            _patent(number),
            f'"occurred_on":"{day}","region":"CN-SH","valuation_id":"CONSTRUCTED-{number:05}","as_of":"{day}",'
            f'"purpose":"pledge_financing","method":"market","mid":{{"amount":"{amount}","currency":"CNY"}},'
            f'"right":"invention","ipc":["{SYMBOLS[number % 6]}"],"platform":"Constructed platform"',
        )


def _applications() -> Iterator[str]:
    for year, count in PCT.items():
        for place, day in enumerate(_days(f"{year}-01-01", f"{year}-12-31", count)):
            number = f"PCT/CN{year}/{900_001 + place}"  # no year came so far
            yield _event(
                "pct.filed",
                number,
                f'"occurred_on":"{day}","region":"CN-SH","number":"{number}","receiving_office":"CN",'
                '"applicants":[{"name":"Constructed applicant"}]',
            )


def _event(stem: str, subject: str, data: str) -> str:
    """Return one event; a subject has one of each type, so the type's last word is enough for an id."""
    return (
        f'{{"specversion":"1.0","id":"{stem}","source":"{SOURCE}","type":"ip.{stem}.v1","subject":"{subject}",'
        f'"time":"2025-05-01T00:00:00Z","data":{{{data}}}}}'
    )


def _patent(number: int) -> str:
    return f"CN{_number(number)}B"


def _number(number: int) -> int:
    """Return ten digits: real numbers have nine."""
    return 1_990_000_000 + number


def _days(first: str, last: str, count: int) -> Iterator[str]:
    """Return days spread evenly from the first to the last."""
    span = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    days = [_day(first, after) for after in range(span)]
    return (days[place * span // count] for place in range(count))


def _day(first: str, after: int) -> str:
    return (date.fromisoformat(first) + timedelta(after)).isoformat()


def _amounts(count: int, yuan: int) -> Iterator[int]:
    """Return amounts in whole 10,000 yuan, from small to nine times as much, that sum to `yuan` exactly."""
    weights = [place % 9 + 1 for place in range(count)]
    whole, spent = sum(weights), 0
    for so_far in accumulate(weights):
        amount = yuan * so_far // whole // 10_000 * 10_000 - spent
        spent += amount
        yield amount


if __name__ == "__main__":
    try:
        sys.stdout.writelines(f"{event}\n" for event in events())
    except BrokenPipeError:
        sys.exit(1)
