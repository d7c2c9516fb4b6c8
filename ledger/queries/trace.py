"""Trace a figure to the records behind it, and a record to the figures that it moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Unpack

from ledger.book.book import Book
from ledger.queries.answer import BookState
from ledger.queries.ask import Choice, parse_filters
from ledger.queries.filters import Filter
from ledger.queries.show import NothingFound, Place, revisions_of, show
from ledger.queries.snapshot import read_snapshot
from ledger.queries.totals import totals
from ledger.queries.view import view
from schemas.currencies import decimal_text
from schemas.errors import UsageError

LINES = 100
"""Lines of a traced figure, if no limit is given."""
_OF_A_LINE = (
    *("kind", "date", "region", "right", "industry", "currency", "events", "with_amount", "amount", "amount_minor"),
    *("type", "source", "id", "subject", "broker_timestamp", "restated", "target"),
)
_CELL = ("kind", "industry", "year", "currency")


@dataclass(frozen=True)
class Trace:
    """A trace: figures, and the records that they sum up, or that moved them. `more` is True if there are
    further records."""

    asked: str
    state: BookState
    basis: str
    figures: list[dict[str, Any]]
    records: list[dict[str, Any]]
    more: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return one JSON document."""
        parts = {"figures": self.figures, "records": self.records, "more": self.more}
        return {"asked": self.asked, "basis": self.basis, **parts, **self.state.as_json()}


class NothingToTrace(NothingFound):
    """The book has no figure for {asked}. `ip-ledger totals` lists figures; choose one by kind, industry, year, region,
    right and currency."""


def trace_figure(book: Book, *, basis: str = "corrected", **choice: Unpack[Choice]) -> Trace:
    """Return a figure, one row for each kind and currency, and its postings: each with its record and the corrections
    and voids of that record. Without an industry it is the whole, `ALL`. At most `limit` lines.

    Raise NothingToTrace, UnknownName, SeveralIndustries, and the errors of `ask`.
    """
    filters = parse_filters(choice.get("filters", ()))
    limit = choice.get("limit")
    most = LINES if limit is None else limit
    named = {asked.column for asked in filters}
    of_lines = filters if "industry" in named else [*filters, Filter.exactly("industry", "ALL")]
    with read_snapshot(book) as state:
        figures = totals(book, basis=basis, filters=filters).shown_as_dicts()
        if not figures:
            raise NothingToTrace(asked=_text(filters))
        found = view(book, "lineage", basis=basis, filters=of_lines, limit=most + 1).shown_as_dicts()
        records = [_line(book, row) for row in found[:most]]
    return Trace(_text(filters), state, basis, figures, records, len(found) > most)


def trace_record(book: Book, asked: str, *, basis: str = "corrected") -> Trace:
    """Return the records with an id, or at a place, as `show` does, each with its `place`; and every figure that they
    moved: what they added to it, and what it is now.

    Raise NothingFound, NotPosted, UnknownName; SeveralRecords for an entity.
    """
    with read_snapshot(book) as state:
        found = show(book, asked, basis)
        if found.entity is not None:
            places = (str(Place(*row[:3])) for row in found.entity.events.shown)
            raise SeveralRecords(asked=asked, places=", ".join(list(places)[:5]))
        records = [{"place": str(Place(row["topic"], row["partition"], row["offset"])), **row} for row in found.records]
        figures = [moved for record in records for moved in _moved(book, record, basis)]
    return Trace(asked, state, basis, figures, records)


class SeveralRecords(UsageError):
    """{asked} is an entity, of several records. Trace one of them: {places}. `ip-ledger show {asked}` lists all."""


def _text(filters: list[Filter]) -> str:
    return " ".join(f"{asked.column}{asked.operator}{','.join(asked.values)}" for asked in filters) or "all totals"


def _line(book: Book, row: dict[str, Any]) -> dict[str, Any]:
    place = Place(row["topic"], row["partition"], row["offset"])
    line = {name: row[name] for name in _OF_A_LINE}
    return {"place": str(place), **line, "revisions": revisions_of(book, row)}


def _moved(book: Book, record: dict[str, Any], basis: str) -> list[dict[str, Any]]:
    """Return the figures that a record moved: by kind, industry, year and currency, over all regions and rights."""
    sums: dict[tuple[Any, ...], tuple[int, int]] = {}
    for posted in record["effect"]:
        if posted["basis"] == basis:
            key = (posted["kind"], posted["industry"], int(posted["date"][:4]), posted["currency"])
            events, minor = sums.get(key, (0, 0))
            sums[key] = (events + posted["events"], minor + int(posted["amount_minor"] or 0))
    found = []
    for key, (events, minor) in sums.items():
        cell = dict(zip(_CELL, key, strict=True))
        filters = [Filter.exactly(name, "" if value is None else value) for name, value in cell.items()]
        now = totals(book, basis=basis, filters=filters).shown_as_dicts()
        figure = {name: now[0][name] if now else None for name in ("events", "with_amount", "amount", "amount_minor")}
        currency = cell["currency"]
        added = {
            "added_events": events,
            "added_amount": decimal_text(minor, currency) if currency else None,
            "added_minor": minor if currency else None,
        }
        found.append({"place": record["place"], **cell, **added, **figure})
    return found
