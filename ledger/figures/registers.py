"""What an office counts of its own register: records by office, day, and kind of document.

The totals know no office. So the statements of a register are read once, grouped, and kept in the order of their
days: thousands of figures, each of another week, ask for no more than that.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from ledger.figures.question import Asked, Measured, NoData
from ledger.posting.cells import ALL, INDUSTRY_NUMBERS, RIGHTS
from ledger.posting.days import day_number
from ledger.posting.rows import END
from ledger.views.view import on_basis
from schemas.events import FILED, GRANTED

GRANTS, FILINGS, MARK_FILINGS, MARKS, PCT = (
    "patent.granted",
    "patent.filed",
    "trademark.filed",
    "trademark.registered",
    "pct.filed",
)
REGISTER_OF = {
    "grants": GRANTS,
    "in_force": GRANTS,
    "filings": FILINGS,
    "trademark_filings": MARK_FILINGS,
    "trademark_registrations": MARKS,
    "trademarks": MARKS,
    "pct_filings": PCT,
    "pct_received": PCT,
}
"""What can be counted by office: how many of a register's records. Of others it cannot be said whose they are."""
BY_KIND = ("grants",)
"""What can be counted by kind of document: an application is none yet."""

_DOCUMENTS = """SELECT d.day, d.office, {kind} AS kind, d.region, d."right", d.industry, count(*)
FROM document AS d {subjects}
WHERE d.type = {type} AND d.basis & :basis GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY d.day"""
_MARKS = """SELECT {day}, {office}, NULL, {region}, {right}, NULL, count(*)
FROM trademark WHERE until = {end} AND {day} IS NOT NULL AND basis & :basis GROUP BY 1, 2, 4 ORDER BY 1"""
_RECORDS = {
    GRANTS: _DOCUMENTS.format(
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
    PCT: """SELECT filed_on, office, NULL, region, {right}, NULL, count(*)
FROM pct_filing WHERE basis & :basis GROUP BY 1, 2, 4 ORDER BY 1""".format(right=RIGHTS["trademark"]),
}
"""SQL: the rows of a register by day and sort, in the order of their days."""


class _Records(NamedTuple):
    """So many of one day and sort. Of grants, `kind` is how the subject ends: `US10000000B2`, `USD967598S1`,
    `US1000000A`; what has no right of its own has that of a trademark."""

    day: int
    office: str
    kind: str | None
    region: str | None
    right: int
    industry: int | None
    number: int


_BY_DAY = attrgetter("day")


class Registers:
    """The registers that one state of a book has on one basis, each read when it is asked for first."""

    def __init__(self, connection: Any, basis: str) -> None:
        self._connection = connection
        self._basis = basis
        self._known: dict[str, dict[str, list[_Records]]] = {}

    def count(self, asked: Asked) -> Measured:
        """How many records of the period. Raises NoData."""
        first, last = asked.period
        rows = self._offices(REGISTER_OF[asked.metric]).get(asked.office or "", [])
        begin = bisect_left(rows, day_number(first), key=_BY_DAY)
        end = bisect_right(rows, day_number(last), key=_BY_DAY)
        return asked.some(sum(row.number for row in _chosen(rows[begin:end], asked)), "events")

    def hold(self, asked: Asked) -> bool:
        """True if they have any record, of any day, of the office and metric that a figure is about."""
        register = REGISTER_OF.get(asked.metric)
        return register is not None and asked.office in self._offices(register)

    def _offices(self, register: str) -> dict[str, list[_Records]]:
        if register not in self._known:
            known = self._known[register] = defaultdict(list)
            for row in self._connection.execute(on_basis(_RECORDS[register], self._basis)):
                known[row[1]].append(_Records(*row))
        return self._known[register]


def require_register(asked: Asked) -> None:
    """Raises NoData where a metric cannot be counted by the office or the kinds of documents that a figure names."""
    if asked.kinds and asked.office is None:
        raise NoData("the figure names kinds of documents, but not the office that publishes them")
    if asked.office is not None and asked.metric not in REGISTER_OF:
        raise NoData(f"{asked.metric} is not counted by office")
    if asked.kinds and asked.metric not in BY_KIND:
        raise NoData(f"{asked.metric} is not counted by kind of document")
    if asked.metric == "pct_received" and asked.office and asked.region not in (None, asked.office):
        raise NoData(f"the region of pct_received is the office's, and the figure names {asked.region}")


def _chosen(rows: Sequence[_Records], asked: Asked) -> Iterator[_Records]:
    industry, rights = INDUSTRY_NUMBERS[asked.industry or "ALL"], [RIGHTS[right] for right in asked.rights]
    for row in rows:
        if (
            (not asked.kinds or row.kind in asked.kinds)
            and (not rights or row.right in rights)
            and industry in (ALL, row.industry)
            and asked.takes_in(row.region)
        ):
            yield row
