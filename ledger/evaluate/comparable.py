"""Comparables: priced deals of the log that may say something about the price of an asset."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ledger.evaluate.value import RecordPlace

YEARS = 3
"""The largest age of a comparable at the valuation, in years."""
_without_punctuation = re.compile(r"[ .,;:'\"()&/-]+").sub
_UNKNOWN = frozenset({""})
"""Deals without a named owner count as deals of one owner: they may all be of the same."""

EPC = frozenset((
    "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "EP", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE",
    "IS", "IT", "LI", "LT", "LU", "LV", "MC", "ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK",
    "SM", "TR",
))  # fmt: skip
"""States of the European Patent Convention: a European patent takes effect in them."""


class ValuationSubject(NamedTuple):
    """The asset to value. `owners` are the names or ids of its owners, `family` the id of its family; both may be
    unknown. `as_of` is YYYYMMDD, `currency` an ISO 4217 number."""

    asset: str
    office: str
    right: int
    currency: int
    as_of: int
    owners: frozenset[str] = frozenset()
    family: str | None = None


class PricedDeal(NamedTuple):
    """A priced deal: its day (YYYYMMDD), the price in minor units, its assets, and the owners who sold or licensed
    them; the office, right and family are those of its first asset."""

    place: RecordPlace
    day: int
    currency: int
    minor: int
    assets: tuple[str, ...]
    office: str
    right: int
    owners: frozenset[str] = frozenset()
    family: str | None = None


def comparables(subject: ValuationSubject, nearest: Iterable[PricedDeal]) -> list[PricedDeal]:
    """Return the deals that may be compared, in the given order, the nearest of each owner.

    A pool's price is not the price of one asset. The subject's own deals, those of its family and those of its owners
    are left out. An owner who sold many assets counts once, so that nobody makes a market alone.
    """
    seen: set[str] = set()
    found = []
    for deal in nearest:
        owners = _compared(deal.owners) or _UNKNOWN
        if _comparable(subject, deal) and not owners & seen:
            seen |= owners
            found.append(deal)
    return found


def office_group(office: str) -> str:
    """Return the offices whose rights are compared with each other: EP stands for the states of its convention."""
    return "EP" if office in EPC else office


def _comparable(subject: ValuationSubject, deal: PricedDeal) -> bool:
    return (
        len(deal.assets) == 1
        and subject.as_of - YEARS * 10_000 < deal.day <= subject.as_of
        and (deal.right, deal.currency) == (subject.right, subject.currency)
        and office_group(deal.office) == office_group(subject.office)
        and subject.asset not in deal.assets
        and (subject.family is None or deal.family != subject.family)
        and not _compared(deal.owners) & _compared(subject.owners)
    )


def _compared(owners: frozenset[str]) -> frozenset[str]:
    """Return names without punctuation: registers spell one firm `Example Inc.` and `Example, Inc`."""
    return frozenset(_without_punctuation("", owner) or owner for owner in owners)
