"""Scores of a small market, computed patent by patent from what is known of each, in exact fractions.

Written from the formula of `patent_score`, not from its SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

WHOLE = (Fraction(0), Fraction(1))
Interval = tuple[Fraction, Fraction]
OURS = {
    "remaining_term": 5,
    "claims": 5,
    "survived": 5,
    "scope": 3,
    "backward_cites": 3,
    "forward_cites": 3,
    "family_offices": 3,
    "grant_lag": 3,
    "generality": 0,
    "renewals": 5,
    "priced_deals": 5,
    "award": 5,
}


class Known(NamedTuple):
    """The known facts of a patent granted in China. Days are ISO dates; None is unknown."""

    name: str
    granted_on: str
    filed_on: str | None = None
    ipc: tuple[str, ...] = ()
    claims: int | None = None
    cites: tuple[str, ...] | None = None
    family: str | None = None
    abroad: int = 0
    """Offices with publications of its family."""
    expires_on: str | None = None
    fees: int = 0
    survived: int = 0
    deals: int = 0
    award: bool = False
    ceased: bool = False
    pledges: int = 0

    @property
    def cohort(self) -> tuple[str, str] | None:
        """Industry, by the first letter of its IPC symbol here, and filing year."""
        return (self.ipc[0][0], self.filed_on[:4]) if self.ipc and self.filed_on else None


def terms_of(one: Known, market: Sequence[Known], today: str) -> dict[str, Interval]:
    """Return the interval of each term."""
    return {
        "remaining_term": _life(one, today),
        **{term: _ranked(term, one, market, today) for term in RANKED},
        "survived": (Fraction(one.survived, one.survived + 1), Fraction(1)),
        "generality": WHOLE,
        "renewals": (Fraction(min(one.fees, 20), 20), Fraction(1)),
        "priced_deals": (Fraction(one.deals, one.deals + 1), Fraction(1)),
        "award": (Fraction(one.award), Fraction(1)),
    }


def score_of(one: Known, market: Sequence[Known], today: str, weights: dict[str, int]) -> tuple[int, int]:
    """Return both ends of the score in millionths: terms rounded outwards, then their mean."""
    millionths = {
        term: (floor(low * 10**6), ceil(high * 10**6)) for term, (low, high) in terms_of(one, market, today).items()
    }
    total = sum(weights.values())
    low, high = (sum(weight * millionths[term][end] for term, weight in weights.items()) for end in (0, 1))
    return low // total, -(-high // total)


RANKED = ("claims", "scope", "backward_cites", "forward_cites", "family_offices", "grant_lag")


def value_of(term: str, one: Known, market: Sequence[Known], today: str) -> int | None:
    """Return the value that is ranked; None if it is unknown."""
    if term == "claims":
        return one.claims
    if term == "scope":
        return len({symbol[:4] for symbol in one.ipc}) or None
    if term == "backward_cites":
        return None if one.cites is None else len(set(one.cites))
    if term == "family_offices":
        if one.family is None:
            return None
        return 1 + max(other.abroad for other in market if other.family == one.family)
    if term == "grant_lag":
        known = one.filed_on is not None and one.filed_on <= one.granted_on
        return _days(one.granted_on) - _days(one.filed_on or "") if known else None
    return _cited(one, market) if _later(one.granted_on, 5) < today else None


def _cited(one: Known, market: Sequence[Known]) -> int:
    return sum(
        one.name in set(other.cites or ()) and other.name != one.name and other.granted_on <= _later(one.granted_on, 5)
        and (other.cohort is None or other.cohort != one.cohort)
        for other in market
    )  # fmt: skip


def _ranked(term: str, one: Known, market: Sequence[Known], today: str) -> Interval:
    value = value_of(term, one, market, today)
    if value is None or one.cohort is None:
        return WHOLE
    sign = -1 if term == "grant_lag" else 1
    found = [value_of(term, other, market, today) for other in market if other.cohort == one.cohort]
    values = [sign * each for each in found if each is not None]
    worse, equal = (sum(each < sign * value for each in values), values.count(sign * value))
    return Fraction(worse, len(values)), Fraction(worse + equal, len(values))


def _life(one: Known, today: str) -> Interval:
    if one.filed_on is None:
        return WHOLE
    begins, ends = _days(one.filed_on), _days(_last_day(one))
    left = Fraction(min(ends - _days(today), ends - begins), ends - begins)
    return left, left


def _last_day(one: Known) -> str:
    """Return the first day after the term."""
    assert one.filed_on is not None
    return one.expires_on or _later(one.filed_on, 20)


def _later(day: str, years: int) -> str:
    return f"{int(day[:4]) + years}{day[4:]}"


def _days(day: str) -> int:
    """Count days by months of 30."""
    year, month, of_month = map(int, day.split("-"))
    return 360 * year + 30 * month + of_month
