"""One entity: its rows in the tables of the book, and its events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints

from ledger.book.book import Book
from ledger.posting import rows
from ledger.posting.cells import LOW
from ledger.queries.answer import Answer, BookState
from ledger.queries.ask import Relation, ask, basis_number, query_sql
from ledger.queries.snapshot import read_snapshot
from ledger.views.columns import EVENT_ID, PLACE, amount_columns
from ledger.views.view import Column
from schemas.errors import UsageError

MOST_FACTS = 2**25
"""The most facts of one answer: as rows and JSON they take thirty times the memory."""
_SIZE = "SELECT coalesce(sum(length(facts)), 0) FROM record WHERE outcome = 1 AND subject = ?"
_TABLES: dict[str, tuple[str, ...]] = {
    "ip.pledge.v1": ("pledge", "pledge_state", "pledge_asset", "pledge_payment"),
    "ip.patent.v1": ("document", "citation", "patent", "patent_fee", "patent_note", "patent_reading"),
    "ip.valuation.v1": ("valuation",),
    "ip.deal.v1": ("deal", "deal_asset", "acceptance", "need"),
    "ip.loan.v1": ("loan", "loan_payment"),
    "ip.trademark.v1": ("trademark",),
    "ip.pct.v1": ("pct_filing",),
    "ip.reference.v1": ("fx_rate", "population", "policy", "weight_set", "published_figure"),
}
"""Topic -> tables of its entities."""
_ROWS: dict[str, type[rows.Row]] = {table: kind for kind, table in rows.TABLE_OF.items()}
_NAMED = {
    "right": "right",
    "industry": "industry",
    "currency": "currency",
    "first_currency": "currency",
    "type": "type",
}
_DAYS = ("since", "until", "day", "as_of", "debt_from", "debt_to", "term_end", "term_to", "valid_to")
_PARTIES = dict.fromkeys(("pledgors", "pledgees", "debtor", "borrower", "applicants", "assignees"), "parties") | {
    "appraiser": "party",
    "seeker": "party",
}
"""Column with names of parties -> its unit."""
_MONEY = {"minor": "currency", "first_minor": "first_currency"} | dict.fromkeys(
    ("appraised", "low", "mid", "high"), "currency"
)
"""Amount in minor units -> column of its currency."""

EVENT_COLUMNS = (
    *PLACE,
    Column("broker_timestamp", "ms since 1970 UTC", "timestamp of the record", raw="timestamp"),
    Column("type", "text", "event type", "type"),
    Column("occurred_on", "date", "business date", "day"),
    Column("source", "text", "publisher of the event"),
    EVENT_ID,
    Column("no_effect", "text", "reason without effect on the basis", raw="reason"),
    Column("facts", "JSON", "facts for figures: days as YYYYMMDD, money as [ISO 4217 number, minor units]"),
)


class NoSuchEntity(UsageError):
    """The book has no accepted event about {subject!r}. Write the entity as in the event's `subject`."""

    http_status = 404


class EntityTooLarge(UsageError):
    """The events about {subject!r} have {size:,} bytes of facts, more than {most:,}, the most of one answer. Ask for
    its records by pages, `ip-ledger view journal subject=...`, and for one: `ip-ledger show TOPIC:PARTITION=OFFSET`."""


@dataclass(frozen=True)
class EntityAnswer:
    """The state of a subject: one answer per table with rows of it, and its accepted events."""

    subject: str
    state: BookState
    basis: str
    tables: Mapping[str, Answer]
    events: Answer

    def as_json(self) -> dict[str, Any]:
        """Return all of it as one JSON document."""
        return {
            "subject": self.subject,
            "basis": self.basis,
            "tables": {name: answer.shown_as_dicts() for name, answer in self.tables.items()},
            "events": self.events.shown_as_dicts(),
            **self.state.as_json(),
        }


def entity(book: Book, subject: str, *, basis: str = "corrected") -> EntityAnswer:
    """Return the state of an entity, from all topics: valuations of a patent have its id as their subject.

    Raise NoSuchEntity, EntityTooLarge.
    """
    values = {"subject": subject, "basis": basis_number(basis)}
    terms = {"basis": basis}
    relation = Relation("The answer of entity", EVENT_COLUMNS, query_sql("entity_events"))
    with read_snapshot(book) as state:
        (size,) = book.connection.execute(_SIZE, (subject,)).fetchone()
        if size > MOST_FACTS:
            raise EntityTooLarge(subject=subject, size=size, most=MOST_FACTS)
        events = Answer(state, EVENT_COLUMNS, ask(book, relation, values, {}), terms)
        if not events.shown:
            raise NoSuchEntity(subject=subject)
        firsts: dict[tuple[str, int], int] = {}
        for topic, partition, offset, *_ in events.shown:
            firsts.setdefault((topic, partition), offset)
        tables = {}
        for (topic, partition), first in firsts.items():
            for table in _TABLES[topic]:
                relation = _relation(table)
                found = ask(book, relation, {**values, "partition": partition, "entity": first}, {})
                if found:
                    tables[table] = Answer(state, relation.columns, found, terms)
    return EntityAnswer(subject, state, basis, tables, events)


@cache
def _relation(table: str) -> Relation:
    """Return the relation of one entity's rows in a table, with rendered columns."""
    columns = tuple(_columns(table))
    halves = [name for name in _MONEY if name in rows.COLUMNS_OF[table]]
    amounts = [f", t.{name} / {LOW} AS {name}_high, t.{name} % {LOW} AS {name}_low" for name in halves]
    decimals = [
        f", (SELECT decimals FROM currency WHERE number = t.{currency}) AS {currency}_decimals"
        for currency in {_MONEY[name]: None for name in halves} or ({"currency": None} if table == "loan" else {})
    ]
    until = [f", nullif(t.until, {rows.END}) AS holds_until"] if "until" in rows.COLUMNS_OF[table] else []
    key = ", ".join(f't."{name}"' for name in rows.COLUMNS_OF[table][: rows.KEY_COLUMNS[table]]) or "t.entity"
    sql = f"""SELECT t.*{"".join([*amounts, *decimals, *until])}
FROM {table} AS t WHERE t.partition = :partition AND t.entity = :entity AND t.basis & :basis
ORDER BY {key}"""
    return Relation(f"The table {table}", columns, sql)


def _columns(table: str) -> Iterator[Column]:
    types = get_type_hints(_ROWS[table])
    for name in rows.COLUMNS_OF[table]:
        if name == "subject":  # the entity itself
            continue
        words = name.replace("_", " ")
        integer = types[name] in (int, int | None)
        if name.endswith("_low"):
            continue
        if name.endswith("_high"):
            yield from amount_columns(name.removesuffix("_high"), words.removesuffix(" high"), "currency_decimals")
        elif name in _MONEY and integer:
            shown = name.replace("minor", "amount")
            yield from amount_columns(shown, shown.replace("_", " "), f"{_MONEY[name]}_decimals", name)
        elif name == "until":
            yield Column(name, "date", "first day out of force; null: open-ended", "day", "holds_until")
        elif integer and (name in _DAYS or name.endswith("_on") or name.startswith("period_")):
            yield Column(name, "date", words, "day")
        elif integer and name in _NAMED:
            yield Column(name, "text", words, _NAMED[name])
        else:
            yield Column(name, "number" if integer else _PARTIES.get(name, "text"), words)
