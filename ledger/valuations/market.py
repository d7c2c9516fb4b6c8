"""The market before a position: priced deals of one asset, and the nearest of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ledger.evaluate.comparable import PricedDeal, ValuationSubject, office_group
from ledger.evaluate.value import RecordPlace
from ledger.posting.life import Step
from ledger.valuations.documents import Documents, party_names
from ledger.valuations.journal import Journal
from ledger.valuations.nearness import Index
from schemas.events import ASSIGNED, LICENSED

DEALS = "ip.deal.v1"
_PRICED = {ASSIGNED: ("transfer", "price", "assignors"), LICENSED: ("licence", "amount", "licensors")}
"""A type of contract -> what it is a deal in, its price, and the parties who sell. A licence fee is not the price of
the asset itself, so the two are never compared."""


class Contract(NamedTuple):
    """An assignment or a licence; `minor` is its price, None if it has none."""

    kind: str
    place: RecordPlace
    day: int
    currency: int
    minor: int | None
    assets: tuple[str, ...]
    right: int
    sellers: frozenset[str]
    parties: frozenset[str]
    """Sellers, and buyers of an assignment: owners before and after it."""


class _Pool(NamedTuple):
    """Comparable deals: the deals in their order without a score, and an index of their assets."""

    deals: list[PricedDeal]
    texts: Index


class Market:
    """The contracts of a journal, at its position."""

    def __init__(self, journal: Journal, documents: Documents) -> None:
        self._journal, self._documents = journal, documents
        self._contracts: dict[str, list[Contract]] = {}
        self._of_asset: dict[str, set[str]] = defaultdict(set)
        self._pools: dict[tuple[str, int, int, str], _Pool] = {}

    def renew(self, contracts: Iterable[str], patents: set[str]) -> None:
        """Read these contracts again, after the journal has moved; `patents` are those that may differ."""
        changed = False
        for subject in contracts:
            changed = True
            for asset in {asset for known in self._contracts.pop(subject, ()) for asset in known.assets}:
                self._of_asset[asset].discard(subject)
            found = self._contracts[subject] = [*self._read(subject)]
            for asset in {asset for contract in found for asset in contract.assets}:
                self._of_asset[asset].add(subject)
        if changed or any(self._of_asset.get(patent) for patent in patents):
            for pool in self._pools.values():
                pool.texts.close()
            self._pools.clear()

    def owners(self, asset: str) -> frozenset[str]:
        """Return all parties that owned an asset by its assignments."""
        of_asset = (contract for subject in self._of_asset.get(asset, ()) for contract in self._contracts[subject])
        return frozenset(party for each in of_asset if each.kind == "transfer" for party in each.parties)

    def nearest(self, subject: ValuationSubject, kind: str, words: tuple[str, ...]) -> Iterator[PricedDeal]:
        """Yield the deals of a kind that may be compared with a subject, the nearest first; of equally near ones the
        latest, then by place."""
        key = (kind, subject.currency, subject.right, office_group(subject.office))
        if key not in self._pools:
            self._pools[key] = self._pool(*key)
        deals, index = self._pools[key]
        scores = index.scores(words)
        for number in sorted(range(len(deals)), key=lambda number: (-scores.get(number, -1), number)):
            yield deals[number]

    def _pool(self, kind: str, currency: int, right: int, group: str) -> _Pool:
        found = []
        for contract in (contract for contracts in self._contracts.values() for contract in contracts):
            if contract.minor is None or len(contract.assets) != 1:
                continue
            if (contract.kind, contract.currency) != (kind, currency):
                continue
            (asset,) = contract.assets
            document = self._documents.of(asset, contract.right)
            if (document.right, office_group(document.office)) == (right, group):
                place, day, minor, sellers = contract.place, contract.day, contract.minor, contract.sellers
                deal = PricedDeal(
                    place, day, currency, minor, (asset,), document.office, right, sellers, document.family
                )
                found.append((deal, document.words))
        found.sort(key=lambda each: (-each[0].day, each[0].place))
        return _Pool([deal for deal, _ in found], Index(words for _, words in found))

    def _read(self, subject: str) -> Iterator[Contract]:
        seen = set()
        for step in self._journal.entity(DEALS, subject).remaining():
            if step.family in _PRICED and step.family not in seen:  # a second recording has no effect
                seen.add(step.family)
                yield _contract(RecordPlace(*self._journal.place(DEALS, subject, step.offset)), step)


def _contract(place: RecordPlace, step: Step) -> Contract:
    facts = step.facts
    kind, price, sellers = _PRICED[step.family]
    currency, minor = facts.get(price) or (0, None)
    if facts.get("conveyance", "assignment") != "assignment":
        minor = None
    sold_by = party_names(facts[sellers])
    return Contract(
        kind,
        place,
        facts["occurred_on"],
        currency,
        minor,
        tuple(asset["id"] for asset in facts["assets"]),
        facts["assets"][0]["right"],
        sold_by,
        sold_by | party_names(facts.get("assignees") or ()),
    )
