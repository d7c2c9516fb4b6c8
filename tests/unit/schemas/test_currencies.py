from datetime import date

from babel.core import get_global

from schemas.currencies import CURRENCIES

OLDEST = date(1985, 1, 1)
EARLIER_BY_LAW = {
    "AOA": "1999-12-01",
    "CDF": "1998-06-30",
    "EEK": "1992-06-20",
    "GHS": "2007-07-01",
    "LVL": "1993-03-05",
    "MKD": "1992-04-26",
    "RUB": "1998-01-01",
    "SIT": "1991-10-08",
    "SLE": "2022-04-01",
    "ZWG": "2024-04-05",
}
"""The law, or ISO, made the currency before CLDR's day, which is often that of the first notes."""
NOT_DATED = {"VED": "2021-10-01", "ZWN": "2006-08-01"}
"""CLDR has no day for them."""


def days_of_cldr() -> dict[str, date]:
    """Return the first day of each currency in any territory, without the currencies that are older in one."""
    days: dict[str, list[date]] = {}
    for entries in get_global("territory_currencies").values():
        for code, first, *_ in entries:
            days.setdefault(code, []).append(date(*first) if first else date.min)
    return {code: min(each) for code, each in days.items() if min(each) >= OLDEST}


def test_first_days_are_those_of_the_unicode_cldr_unless_the_law_is_earlier() -> None:
    cldr = days_of_cldr()
    ours = {code: currency.first_day for code, currency in CURRENCIES.items() if currency.first_day != date.min}
    known = {code: day for code, day in cldr.items() if code in CURRENCIES}
    others = {code: date.fromisoformat(day) for code, day in (EARLIER_BY_LAW | NOT_DATED).items()}
    assert ours == known | others
    assert all(others[code] < cldr[code] for code in EARLIER_BY_LAW)
