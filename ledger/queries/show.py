"""Any record or entity, by id, subject or place: envelope, outcome, effect on totals, revisions, missing events."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.book.position import BadPosition, parse_position
from ledger.nearest import UnknownName
from ledger.posting.cells import BASES
from ledger.posting.constants import CONSTANTS
from ledger.queries.answer import BookState
from ledger.queries.ask import Relation, ask
from ledger.queries.entity import EntityAnswer, NoSuchEntity, entity
from ledger.queries.filters import Filter
from ledger.queries.rejections import kept_at
from ledger.queries.snapshot import read_snapshot
from ledger.views import VIEWS
from ledger.views.view import on_basis
from schemas.errors import UsageError
from schemas.id_keys import id_key
from schemas.topics import TOPICS

EFFECT = (
    *("kind", "date", "region", "right", "industry", "currency"),
    *("events", "with_amount", "amount", "amount_minor"),
)
"""Columns of the postings of a record."""
_PLACE = re.compile(r"[0-9]+=[0-9]+").fullmatch
_REJECTED = ("rule", "path", "reason", "arguments", "message")


class NothingFound(UsageError):
    """The book has no record and no entity called {asked!r}. Write an event's id, an entity's subject as in the event,
    or the place of a record as TOPIC:PARTITION=OFFSET."""

    http_status = 404


class NotPosted(NothingFound):
    """The book has no record at {asked}: {reason}. `ip-ledger status` shows where each partition stands."""


class Place(NamedTuple):
    """The place of a record in the log."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}:{self.partition}={self.offset}"

    @classmethod
    def parse(cls, text: str) -> Place:
        """Return the first place in a text. Raise BadPosition."""
        for (topic, partition), offset in parse_position(text).items():
            return cls(topic, partition, offset)
        raise BadPosition(part=text)


@dataclass(frozen=True)
class Shown:
    """An entity, or the records with an id: sources may use the same id."""

    asked: str
    state: BookState
    records: list[dict[str, Any]]
    entity: EntityAnswer | None = None

    def as_json(self) -> dict[str, Any]:
        """Return one JSON document."""
        found = None
        if self.entity is not None:
            found = {"tables": self.entity.as_json()["tables"], "events": self.entity.as_json()["events"]}
        return {"asked": self.asked, "records": self.records, "entity": found, **self.state.as_json()}


def show(book: Book, asked: str, basis: str = "corrected") -> Shown:
    """Return the entity with this subject, or else the records with this id or at this place.

    Raise NothingFound, NotPosted, UnknownName.
    """
    place = _place(asked)
    if place is None:
        try:
            found = entity(book, asked, basis=basis)
            return Shown(asked, found.state, [], found)
        except NoSuchEntity:
            pass
    with read_snapshot(book) as state, translated_errors(book.path):
        places = _places(book, asked) if place is None else [place]
        records = [record for one in places if (record := _record(book, one)) is not None]
    if not records:
        raise NotPosted(asked=asked, reason=_absence(place, state)) if place else _nothing(asked)
    return Shown(asked, state, records)


def _place(asked: str) -> Place | None:
    try:
        return Place.parse(asked)
    except BadPosition:
        return None


def _absence(place: Place, state: BookState) -> str:
    """Return why the book has no record at a place."""
    of_topic = [found for found in state.positions if found.topic == place.topic]
    here = next((found for found in of_topic if found.partition == place.partition), None)
    if here is None:
        return f"{place.topic} has {len(of_topic)} partitions, numbered from 0"
    if place.offset >= here.next:
        return (
            f"the partition is posted up to offset {here.next - 1}"
            if here.next
            else "nothing of the partition is posted"
        )
    if place.offset < here.first:
        return f"the book begins at offset {here.first} of the partition"
    return "the offset is a gap, such as the end of a transaction"


def _nothing(asked: str) -> UsageError:
    """Return the error for a text that no record has; it may be the place of a record with a mistyped topic."""
    topic, colon, rest = asked.partition(":")
    if colon and _PLACE(rest):
        return UnknownName(what="the topic", given=topic, known=TOPICS)
    return NothingFound(asked=asked)


def _places(book: Book, asked: str) -> list[Place]:
    """Return the places of records with an id, and of records about a subject that were not accepted. Ids have no
    index, so all records are read."""
    sql = """SELECT topic, partition, "offset" FROM record
      WHERE id IN (:id, :text) OR (subject = :text AND outcome != 1) ORDER BY topic, partition, "offset" """
    rows = book.connection.execute(sql, {"id": id_key(asked), "text": asked})
    return [Place(CONSTANTS["topic"][topic], partition, offset) for topic, partition, offset in rows]


def _record(book: Book, place: Place) -> dict[str, Any] | None:
    rows = _view(book, "journal", place)
    if not rows:
        return None
    record = {name: value for name, value in rows[0].items() if name != "rule"}
    refused = kept_at(book, *place)
    return record | {
        "refused": refused and {name: refused[name] for name in _REJECTED},
        "stands": _standing_record(book, record),
        "differs": _differences(book, place) if record["outcome"] == "conflict" else [],
        "effect": [row for basis in BASES for row in _effect(book, place, basis)],
        "waits": _waits(book, place),
        "target": _target(book, place),
        "state": _state(book, place) if record["outcome"] == "accepted" else None,
        "revisions": revisions_of(book, record) if record["outcome"] == "accepted" else [],
    }


def _view(book: Book, name: str, place: Place, basis: str = "corrected") -> list[dict[str, Any]]:
    """Return the rows of a view about one record."""
    view = VIEWS[name]
    relation = Relation(f"The view {name}", view.columns, on_basis(view.relation, basis))
    filters = [Filter.exactly(column, value) for column, value in place._asdict().items()]
    rows = ask(book, relation, {}, {"filters": filters})
    return [dict(zip([column.name for column in view.columns], row, strict=True)) for row in rows]


def _effect(book: Book, place: Place, basis: str) -> list[dict[str, Any]]:
    return [{"basis": basis} | {name: row[name] for name in EFFECT} for row in _view(book, "lineage", place, basis)]


def _differences(book: Book, place: Place) -> list[dict[str, Any]]:
    fields = ("field", "stands", "conflicting")
    return [{name: row[name] for name in fields} for row in _view(book, "conflicts", place)]


def _standing_record(book: Book, record: dict[str, Any]) -> str | None:
    """Return the place of the event that a duplicate or conflict repeats."""
    if record["outcome"] not in ("duplicate", "conflict"):
        return None
    sql = """SELECT partition, "offset" FROM record
      WHERE outcome = 1 AND subject = ? AND topic = ? AND source = ? AND id = ?"""
    key = (record["subject"], TOPICS[record["topic"]].number, record["source"], id_key(record["id"]))
    row = book.connection.execute(sql, key).fetchone()
    return None if row is None else str(Place(record["topic"], *row))


def _waits(book: Book, place: Place) -> dict[str, str | None]:
    """Return the reason why the record has no effect, by basis; None if it has one."""
    sql = 'SELECT basis, reason FROM waiting WHERE topic = ? AND partition = ? AND "offset" = ?'
    reasons = dict(book.connection.execute(sql, (TOPICS[place.topic].number, *place[1:])).fetchall())
    return {basis: reasons.get(number) for basis, number in BASES.items()}


def _target(book: Book, place: Place) -> str | None:
    """Return the id of the event that a correction or void names."""
    row = _raw(book, place)
    return json.loads(row[1])[0] if row and row[0] and row[0] % 10 and row[1] else None


def _state(book: Book, place: Place) -> str:
    """Return `published`, `corrected` or `voided`: the state of the event."""
    sql = 'SELECT corrected_by IS NULL FROM amendment WHERE topic = ? AND partition = ? AND "offset" = ?'
    row = book.connection.execute(sql, (TOPICS[place.topic].number, *place[1:])).fetchone()
    return "published" if row is None else "voided" if row[0] else "corrected"


def _raw(book: Book, place: Place) -> tuple[int | None, bytes | None] | None:
    sql = 'SELECT type, facts FROM record WHERE topic = ? AND partition = ? AND "offset" = ?'
    row: tuple[int | None, bytes | None] | None = book.connection.execute(
        sql, (TOPICS[place.topic].number, *place[1:])
    ).fetchone()
    return row


def revisions_of(book: Book, record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the corrections and voids of an event, in log order."""
    sql = """SELECT partition, "offset", type, occurred_on, facts FROM record INDEXED BY record_by_subject
      WHERE outcome = 1 AND subject = ? AND topic = ? AND source = ? AND type % 10 != 0
      ORDER BY partition, "offset" """
    rows = book.connection.execute(sql, (record["subject"], TOPICS[record["topic"]].number, record["source"]))
    wanted, stem = id_key(record["id"]), record["type"].removesuffix(".v1")
    return [
        {"place": str(Place(record["topic"], partition, offset)), "type": CONSTANTS["type"][number]}
        for partition, offset, number, _, facts in rows
        if CONSTANTS["type"][number].startswith(f"{stem}.") and id_key(json.loads(facts)[0]) == wanted
    ]
