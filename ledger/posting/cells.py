"""Cells and their amounts: where a contribution counts, and how much it is. The numbers here never change."""

from __future__ import annotations

from typing import Final

from schemas.industry import INDUSTRIES

# Plain integers, not enumerations: they are hashed and bound a million times a minute, and IntEnum is slow at both.


class Basis:
    """Recorded (bit 1) and corrected (bit 2). One posting may count on both."""

    RECORDED: Final = 1
    CORRECTED: Final = 2
    BOTH: Final = 3


class Kind:
    """A kind of total: what it counts, and its amount. No sum mixes money of different kinds."""

    GRANTS: Final = 1
    PLEDGES: Final = 2
    PLEDGE_CHANGES: Final = 3
    PLEDGE_CANCELLATIONS: Final = 4
    PLEDGE_EXTENSIONS: Final = 5
    PLEDGE_DEFAULTS: Final = 6
    PLEDGE_REALISATIONS: Final = 7
    FILINGS: Final = 8
    PUBLICATIONS: Final = 9
    CESSATIONS: Final = 10
    VALUATIONS: Final = 11
    LICENCES: Final = 12
    ASSIGNMENTS: Final = 13
    OPEN_LICENCES: Final = 14
    OPEN_LICENCE_ACCEPTANCES: Final = 15
    LOAN_DISBURSEMENTS: Final = 16
    LOAN_REPAYMENTS: Final = 17
    LOAN_COMPENSATIONS: Final = 18
    TRADEMARKS: Final = 19
    TRADEMARK_CESSATIONS: Final = 20
    PCT_FILINGS: Final = 21
    TRADEMARK_FILINGS: Final = 22
    LOAN_SUBSIDIES: Final = 23


STOCKS = 100
"""Kinds above this number are stocks and do not appear in totals."""


class Stock:
    """A kind of stock, as differences by date: the sum of the differences up to a day is in force on that day."""

    PLEDGES: Final = 101
    PATENTS: Final = 102
    TRADEMARKS: Final = 103


class Due:
    """Pledges that stand after all days, by the day on which their debt is due, over all regions and rights; a debt
    without a day is due on the END of days."""

    PLEDGES: Final = 104
    DEFAULTED: Final = 105


MERGERS = 10 * Kind.ASSIGNMENTS
"""The stock of mergers among the assignments."""
PAYMENTS = {"fixed": 1, "royalty": 2, "free": 3, "mixed": 4}
"""A payment -> its digit: licences, offers and acceptances with it are a stock, 10 * kind of total + digit. Contracts
count from the day of their record on."""


BASES = {"recorded": Basis.RECORDED, "corrected": Basis.CORRECTED}
KINDS = {name.lower(): number for name, number in vars(Kind).items() if name.isupper()}
TOPIC_OF_KIND = {
    **dict.fromkeys(range(Kind.PLEDGES, Kind.PLEDGE_REALISATIONS + 1), "ip.pledge.v1"),
    **dict.fromkeys((Kind.GRANTS, Kind.FILINGS, Kind.PUBLICATIONS, Kind.CESSATIONS), "ip.patent.v1"),
    Kind.VALUATIONS: "ip.valuation.v1",
    **dict.fromkeys(range(Kind.LICENCES, Kind.OPEN_LICENCE_ACCEPTANCES + 1), "ip.deal.v1"),
    **dict.fromkeys((*range(Kind.LOAN_DISBURSEMENTS, Kind.LOAN_COMPENSATIONS + 1), Kind.LOAN_SUBSIDIES), "ip.loan.v1"),
    **dict.fromkeys((Kind.TRADEMARKS, Kind.TRADEMARK_CESSATIONS, Kind.TRADEMARK_FILINGS), "ip.trademark.v1"),
    Kind.PCT_FILINGS: "ip.pct.v1",
}
"""The topic whose events count for a kind: a question about a kind reads the blocks of that topic alone."""
WITHOUT_MONEY = (
    Kind.GRANTS,
    Kind.PLEDGE_EXTENSIONS,
    Kind.FILINGS,
    Kind.PUBLICATIONS,
    Kind.CESSATIONS,
    Kind.TRADEMARKS,
    Kind.TRADEMARK_CESSATIONS,
    Kind.PCT_FILINGS,
    Kind.TRADEMARK_FILINGS,
)
"""Kinds that never have an amount."""
RIGHTS = {
    "invention": 1,
    "utility_model": 2,
    "design": 3,
    "plant": 4,
    "trademark": 5,
    "copyright": 6,
    "mixed": 9,
}
MIXED = RIGHTS["mixed"]
INDUSTRY_NUMBERS = {industry.code: industry.number for industry in INDUSTRIES.values()}
ALL_INDUSTRIES, UNKNOWN = INDUSTRY_NUMBERS["ALL"], INDUSTRY_NUMBERS["UNK"]
NO_CURRENCY = 0
NO_REGION = ""
NO_RIGHT = 0
LOW = 10**12
"""A sum of amounts is stored as high * LOW + low, as it may exceed 64 bits."""
BLOCK = 4096
"""Offsets whose postings are stored together, by kind and day: a question about some days reads a part of each block,
and a batch writes to one or two."""


Cell = tuple[int, int, str, int, int, int]
"""(kind, date as YYYYMMDD, region, right, industry, currency). Industry ALL has the whole amount, the others have
shares."""

Amounts = tuple[int, int, int]
"""(events, events with an amount, the sum of the amounts in minor units)."""

NOTHING: Amounts = (0, 0, 0)
Lines = dict[Cell, Amounts]


def add_all(lines: Lines, more: Lines) -> None:
    """Add `more` to `lines`, cell by cell, in place."""
    if not lines:
        lines.update(more)
        return
    for cell, amounts in more.items():
        known = lines.get(cell)
        if known is not None:
            amounts = (known[0] + amounts[0], known[1] + amounts[1], known[2] + amounts[2])
        lines[cell] = amounts


def nonzero(lines: Lines) -> Lines:
    """Return the lines without cells whose amounts are all 0."""
    return {cell: amounts for cell, amounts in lines.items() if amounts != NOTHING}


def negative(lines: Lines) -> Lines:
    """Return the lines with the opposite sign."""
    return {cell: (-events, -known, -amount) for cell, (events, known, amount) in lines.items()}


def difference(after: Lines, before: Lines) -> Lines:
    """Return `after - before`, cell by cell, without cells that did not change."""
    lines = dict(after)
    add_all(lines, negative(before))
    return nonzero(lines)
