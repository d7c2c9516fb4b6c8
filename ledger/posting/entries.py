"""Entries: with which right an industry came into a pool, which it keeps as long as it is there.

On a day, the changes dated up to it are taken in log order, so another day may have another history. The entry that
counts on a day is the first change after the last one that leaves no asset of the industry.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from ledger.posting.cells import MIXED

if TYPE_CHECKING:  # the models of events, which a reader does not need
    from ledger.posting.facts import Facts


class Move(NamedTuple):
    """An asset joins or leaves by a change; both are numbers in log order."""

    change: int
    ordinal: int
    joins: bool


class Entries:
    """The rights of a pool by day, asked for day after day. Where all assets of an industry have one right, it is that;
    their history counts only where they have several."""

    def __init__(
        self, assets: Sequence[Facts], changes: int, moves: Iterable[tuple[tuple[int, int, int], Move]]
    ) -> None:
        """Take all assets in log order, the number of changes, and ((asset, since, until), move) on some days."""
        self._assets = assets
        self._rights: dict[int, int] = {}
        for asset in assets:
            if self._rights.setdefault(asset["industry"], asset["right"]) != asset["right"]:
                self._rights[asset["industry"]] = MIXED
        self._histories = {
            industry: _History([0] * (changes + 1)) for industry, right in self._rights.items() if right == MIXED
        }
        self.days: dict[int, list[tuple[Move, int]]] = defaultdict(list)
        """Day -> moves that begin (1) or end (-1) on it."""
        for (ordinal, since, until), move in moves:
            if assets[ordinal]["industry"] in self._histories:
                self.days[since].append((move, 1))
                self.days[until].append((move, -1))

    def rights_on(self, day: int, industries: Collection[int]) -> dict[int, int]:
        """Return industry -> right, of these industries on a day; all days before it were asked for."""
        for move, number in self.days.get(day, ()):
            self._histories[self._assets[move.ordinal]["industry"]].take(move, number)
        return {
            industry: self._right(self._histories[industry]) if industry in self._histories else self._rights[industry]
            for industry in industries
        }

    def _right(self, history: _History) -> int:
        rights = {self._assets[ordinal]["right"] for ordinal in history.entered()}
        return MIXED if len(rights) > 1 else int(rights.pop())


class _History:
    """The moves of the assets of one industry in the history of a day."""

    def __init__(self, numbers: list[int]) -> None:
        self._numbers = numbers
        """Change -> by how many assets it changes the industry."""
        self._joined: dict[int, set[int]] = defaultdict(set)
        self._entered: set[int] | None = None

    def take(self, move: Move, number: int) -> None:
        """Add (1) or remove (-1) a move."""
        self._entered = None
        self._numbers[move.change] += number if move.joins else -number
        if move.joins:
            (self._joined[move.change].add if number > 0 else self._joined[move.change].remove)(move.ordinal)

    def entered(self) -> set[int]:
        """Return the assets with which the industry came into the pool."""
        if self._entered is None:
            later = [*accumulate(reversed(self._numbers))]
            # nothing was there before the last change from which on the numbers add up to what is there
            self._entered = self._joined[len(later) - 1 - later.index(later[-1])]
        return self._entered
