"""Alerts: rows of the watch list for which the log has no alert yet, as events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import orjson

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.queries.snapshot import read_snapshot
from ledger.queries.view import view
from schemas.id_keys import id_key
from schemas.topics import TOPICS
from streams.sources.envelopes import import_id

_SOURCE = "urn:ip-ledger:collateral"
"""The source of all alerts."""
_KNOWN = """SELECT 1 FROM record INDEXED BY record_by_subject
  WHERE outcome = 1 AND subject = ? AND topic = ? AND source = ? AND id = ?"""


class Alert(NamedTuple):
    """An alert that is not in the log: the row of the watch list, and the event."""

    row: dict[str, Any]
    value: bytes


class Alerts(NamedTuple):
    """The alerts for a day, and the position of the book."""

    day: date
    position: str
    alerts: list[Alert]


def new_alerts(book: Book, as_of: date | None = None) -> Alerts:
    """Return an alert for each reason of the watch list that has none, on a day; default: the newest of the book.

    Its id is a hash of pledge, asset, reason, first day and cause: the same reason alerts once, and again if it ended
    and came back. Raise the errors of `view`.
    """
    with read_snapshot(book):
        listed = view(book, "watch_list", as_of=as_of)
        day = listed.as_of
        assert day is not None, "the watch list is a view of a day"
        return Alerts(day, listed.position, [*_new(book, listed.shown_as_dicts(), day)])


def _new(book: Book, rows: list[dict[str, Any]], day: date) -> Iterator[Alert]:
    for row in rows:
        named = {name: row[name] or "" for name in ("pledge", "asset", "reason", "since", "event")}
        event_id = import_id(_SOURCE, " ".join(named.values()), row["since"].replace("-", ""))
        where = (row["pledge"], TOPICS["ip.pledge.v1"].number, _SOURCE, id_key(event_id))
        with translated_errors(book.path):
            if book.connection.execute(_KNOWN, where).fetchone() is not None:
                continue
        data = {"occurred_on": day.isoformat(), "reason": row["reason"], "holds_from": row["since"]}
        data |= {name: row[column] for name, column in (("asset", "asset"), ("cause", "event")) if row[column]}
        event = {
            "specversion": "1.0",
            "id": event_id,
            "source": _SOURCE,
            "type": "ip.collateral.alerted.v1",
            "subject": row["pledge"],
            "datacontenttype": "application/json",
            "data": data,
        }
        yield Alert(row, orjson.dumps(event))
