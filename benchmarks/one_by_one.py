"""The sink's work one event at a time, as somebody writes it who has only an event in hand: the same pure functions,
the same rows, one `execute` a row, one transaction per 5,000 events or 200 ms."""

from __future__ import annotations

from typing import Any

import orjson

from ledger.book.book import Book
from ledger.book.page import (
    ADD_MEASURES,
    ADD_STOCK,
    ADVANCE,
    DELETE_WAITING,
    INSERT_AMENDMENT,
    INSERT_POSTING,
    INSERT_RECORD,
    INSERT_WAITING,
    tomorrow,
)
from ledger.posting.cells import LOW, Basis, Measure
from ledger.posting.constants import Outcome
from ledger.posting.entity import Accepted, Effect, Entity
from ledger.posting.entry import Entry, Origin, read
from schemas.topics import TOPICS
from streams.batch import Record

ADD_TOTAL, ADD_SUMMARY = (
    f"INSERT INTO {table} VALUES ({', '.join('?' * columns)}) ON CONFLICT DO UPDATE SET {ADD_MEASURES}"
    for table, columns in (("total", 14), ("summary", 12))
)
TRANSACTION_EVENTS, TRANSACTION_SECONDS = 5_000, 0.2
UNSPENT = 1 << 20
"""What may be kept of refused records, of which the benchmark has none."""

EARLIER = """SELECT "offset", type, source, id, hash, facts FROM record
  WHERE outcome = 1 AND subject = ? AND topic = ? AND partition = ? ORDER BY "offset" """
_NOTHING = (0, 0, 0, 0)


class OneByOne:
    """Keeps events in a book, one by one. It takes only what the benchmark publishes: no conflicts, no duplicates,
    nothing to refuse."""

    def __init__(self, book: Book) -> None:
        self._connection: Any = book.connection
        self._partitions = book.log.partitions
        self._next = {(position.topic, position.partition): position.next for position in book.positions()}
        self._advanced: dict[tuple[str, int], int] = {}
        self._hash: dict[tuple[str, int], bytes] = {}
        self._newest: dict[tuple[int, int], int] = {}
        self._open = 0

    def post(self, topic: str, partition: int, record: Record) -> None:
        """Keep one event; the transaction stays open."""
        if not self._open:
            self._connection.execute("BEGIN IMMEDIATE")
        entry = read(Origin(topic, partition, self._partitions[topic]), record.key, record.value)
        place = (TOPICS[topic].number, partition)
        assert entry.refusal is None, "the benchmark publishes events"
        self._accept(topic, place, record, entry)
        if entry.occurred_on and self._newest.get(place, 0) < entry.occurred_on <= tomorrow(record.timestamp):
            self._newest[place] = entry.occurred_on
        self._advanced[topic, partition] = self._advanced.get((topic, partition), 0) + 1
        self._hash[topic, partition] = entry.hash
        self._open += 1
        if self._open >= TRANSACTION_EVENTS:
            self.commit()

    def commit(self) -> None:
        """End the transaction, with the positions that it reached."""
        if not self._open:
            return
        for (topic, partition), accepted in self._advanced.items():
            start = self._next[topic, partition]
            end = self._next[topic, partition] = start + accepted
            place = (TOPICS[topic].number, partition)
            counts = (accepted, 0, 0, 0, 0, self._newest.get(place, 0), UNSPENT)
            self._connection.execute(ADVANCE, (end, *counts, end - 1, self._hash[topic, partition], *place, start))
        self._connection.execute("COMMIT")
        self._advanced.clear()
        self._open = 0

    def _note(self, place: tuple[int, int], record: Record, entry: Entry, outcome: int, facts: bytes | None) -> None:
        hashed, _, number, source, event_id, subject, occurred_on, _ = entry
        said = (number, source, event_id, subject, occurred_on, record.timestamp, hashed, facts)
        self._connection.execute(INSERT_RECORD, (*place, record.offset, outcome, *said))

    def _accept(self, topic: str, place: tuple[int, int], record: Record, entry: Entry) -> None:
        hashed, _, number, source, event_id, subject, _, facts = entry
        assert number is not None
        assert source is not None
        assert event_id is not None
        entity = Entity(topic, map(_accepted, self._connection.execute(EARLIER, (subject, *place))))
        assert entity.namesake(source, event_id) is None, "the benchmark publishes each id once"
        self._note(place, record, entry, Outcome.ACCEPTED, orjson.dumps(facts))
        effect = entity.accept(Accepted(record.offset, number, source, event_id, hashed, facts))
        self._write(place, record.offset, effect)

    def _write(self, place: tuple[int, int], offset: int, effect: Effect) -> None:
        execute = self._connection.execute
        for basis, (kind, date, region, right, *cell), measure in effect.postings:
            row = (*place, offset, kind, date, region, right, *cell, basis, *_columns(measure))
            execute(INSERT_POSTING, row)
            year, sides = date // 10_000, _both_sides(basis, measure)
            execute(ADD_TOTAL, (kind, year, region, right, *cell, *sides))
            execute(ADD_SUMMARY, (kind, year, *cell, *sides))
        for basis, (_, *key), measure in effect.stock:
            execute(ADD_STOCK, (*key, *_both_sides(basis, measure)))
        for (waiting, basis), reason in effect.waiting.items():
            execute(DELETE_WAITING, (*place, waiting, basis))
            if reason:
                execute(INSERT_WAITING, (*place, waiting, basis, reason))
        for amended, facts in effect.amended.items():
            execute(INSERT_AMENDMENT, (*place, amended, None if facts is None else orjson.dumps(facts)))


def _accepted(row: tuple[Any, ...]) -> Accepted:
    offset, number, source, event_id, hashed, facts = row
    return Accepted(offset, number, source, event_id, hashed, orjson.loads(facts))


def _columns(measure: Measure) -> tuple[int, ...]:
    events, with_amount, amount = measure
    return events, with_amount, amount // LOW, amount % LOW


def _both_sides(basis: int, measure: Measure) -> tuple[int, ...]:
    columns = _columns(measure)
    recorded = columns if basis & Basis.RECORDED else _NOTHING
    return recorded + (columns if basis & Basis.CORRECTED else _NOTHING)
