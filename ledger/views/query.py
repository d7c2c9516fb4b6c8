"""Asking the book: totals along any of their columns, any view, each with the position that it stands on."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import pysqlite3 as sqlite3

from ledger.book.book import Book, Position
from ledger.book.connection import transaction
from ledger.book.constants import CONSTANTS
from ledger.book.errors import BookFault
from ledger.nearest import hint
from ledger.posting.cells import INDUSTRY_NUMBERS, KINDS, NO_REGION, NO_RIGHT, RIGHTS
from ledger.views import VIEWS
from ledger.views.view import END_OF_TIME, LOW, View
from schemas.errors import LedgerError
from schemas.industry import INDUSTRIES
from schemas.money import CURRENCY_NUMBERS, decimal_text

BY = ("industry", "year", "region", "right")
"""What totals can be grouped by."""
MEASURES = ("events", "with_amount", "high", "low")
ALL_BUT_YEAR = 'kind, industry, region, "right", currency'
"""The key of the totals, but for its end."""
ANSWER_SECONDS = 30.0
"""So long a question may hold a state of a book that is written to: what is held cannot leave the file beside it."""
STEPS = 10_000
"""After so many steps of SQLite the clock is looked at: some milliseconds."""

# A join lets SQLite begin with the journal and walk through all of it; this looks one row a partition up.
NEWEST = """SELECT max((SELECT timestamp FROM record WHERE topic = p.topic AND partition = p.partition
  AND "offset" = p.last_offset)) FROM position AS p"""


class UnknownName(LedgerError):
    """{what} {given!r} is not known. {hint}"""

    def __init__(self, what: str, given: str, known: Iterable[str], otherwise: str | None = None) -> None:
        super().__init__(what=what, given=given, hint=hint(given, known, otherwise))


class NoSuchColumn(LedgerError):
    """The view {view} has no column {column!r}. It has: {known}."""


class NotDated(LedgerError):
    """The view {view} is not a stock: it cannot be asked for as of a day. Leave --as-of out."""


class OneBasis(LedgerError):
    """The view {view} has no other basis: it shows what was said, or both bases at once. Leave --recorded out."""


class AnswerTooLong(LedgerError):
    """The answer takes longer than {seconds:.0f} s, and so long no question may hold a book that is written to. Filter
    it, or ask a copy: `ip-ledger backup COPY`, then the same with LEDGER_BOOK=COPY."""


class Answer(NamedTuple):
    """Rows, and the position of the book that they stand on; `age_seconds` is that of the newest record posted.

    `as_of` is the day (YYYYMMDD) and `basis` the one asked for, where the view has such.
    """

    positions: list[Position]
    age_seconds: float | None
    columns: list[str]
    rows: list[dict[str, Any]]
    as_of: int | None = None
    basis: str | None = None


class TotalsQuestion(NamedTuple):
    """Which totals: one kind or all, grouped by columns, filtered by values, on one basis."""

    kind: str | None = None
    by: Sequence[str] = ()
    industry: str | None = None
    year: int | None = None
    region: str | None = None
    right: str | None = None
    recorded: bool = False


def ask_totals(book: Book, question: TotalsQuestion) -> Answer:
    """Totals by kind, the chosen columns and currency. With an industry the shares, without it the whole amounts."""
    sql, values = _totals_statement(question)
    with one_state(book) as (positions, age):
        rows = book.connection.execute(sql, values).fetchall()
    named = [_total(question.by, row) for row in rows]
    order = ("kind", *question.by, "currency")
    named.sort(key=lambda row: [row[column] or "" for column in order])  # what is null comes first
    columns = [*question.by, "kind", "currency", "events", "with_amount", "amount", "amount_minor"]
    return Answer(positions, age, columns, named)


def ask_view(
    book: Book, name: str, filters: Mapping[str, str], as_of: int | None = None, *, recorded: bool = False
) -> Answer:
    """The rows of a view where each filtered column has the value given. `as_of` is YYYYMMDD, for stocks."""
    view = VIEWS.get(name)
    if view is None:
        raise UnknownName(what="the view", given=name, known=VIEWS)
    if as_of is not None and not view.takes_a_day:
        raise NotDated(view=name)
    if recorded and not view.takes_a_basis:
        raise OneBasis(view=name)
    basis = "recorded" if recorded else "corrected"
    values = {f"f{i}": value for i, value in enumerate(filters.values())}
    with one_state(book) as (positions, age):
        if view.takes_a_day:
            if as_of is None:
                (as_of,) = book.connection.execute(f"SELECT {view.day}").fetchone()
            values["as_of"] = as_of  # type: ignore[assignment]
        rows = book.connection.execute(f"SELECT * FROM ({view.on(basis)})" + _where(view, filters), values).fetchall()
    columns = [column.name for column in view.columns]
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    day = None if as_of == END_OF_TIME else as_of
    return Answer(positions, age, columns, named, day, basis if view.takes_a_basis else None)


@contextmanager
def one_state(book: Book) -> Iterator[tuple[list[Position], float | None]]:
    """All that is asked inside is answered by one state of the book: the one at these positions, of this age in
    seconds (since the broker's timestamp of the newest record; None for an empty book). Raises AnswerTooLong."""
    with transaction(book.connection, "DEFERRED"), _bounded(book):
        yield book.positions(), age_seconds(book)


@contextmanager
def _bounded(book: Book) -> Iterator[None]:
    (mode,) = book.connection.execute("PRAGMA journal_mode").fetchone()
    if mode != "wal":  # a copy, and no worker has opened it
        yield
        return
    deadline = time.monotonic() + ANSWER_SECONDS
    book.connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
    try:
        yield
    except (sqlite3.OperationalError, BookFault) as error:
        if time.monotonic() > deadline:
            raise AnswerTooLong(seconds=ANSWER_SECONDS) from error
        raise
    finally:
        book.connection.set_progress_handler(None, 0)


def age_seconds(book: Book) -> float | None:
    """Seconds since the broker's timestamp of the newest record posted; None for an empty book."""
    (newest,) = book.connection.execute(NEWEST).fetchone()
    return None if newest is None else max(0.0, round(time.time() - newest / 1000, 3))


def _totals_statement(question: TotalsQuestion) -> tuple[str, dict[str, Any]]:
    side = "recorded" if question.recorded else "corrected"
    columns = ['"right"' if column == "right" else column for column in _known("the column", question.by, BY)]
    whole = "industry" not in question.by or question.industry == "ALL"
    # Listed, not excluded: each industry and kind is then a stretch of the key of its own.
    conditions = ["industry = :all" if whole else f"industry IN ({_numbers(INDUSTRY_NUMBERS, 'ALL')})"]
    values: dict[str, Any] = {"all": INDUSTRY_NUMBERS["ALL"]}
    if question.industry is not None:
        conditions = ["industry = :industry"]
        values["industry"] = _number("the industry", question.industry, INDUSTRY_NUMBERS)
    if question.kind is not None:
        values["kind"] = _number("the kind", question.kind, KINDS)
    else:
        conditions.append(f"kind IN ({_numbers(KINDS)})")
    if question.right is not None:
        values["right"] = _number("the right", question.right, RIGHTS)
    values |= {name: value for name in ("year", "region") if (value := getattr(question, name)) is not None}
    conditions += [f'"{name}" = :{name}' for name in ("kind", "right", "year", "region") if name in values]
    keys = ", ".join(["kind", *columns, "currency"])
    asked = {*question.by, *values}
    sums = ", ".join(f"sum({side}_{measure}) AS {side}_{measure}" for measure in MEASURES)
    table = "summary" if asked.isdisjoint({"region", "right"}) else "total"
    # The names of columns come from the constants above; what people say is bound.
    where = " AND ".join(conditions)
    if table == "total" and "year" not in asked:
        # First over the years, in the order of the key: then there is little left to sort.
        table = f"(SELECT {ALL_BUT_YEAR}, {sums} FROM total WHERE {where} GROUP BY {ALL_BUT_YEAR})"
        where = "true"
    sql = f"SELECT {keys}, {sums} FROM {table} WHERE {where} GROUP BY {keys} HAVING sum({side}_events) != 0"
    return sql, {name: value for name, value in values.items() if f":{name}" in sql}


_WORDS: dict[str, Mapping[Any, Any]] = {
    "industry": {industry.number: industry.code for industry in INDUSTRIES.values()},
    "right": {NO_RIGHT: None, **CONSTANTS["right"]},
    "region": {NO_REGION: None},
    "year": {},
}


def _total(by: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    kind, *keys, currency, events, with_amount, high, low = row
    total = {column: _WORDS[column].get(key, key) for column, key in zip(by, keys, strict=True)}
    code = CURRENCY_NUMBERS[currency].code if currency else None
    minor = high * LOW + low if code else None
    total["kind"] = CONSTANTS["kind"][kind]
    total["currency"] = code
    total["events"] = events
    total["with_amount"] = with_amount
    total["amount"] = decimal_text(minor, code) if minor is not None and code else None
    total["amount_minor"] = minor
    return total


def _number(what: str, given: str, known: Mapping[str, int]) -> int:
    _known(what, [given], known)
    return int(known[given])


def _numbers(known: Mapping[str, int], but: str = "") -> str:
    return ", ".join(str(number) for name, number in known.items() if name != but)


def _known(what: str, given: Sequence[str], known: Any) -> Sequence[str]:
    for name in given:
        if name not in known:
            raise UnknownName(what=what, given=name, known=known)
    return given


def _where(view: View, filters: Mapping[str, str]) -> str:
    known = [column.name for column in view.columns]
    for column in filters:
        if column not in known:
            raise NoSuchColumn(view=view.name, column=column, known=", ".join(known))
    # compared as text, so that `year=2023` finds the number
    conditions = [f'CAST("{column}" AS TEXT) = :f{i}' for i, column in enumerate(filters)]
    return f" WHERE {' AND '.join(conditions)}" if conditions else ""
