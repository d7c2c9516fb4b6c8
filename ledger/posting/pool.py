"""A pool of assets: which industries it touches, and how an amount is shared out over them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from ledger.posting.allocation import allocate
from ledger.posting.cells import ALL, MIXED, NO_CURRENCY, NO_REGION, UNKNOWN, Lines
from ledger.posting.facts import Facts
from ledger.posting.rows import END


class Amount(NamedTuple):
    """An amount of money at a moment of the fold; NO_CURRENCY where it is not known."""

    currency: int
    minor: int


UNKNOWN_AMOUNT = Amount(NO_CURRENCY, 0)


class Pool:
    """The assets that an event names. `rights` is industry -> right of its assets there, and ALL -> of all of them."""

    def __init__(self, region: str, assets: Sequence[Facts]) -> None:
        self.region, self.assets = region, assets
        self.rights: dict[int, int] = {}
        rights = self.rights
        for asset in assets:
            right = asset["right"]
            for line in (ALL, asset["industry"]):
                if rights.setdefault(line, right) != right:
                    rights[line] = MIXED

    def changed(self, released: Collection[str], added: Sequence[Facts]) -> Pool:
        """The pool without the assets released, and then with those added that are not in it; this pool itself if that
        is none at all. Its lines go on under the rights that they had."""
        kept = [asset for asset in self.assets if asset["id"] not in released]
        ids = {asset["id"] for asset in kept}
        new: dict[str, Facts] = {}
        for asset in added:
            if asset["id"] not in ids:
                new.setdefault(asset["id"], asset)
        if len(kept) == len(self.assets) and not new:
            return self
        pool = Pool(self.region, [*kept, *new.values()])
        pool.rights = {industry: self.rights.get(industry, right) for industry, right in pool.rights.items()}
        return pool

    def shares(self, amount: int) -> dict[int, int]:
        """Industry -> its part of the amount; ALL -> the whole. Minor units."""
        if len(self.rights) == 2 or not amount:  # one industry has it all
            return dict.fromkeys(self.rights, amount)
        shares = dict.fromkeys(self.rights, 0)
        shares[ALL] = amount
        parts = allocate(amount, weights(self.assets))
        for asset, part in zip(self.assets, parts, strict=True):
            shares[asset["industry"]] += part
        return shares

    def lines(self, kind: int, date: int, amount: Amount) -> Lines:
        """One event in each cell that the pool touches, with its share of the amount."""
        currency, minor = amount
        known, region = int(currency != NO_CURRENCY), self.region
        shares = self.shares(minor)
        return {
            (kind, date, region, right, industry, currency): (1, known, shares[industry])
            for industry, right in self.rights.items()
        }


def weights(assets: Sequence[Facts]) -> list[int]:
    """By appraised value where all assets have one, in one currency, and the sum is not 0; else equal."""
    appraised = [asset.get("appraised") for asset in assets]
    if None not in appraised and len({money[0] for money in appraised}) == 1:
        values = [money[1] for money in appraised]
        if any(values):
            return values
    return [1] * len(assets)


def single(kind: int, facts: Facts, right: int, amount: Amount = UNKNOWN_AMOUNT) -> Lines:
    """One event of one right: its line with industry ALL and the one with its industry."""
    date, region, industry = facts["occurred_on"], facts.get("region", NO_REGION), facts.get("industry", UNKNOWN)
    currency, minor = amount
    amounts = (1, int(currency != NO_CURRENCY), minor)
    return {
        (kind, date, region, right, ALL, currency): amounts,
        (kind, date, region, right, industry, currency): amounts,
    }


def in_force(kind: int, since: int, until: int, region: str, right: int, industry: int) -> Lines:
    """Return one entity of one right in force between two days, as differences by date; END is no difference."""
    lines: Lines = {}
    for day, amounts in ((since, (1, 0, 0)), (until, (-1, 0, 0))):
        if day != END:
            lines[kind, day, region, right, ALL, NO_CURRENCY] = amounts
            lines[kind, day, region, right, industry, NO_CURRENCY] = amounts
    return lines
