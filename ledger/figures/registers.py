"""Counts of an office's register: records by office, day, and kind of document.

Totals have no office. So a register is read once, grouped, and sorted by day: thousands of weekly figures then need one
read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from ledger.figures.question import FigureQuery, Measured, NotAvailable
from ledger.posting.cells import ALL_INDUSTRIES, INDUSTRY_NUMBERS, RIGHTS
from ledger.posting.days import day_number
from ledger.posting.rows import END
from ledger.views.view import on_basis
from schemas.events import FILED, GRANTED

_GRANTS, FILINGS, MARK_FILINGS, MARKS, _PCT = (
    "patent.granted",
    "patent.filed",
    "trademark.filed",
    "trademark.registered",
    "pct.filed",
)
REGISTER_OF = {
    "grants": _GRANTS,
    "in_force": _GRANTS,
    "filings": FILINGS,
    "trademark_filings": MARK_FILINGS,
    "trademark_registrations": MARKS,
    "trademarks": MARKS,
    "pct_filings": _PCT,
    "pct_received": _PCT,
}
"""Metrics that can be counted by office, and the register of each."""
BY_KIND = ("grants",)
"""Metrics that can be counted by kind of document: an application has no kind yet."""

_DOCUMENTS = """SELECT d.day, d.office, {kind} AS kind, d.region, d."right", d.industry, count(*)
FROM document AS d {subjects}
WHERE d.partition >= 0 AND d.type = {type} AND d.basis & :basis GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY d.day"""
_MARKS = """SELECT {day}, {office}, NULL, {region}, {right}, NULL, count(*)
FROM trademark WHERE until = {end} AND {day} IS NOT NULL AND basis & :basis GROUP BY 1, 2, 4 ORDER BY 1"""
_RECORDS = {
    _GRANTS: _DOCUMENTS.format(
        type=GRANTED,
        kind="substr(e.subject, -1 - (substr(e.subject, -1) GLOB '[0-9]'))",
        subjects="""CROSS JOIN record AS e
  ON e.topic = 2 AND e.partition = d.partition AND e."offset" = d.entity -- 2: patents""",
    ),
    FILINGS: _DOCUMENTS.format(type=FILED, kind="NULL", subjects=""),
    MARK_FILINGS: _MARKS.format(
        day="filed_on", office="filing_office", region="filing_region", right=RIGHTS["trademark"], end=END
    ),
    MARKS: _MARKS.format(day="registered_on", office="office", region="region", right=RIGHTS["trademark"], end=END),
    _PCT: """SELECT filed_on, office, NULL, region, {right}, NULL, count(*)
FROM pct_filing WHERE basis & :basis GROUP BY 1, 2, 4 ORDER BY 1""".format(right=RIGHTS["trademark"]),
}
"""SQL: the rows of a register, grouped, ordered by day."""


class _Records(NamedTuple):
    """The number of records of one day and group. For grants, `kind` is the end of the subject: `US10000000B2`,
    `USD967598S1`, `US1000000A`. Records without a right of their own have that of a trademark."""

    day: int
    office: str
    kind: str | None
    region: str | None
    right: int
    industry: int | None
    number: int


_BY_DAY = attrgetter("day")


class Registers:
    """The registers in one state of a book on one basis. Each is read on first use."""

    def __init__(self, connection: Any, basis: str) -> None:
        self._connection = connection
        self._basis = basis
        self._known: dict[str, dict[str, list[_Records]]] = {}

    def count(self, query: FigureQuery) -> Measured:
        """Return the number of records in the period. Raise NotAvailable."""
        first, last = query.period
        rows = self._offices(REGISTER_OF[query.metric]).get(query.office or "", [])
        begin = bisect_left(rows, day_number(first), key=_BY_DAY)
        end = bisect_right(rows, day_number(last), key=_BY_DAY)
        return query.some(sum(row.number for row in _chosen(rows[begin:end], query)), "events")

    def hold(self, query: FigureQuery) -> bool:
        """Return True if they have a record, on any day, for the office and metric of a figure."""
        register = REGISTER_OF.get(query.metric)
        return register is not None and query.office in self._offices(register)

    def _offices(self, register: str) -> dict[str, list[_Records]]:
        if register not in self._known:
            known = self._known[register] = defaultdict(list)
            for row in self._connection.execute(on_basis(_RECORDS[register], self._basis)):
                known[row[1]].append(_Records(*row))
        return self._known[register]


def require_register(query: FigureQuery) -> None:
    """Raise NotAvailable if the metric cannot be counted by the office or kinds of documents of a figure."""
    if query.kinds and query.office is None:
        raise NotAvailable("the figure names kinds of documents but no office")
    if query.office is not None and query.metric not in REGISTER_OF:
        raise NotAvailable(f"{query.metric} is not counted by office")
    if query.kinds and query.metric not in BY_KIND:
        raise NotAvailable(f"{query.metric} is not counted by kind of document")
    if query.metric == "pct_received" and query.office and query.region not in (None, query.office):
        raise NotAvailable(f"the region of pct_received is the office's, but the figure names {query.region}")


def _chosen(rows: Sequence[_Records], query: FigureQuery) -> Iterator[_Records]:
    industry, rights = INDUSTRY_NUMBERS[query.industry or "ALL"], [RIGHTS[right] for right in query.rights]
    for row in rows:
        if (
            (not query.kinds or row.kind in query.kinds)
            and (not rights or row.right in rights)
            and industry in (ALL_INDUSTRIES, row.industry)
            and query.takes_in(row.region)
        ):
            yield row
