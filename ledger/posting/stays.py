"""Stays: on which days which asset is in a pool that changes.

A change holds from its own day on and overrides every earlier record, including those with later days: an asset that
it releases is free even if an earlier record added it from a later day on, and an asset that it adds is in the pool
even if an earlier record released it from a later day on. So a pool on a day is that of the changes dated up to it, in
log order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ledger.posting.cells import ALL_INDUSTRIES
from ledger.posting.entries import Entries, Move
from ledger.posting.pool import AssetPool
from ledger.posting.rows import END

if TYPE_CHECKING:  # the models of events, which a reader does not need
    from ledger.posting.facts import Facts


class Stay(NamedTuple):
    """An asset, by its number in log order, is in the pool on the days `since <= day < until`."""

    ordinal: int
    since: int
    until: int


_Spans = list[tuple[int, tuple[int, ...]]]
"""(first day, numbers of the assets of one name in the pool from then on), by day."""


class Stays:
    """The stays of the assets of one pool. A change costs as much as it has assets, and their own changes by day."""

    def __init__(self, day: int, opening: AssetPool) -> None:
        """Begin with a pool on a day."""
        self.assets: list[Facts] = [*opening.assets]
        """All assets that events put into the pool, in log order."""
        self._region, self._right = opening.region, opening.rights[ALL_INDUSTRIES]
        self._changes = 0
        self._moves: list[tuple[Stay, Move]] = []
        """The days on which a change moves an asset."""
        self._spans: dict[str, _Spans] = {}
        names: dict[str, list[int]] = defaultdict(list)
        for ordinal, asset in enumerate(opening.assets):
            names[asset["id"]].append(ordinal)
        for name, ordinals in names.items():
            self._fill(name, day, tuple(ordinals))

    def change(self, day: int, released: Collection[str], added: Sequence[Facts]) -> None:
        """Release assets from a day on, then add those that the pool lacks."""
        self._changes += 1
        for name in released:
            self._empty(name, day)
        first: dict[str, int] = {}
        for ordinal, asset in enumerate(added, len(self.assets)):
            first.setdefault(asset["id"], ordinal)
        self.assets.extend(added)
        for name, ordinal in first.items():
            self._fill(name, day, (ordinal,))

    def leaves_none(self, day: int, released: Collection[str]) -> bool:
        """Return whether these releases would leave no asset in the pool on a day or a later one."""
        if all(stay.until <= day for name in released for stay in _stays(self._spans.get(name, []))):
            return False
        stays = []
        for name, spans in self._spans.items():
            if name not in released and spans:
                if spans[-1][1] and spans[-1][0] <= day:
                    return False
                stays += [stay for stay in _stays(spans) if stay.until > day]
        for stay in sorted(stays, key=lambda stay: stay.since):
            if stay.since > day:
                return True
            day = max(day, stay.until)
        return day < END

    def __iter__(self) -> Iterator[Stay]:
        """Yield each stay."""
        for spans in self._spans.values():
            yield from _stays(spans)

    def pools(self) -> Iterator[tuple[int, int, AssetPool]]:
        """Yield (since, until, pool) between each two days of change. A pool is valid until the next is asked for."""
        moves: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for ordinal, since, until in self:
            moves[since].append((ordinal, 1))
            moves[until].append((ordinal, -1))
        entries = Entries(self.assets, self._changes, self._moves)
        days = sorted({*moves, *entries.days} - {END})
        here: list[int] = []
        assets: list[Facts] = []
        counts: Counter[int] = Counter()
        for since, until in zip(days, [*days[1:], END], strict=True):
            for ordinal, number in moves.get(since, ()):
                asset, place = self.assets[ordinal], bisect_left(here, ordinal)
                if number > 0:
                    here.insert(place, ordinal)
                    assets.insert(place, asset)
                else:
                    del here[place], assets[place]
                counts[asset["industry"]] += number
            rights = {ALL_INDUSTRIES: self._right, **entries.rights_on(since, +counts)}
            yield since, until, AssetPool(self._region, assets, rights)

    def _empty(self, name: str, day: int) -> None:
        """Release the assets of a name from a day on."""
        spans = self._spans.get(name, [])
        until = END
        while spans and spans[-1][0] >= day:
            start, ordinals = spans.pop()
            self._move(ordinals, start, until, joins=False)
            until = start
        if spans and spans[-1][1]:
            self._move(spans[-1][1], day, until, joins=False)
            spans.append((day, ()))

    def _fill(self, name: str, day: int, ordinals: tuple[int, ...]) -> None:
        """Add assets of a name where there are none, from a day on."""
        spans = self._spans.setdefault(name, [])
        later = []
        while spans and spans[-1][0] > day:
            later.append(spans.pop())
        before = spans[-1][1] if spans else ()
        if spans and spans[-1][0] == day:
            spans.pop()
        present = [(day, before), *reversed(later)]
        for (start, there), until in zip(present, [*(start for start, _ in present[1:]), END], strict=True):
            if not there:
                self._move(ordinals, start, until, joins=True)
            if not spans or spans[-1][1] != (there or ordinals):
                spans.append((start, there or ordinals))

    def _move(self, ordinals: Sequence[int], since: int, until: int, *, joins: bool) -> None:
        self._moves += [(Stay(ordinal, since, until), Move(self._changes, ordinal, joins)) for ordinal in ordinals]


def _stays(spans: _Spans) -> Iterator[Stay]:
    ends = [*(day for day, _ in spans[1:]), END]
    for (since, ordinals), until in zip(spans, ends, strict=False):
        for ordinal in ordinals:
            yield Stay(ordinal, since, until)
