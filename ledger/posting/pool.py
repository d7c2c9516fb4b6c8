"""A pool of assets: its industries, and their shares of an amount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from ledger.posting.allocation import allocate
from ledger.posting.cells import ALL_INDUSTRIES, MIXED, NO_CURRENCY, NO_REGION, UNKNOWN, Lines
from ledger.posting.rows import END

if TYPE_CHECKING:  # the models of events, which a reader does not need
    from ledger.posting.facts import Facts


class Amount(NamedTuple):
    """An amount of money; NO_CURRENCY if it is unknown."""

    currency: int
    minor: int


UNKNOWN_AMOUNT = Amount(NO_CURRENCY, 0)
_INDUSTRY = itemgetter("industry")


class AssetPool:
    """The assets of an event. `rights` is industry -> right of its assets, and ALL -> right of all assets."""

    def __init__(self, region: str, assets: Sequence[Facts], rights: dict[int, int] | None = None) -> None:
        """Derive the rights from the assets, unless their history gives others."""
        self.region, self.assets = region, assets
        self._shares: dict[int, dict[int, int]] = {}
        """Amount -> shares, as far as they are known: registration, stock and cancellation need the same ones."""
        self._members: tuple[set[str], Counter[int]] | None = None
        """The ids of the assets, and the number of assets of each industry, once a change needs them."""
        self.rights = _rights(assets) if rights is None else rights

    def changed(self, released: Collection[str], added: Sequence[Facts]) -> AssetPool:
        """Return the pool without the released and with the added assets that it lacks; this object if nothing
        changes. Industries that it had keep their right."""
        if self._members is None:
            self._members = ({asset["id"] for asset in self.assets}, Counter(map(_INDUSTRY, self.assets)))
        ids, industries = self._members[0].copy(), self._members[1].copy()
        kept = self.assets
        if not ids.isdisjoint(released):
            kept = [asset for asset in kept if asset["id"] not in released]
            ids.difference_update(released)
            industries = Counter(map(_INDUSTRY, kept))
        new: dict[str, Facts] = {}
        for asset in added:
            if asset["id"] not in ids:
                new.setdefault(asset["id"], asset)
        if kept is self.assets and not new:
            return self
        ids.update(new)
        industries.update(map(_INDUSTRY, new.values()))
        rights = _rights(new.values()) | self.rights  # an industry that this pool lacks has new assets only
        rights = {industry: rights[industry] for industry in (ALL_INDUSTRIES, *industries)} if ids else {}
        pool = AssetPool(self.region, [*kept, *new.values()], rights)
        pool._members = ids, industries
        return pool

    def shares(self, amount: int) -> dict[int, int]:
        """Return industry -> its share of the amount, and ALL -> the whole amount, in minor units."""
        shares = self._shares.get(amount)
        if shares is None:
            shares = self._shares[amount] = self._shared(amount)
        return shares

    def _shared(self, amount: int) -> dict[int, int]:
        if len(self.rights) == 2 or not amount:  # one industry has it all
            return dict.fromkeys(self.rights, amount)
        shares = Counter(dict.fromkeys(self.rights, 0))
        shares[ALL_INDUSTRIES] = amount
        if "appraised" not in self.assets[0]:  # equal parts, and one unit more for the first ones
            part, left = divmod(amount, len(self.assets))
            for industry, count in Counter(map(_INDUSTRY, self.assets)).items():
                shares[industry] += part * count
            shares.update(map(_INDUSTRY, islice(self.assets, left)))
            return shares
        for asset, part in zip(self.assets, allocate(amount, weights(self.assets)), strict=True):
            shares[asset["industry"]] += part
        return shares

    def lines(self, kind: int, date: int, amount: Amount) -> Lines:
        """Return one event in each cell of the pool, with the cell's share of the amount."""
        currency, minor = amount
        known, region = int(currency != NO_CURRENCY), self.region
        shares = self.shares(minor)
        return {
            (kind, date, region, right, industry, currency): (1, known, shares[industry])
            for industry, right in self.rights.items()
        }


def _rights(assets: Iterable[Facts]) -> dict[int, int]:
    rights: dict[int, int] = {}
    for asset in assets:
        right = asset["right"]
        for line in (ALL_INDUSTRIES, asset["industry"]):
            if rights.setdefault(line, right) != right:
                rights[line] = MIXED
    return rights


def weights(assets: Sequence[Facts]) -> list[int]:
    """Return the appraised values if all assets have one, in one currency, and not all are 0; else equal weights."""
    appraised = [asset.get("appraised") for asset in assets]
    if None not in appraised and len({money[0] for money in appraised}) == 1:
        values = [money[1] for money in appraised]
        if any(values):
            return values
    return [1] * len(assets)


def single(kind: int, facts: Facts, right: int, amount: Amount = UNKNOWN_AMOUNT) -> Lines:
    """Return one event of one right: a line for industry ALL and one for its industry."""
    date, region, industry = facts["occurred_on"], facts.get("region", NO_REGION), facts.get("industry", UNKNOWN)
    currency, minor = amount
    amounts = (1, int(currency != NO_CURRENCY), minor)
    return {
        (kind, date, region, right, ALL_INDUSTRIES, currency): amounts,
        (kind, date, region, right, industry, currency): amounts,
    }


def in_force(kind: int, since: int, until: int, region: str, right: int, industry: int) -> Lines:
    """Return one entity of one right in force between two days, as differences by date; END has no line."""
    lines: Lines = {}
    for day, amounts in ((since, (1, 0, 0)), (until, (-1, 0, 0))):
        if day != END:
            lines[kind, day, region, right, ALL_INDUSTRIES, NO_CURRENCY] = amounts
            lines[kind, day, region, right, industry, NO_CURRENCY] = amounts
    return lines
