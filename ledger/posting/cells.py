"""Where a contribution goes (a cell) and how much it is (a measure). All numbers are constants for life."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from schemas.industry import INDUSTRIES


class Basis(IntEnum):
    """As said at the time (bit 1), and as corrected since (bit 2). One posting may stand on both."""

    RECORDED = 1
    CORRECTED = 2
    BOTH = 3


class Kind(IntEnum):
    """What is counted."""

    GRANTS = 1
    PLEDGES = 2
    PLEDGE_CHANGES = 3
    PLEDGE_CANCELLATIONS = 4


RIGHTS = {"invention": 1, "utility_model": 2, "design": 3, "plant": 4, "mixed": 9}
MIXED = RIGHTS["mixed"]
INDUSTRY_NUMBERS = {industry.code: industry.number for industry in INDUSTRIES.values()}
ALL, UNKNOWN = INDUSTRY_NUMBERS["ALL"], INDUSTRY_NUMBERS["UNK"]
NO_CURRENCY = 0
NO_REGION = ""


class Cell(NamedTuple):
    """One cell of the totals. `date` is YYYYMMDD; `industry` ALL holds the whole, the others hold shares."""

    kind: int
    date: int
    region: str
    right: int
    industry: int
    currency: int


class Measure(NamedTuple):
    """How many events, how many of them had an amount, and the amounts' sum in minor units."""

    events: int
    with_amount: int
    amount: int


Lines = dict[Cell, Measure]


def add(lines: Lines, cell: Cell, measure: Measure) -> None:
    """Add a measure to a cell, in place."""
    known = lines.get(cell)
    lines[cell] = measure if known is None else Measure(*(a + b for a, b in zip(known, measure, strict=True)))


def difference(after: Lines, before: Lines) -> Lines:
    """`after - before`, cell by cell; cells that did not move are left out."""
    if not before:
        return after
    moved: Lines = {}
    for cell in sorted(after.keys() | before.keys()):
        a, b = after.get(cell, (0, 0, 0)), before.get(cell, (0, 0, 0))
        if a != b:
            moved[cell] = Measure(a[0] - b[0], a[1] - b[1], a[2] - b[2])
    return moved
