"""What a life is folded from (steps), what each step moves, and what all of them give (a contribution)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from ledger.posting.cells import Lines, add_all, moved
from ledger.posting.facts import Facts


class Step(NamedTuple):
    """An original event that remains in the basis; its facts are the replacement's where it was corrected."""

    offset: int
    family: int
    facts: Facts


class Moves(NamedTuple):
    """What one more step at the end of the log moves, or what a whole life has moved.

    lines: to the totals. stock: to what is in force, as differences by date: what is in force on day d is the sum of
    the lines dated up to d (their kind is PLEDGES). waiting: offsets of steps without effect, each with the reason;
    None where a step that waited has effect now.
    """

    lines: Lines = {}  # noqa: RUF012 - never changed in place
    stock: Lines = {}  # noqa: RUF012
    waiting: dict[int, str | None] = {}  # noqa: RUF012


class Life(Protocol):
    """An entity on one basis. It takes steps in log order, and one more costs the same however many came before."""

    def take(self, step: Step) -> Moves:
        """Take one more step; what it moves."""


def lived(life: Life, steps: Iterable[Step]) -> Moves:
    """Take all these steps; what they moved together. Steps that wait are left with their last reason."""
    lines: Lines = {}
    stock: Lines = {}
    waiting: dict[int, str | None] = {}
    for step in steps:
        moves = life.take(step)
        add_all(lines, moves.lines)
        add_all(stock, moves.stock)
        waiting.update(moves.waiting)
    return Moves(lines, moved(stock), {offset: reason for offset, reason in waiting.items() if reason})
