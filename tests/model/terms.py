"""The words of the model: a log, what was said, cells, figures; and how amounts and industries are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from schemas.industry import industry_of

BASES = ("recorded", "corrected")
DECIMALS = {"CNY": 2, "USD": 2, "EUR": 2, "JPY": 0, "KWD": 3}
"""Of ISO 4217, for the currencies that tests use."""

TopicPartition = tuple[str, int]
"""(topic, partition)"""
Amount = tuple[int, str] | None
"""(minor units, currency); None where it was not said."""


class Stretch(NamedTuple):
    """What the log holds of one partition in [first, end): (offset, key, value) in order; offsets may be missing."""

    first: int
    end: int
    records: Sequence[tuple[int, bytes | None, bytes | None]]


Log = Mapping[TopicPartition, Stretch]


class Cell(NamedTuple):
    """Where a line stands. `date` is YYYY-MM-DD."""

    kind: str
    date: str
    region: str | None
    right: str | None
    industry: str
    currency: str | None


class Figures(NamedTuple):
    """What stands in a cell; `amount` is 0 where the currency is None."""

    events: int = 0
    with_amount: int = 0
    amount: int = 0

    def __sub__(self, other: Figures) -> Figures:
        return Figures(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))

    def plus(self, other: Figures) -> Figures:
        """The sum, field by field."""
        return Figures(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


Contribution = dict[Cell, Figures]


class Said(NamedTuple):
    """An accepted event. `type` is that of the original without `ip.` and version, `follow_up` is empty, `corrected`
    or `voided`."""

    offset: int
    type: str
    follow_up: str
    subject: str
    source: str
    id: str
    data: dict[str, Any]


class Told(NamedTuple):
    """An entity on one basis: the statements that have effect, in log order, and why the others have none."""

    effective: list[Said]
    without_effect: dict[int, str]

    def of(self, *types: str) -> list[Said]:
        """The statements of these types."""
        return [said for said in self.effective if said.type in types]


def amount_of(money: dict[str, str] | None) -> Amount:
    """Money as it stands on the wire, in minor units."""
    if money is None:
        return None
    minor = Fraction(money["amount"]) * 10 ** DECIMALS[money["currency"]]
    assert minor.denominator == 1
    return minor.numerator, money["currency"]


def names(parties: Sequence[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """Parties as they are kept: without what is null."""
    if parties is None:
        return None
    return [{key: value for key, value in party.items() if value is not None} for party in parties]


def industry(thing: dict[str, Any]) -> str:
    """That of the first symbol."""
    symbols = thing.get("ipc")
    return industry_of(symbols[0]) if symbols else "UNK"


def shares(assets: Sequence[dict[str, Any]], amount: int) -> dict[str, int]:
    """The whole under ALL, and the share of each industry that an asset has."""
    appraised = [amount_of(asset.get("appraised")) for asset in assets]
    said = [money for money in appraised if money is not None]
    weights = [1] * len(assets)
    if len(said) == len(assets) and len({currency for _, currency in said}) == 1 and any(m for m, _ in said):
        weights = [minor for minor, _ in said]
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(assets)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    sums: dict[str, int] = defaultdict(int, {"ALL": amount})
    for asset, share in zip(assets, parts, strict=True):
        sums[industry(asset)] += share
    return sums
