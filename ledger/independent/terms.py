"""The types of the model: log, accepted event, life, cell, figures; and how it reads amounts and industries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from schemas.currencies import CURRENCIES
from schemas.industry import industry_of
from schemas.modes import Headers

BASES = ("recorded", "corrected")

TopicPartition = tuple[str, int]
"""(topic, partition)"""
Amount = tuple[int, str] | None
"""(minor units, currency); None if the event has no amount."""


class PartitionLog(NamedTuple):
    """The records of one partition in [first, end), in order: (offset, key, value); offsets may be missing. `headers`
    and `timestamps` (milliseconds since 1970 UTC) are by offset; a record without headers is not named."""

    first: int
    end: int
    records: Sequence[tuple[int, bytes | None, bytes | None]]
    headers: Mapping[int, Headers] = {}
    timestamps: Mapping[int, int] = {}


Log = Mapping[TopicPartition, PartitionLog]


class Cell(NamedTuple):
    """The key of a total. `date` is YYYY-MM-DD."""

    kind: str
    date: str
    region: str | None
    right: str | None
    industry: str
    currency: str | None


class Figures(NamedTuple):
    """The measures of a cell; `amount` is 0 if the currency is None."""

    events: int = 0
    with_amount: int = 0
    amount: int = 0

    def __sub__(self, other: Figures) -> Figures:
        return Figures(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))

    def plus(self, other: Figures) -> Figures:
        """Return the sum, field by field."""
        return Figures(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


Contribution = dict[Cell, Figures]


class AcceptedEvent(NamedTuple):
    """An accepted event. `type` is the type of the original without `ip.` and version; `role` is empty,
    `corrected` or `voided`; `hash` is that of its bytes."""

    offset: int
    type: str
    role: str
    subject: str
    source: str
    id: str
    data: dict[str, Any]
    hash: bytes = b""


class Life(NamedTuple):
    """An entity on one basis: the statements that have effect, in log order, and the reason why each other has none."""

    effective: list[AcceptedEvent]
    without_effect: dict[int, str]

    def of(self, *types: str) -> list[AcceptedEvent]:
        """Return the statements of these types."""
        return [event for event in self.effective if event.type in types]


def amount_of(money: dict[str, str] | None) -> Amount:
    """Return money, given as on the wire, in minor units."""
    if money is None:
        return None
    return _minor_units(money["amount"], money["currency"]), money["currency"]


@cache
def _minor_units(amount: str, currency: str) -> int:
    minor: Fraction = Fraction(amount) * 10 ** CURRENCIES[currency].decimals
    assert minor.denominator == 1
    return minor.numerator


def names(parties: Sequence[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """Return parties as a book keeps them: without null fields."""
    if parties is None:
        return None
    return [{key: value for key, value in party.items() if value is not None} for party in parties]


def industry(data: dict[str, Any]) -> str:
    """Return the industry of the first IPC symbol."""
    symbols = data.get("ipc")
    return industry_of(symbols[0]) if symbols else "UNK"


def shares(assets: Sequence[dict[str, Any]], amount: int) -> dict[str, int]:
    """Return the whole amount under ALL, and the share of each industry in the pool."""
    appraised = [amount_of(asset.get("appraised")) for asset in assets]
    known = [money for money in appraised if money is not None]
    weights = [1] * len(assets)
    if len(known) == len(assets) and len({currency for _, currency in known}) == 1 and any(m for m, _ in known):
        weights = [minor for minor, _ in known]
    total = sum(weights)
    parts = [amount * weight // total for weight in weights]
    by_remainder = sorted(range(len(assets)), key=lambda i: (-(amount * weights[i] % total), i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    sums: dict[str, int] = defaultdict(int, {"ALL": amount})
    for asset, share in zip(assets, parts, strict=True):
        sums[industry(asset)] += share
    return sums
