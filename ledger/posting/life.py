"""What a life is folded from (steps) and what it gives (a contribution)."""

from __future__ import annotations

from typing import NamedTuple

from ledger.posting.cells import Lines
from ledger.posting.facts import Facts


class Step(NamedTuple):
    """An original event that remains in the basis; its facts are the replacement's where it was corrected."""

    offset: int
    family: int
    facts: Facts


class Contribution(NamedTuple):
    """What one entity contributes on one basis.

    lines: to the totals. stock: to what is in force, as differences by date: what is in force on day d is the sum of
    the lines dated up to d (their kind is PLEDGES). unmatched: offsets of events without effect, each with the reason.
    """

    lines: Lines = {}  # noqa: RUF012 - never changed in place
    stock: Lines = {}  # noqa: RUF012
    unmatched: dict[int, str] = {}  # noqa: RUF012
