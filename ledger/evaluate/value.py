"""The answer of a rule: a value with its evidence, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from schemas.money import LARGEST_MINOR


class RecordPlace(NamedTuple):
    """The place of a record in the log."""

    topic: int
    partition: int
    offset: int


class Coverage(NamedTuple):
    """The promised share of prices within the interval, as a fraction."""

    numerator: int
    denominator: int


class Item(NamedTuple):
    """A piece of evidence: a record, the asset that it is about, and the amount that was taken from it in minor
    units."""

    place: RecordPlace
    asset: str
    minor: int | None = None


class Value(NamedTuple):
    """An interval in minor units, its middle, and the evidence. Without a coverage it is a judgement or a sum, not a
    frequency. With `floor` the value is at least `low`, and there is no upper end."""

    low: int
    mid: int
    high: int | None
    coverage: Coverage | None
    evidence: tuple[Item, ...]
    floor: bool = False


class NoValue(NamedTuple):
    """A refusal: a reason, the evidence, its amount, and the amount that is needed. `asset` is
    that of a portfolio which has no value, `detail` what a model did."""

    reason: str
    had: int
    needed: int
    evidence: tuple[Item, ...] = ()
    asset: str | None = None
    detail: str | None = None


def total(values: Sequence[tuple[str, Value | NoValue]]) -> Value | NoValue:
    """Return the value of a portfolio from those of its assets: single sums of the ends, without a coverage.

    The interval of a sum is narrower than the sums of the ends if the assets are independent, and nobody knows whether
    they are. An asset without a value refuses the whole. So does a sum that no event can hold.
    """
    evidence: tuple[Item, ...] = ()
    low = mid = high = 0
    floor = False
    for asset, value in values:
        if isinstance(value, NoValue):
            return value._replace(asset=asset)
        evidence += value.evidence
        low, mid, high = low + value.low, mid + value.mid, high + (value.high or 0)
        floor = floor or value.floor
    return in_range(Value(low, mid, None if floor else high, None, evidence, floor))


def in_range(value: Value) -> Value | NoValue:
    """Return the value, or a refusal if it is larger than an amount may be."""
    if max(value.mid, value.high or 0) > LARGEST_MINOR:
        return NoValue("out_of_range", 0, 0, tuple(item._replace(minor=None) for item in value.evidence))
    return value
