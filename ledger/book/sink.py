"""The sink: one batch, one transaction. Journal, postings, totals, stock and position are committed together or not
at all."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
import pysqlite3 as sqlite3

from ledger.book.book import Book
from ledger.book.connection import transaction
from ledger.book.constants import CONFLICT_RULE, FATES, Fate
from ledger.book.errors import BookFault, OffsetSkipped
from ledger.posting.cells import Basis, Measure
from ledger.posting.entity import Accepted, Effect, Entity
from ledger.posting.entry import Entry, Origin, read
from ledger.views.view import LOW
from schemas.topics import TOPICS
from streams.batch import Batch, Outcome, Record

NEXT = "SELECT next FROM position WHERE topic = ? AND partition = ?"

ADVANCE = """UPDATE position SET next = ?, accepted = accepted + ?, duplicate = duplicate + ?, conflict = conflict + ?,
  rejected = rejected + ?, gap = gap + ?, last_offset = coalesce(?, last_offset), last_hash = coalesce(?, last_hash)
  WHERE topic = ? AND partition = ? AND next = ?"""

# The accepted events of all subjects of a batch at once; the constant 1 (accepted) lets the partial index serve.
EARLIER = """SELECT subject, "offset", type, source, id, hash, facts FROM record
  WHERE outcome = 1 AND subject IN (SELECT value FROM json_each(?)) AND topic = ? AND partition = ?
  ORDER BY "offset" """

INSERT_RECORD = "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_REJECTION = "INSERT INTO rejection VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_POSTING = "INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_WAITING = "INSERT INTO waiting VALUES (?, ?, ?, ?, ?)"
DELETE_WAITING = 'DELETE FROM waiting WHERE topic = ? AND partition = ? AND "offset" = ? AND basis = ?'

_ADD_MEASURES = ", ".join(
    f"{side}_events = {side}_events + excluded.{side}_events,"
    f" {side}_with_amount = {side}_with_amount + excluded.{side}_with_amount,"
    f" {side}_high = {side}_high + excluded.{side}_high + ({side}_low + excluded.{side}_low) / {LOW},"
    f" {side}_low = ({side}_low + excluded.{side}_low) % {LOW}"
    for side in ("recorded", "corrected")
)


def _sums(on: str) -> str:
    """The four columns of one basis; `on` is 1 where a posting stands on it, else 0."""
    return (
        f"sum(events * ({on})), sum(with_amount * ({on})),"
        f" sum(high * ({on})) + sum(low * ({on})) / {LOW}, sum(low * ({on})) % {LOW}"
    )


# The postings of a batch, summed up by year.
ADD_TOTALS = f"""INSERT INTO total
  SELECT kind, date / 10000, region, "right", industry, currency, {_sums("basis & 1")}, {_sums("basis >> 1")}
  FROM posting WHERE topic = ? AND partition = ? AND "offset" >= ? GROUP BY 1, 2, 3, 4, 5, 6
  ON CONFLICT DO UPDATE SET {_ADD_MEASURES}"""
ADD_STOCK = (
    f"INSERT INTO stock VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET {_ADD_MEASURES}"
)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Post many batches without the garbage collector looking at each of them: 2 to 3 times faster.

    Decoded events are trees that end by themselves; the collector would walk through them again and again.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


class BookSink:
    """Posts batches to a book that it has to itself in this process."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._connection: Any = book.connection
        self._partitions = book.log.partitions

    def next_offset(self, topic: str, partition: int) -> int:
        """The offset at which the partition goes on, as the file says now."""
        (offset,) = self._connection.execute(NEXT, (TOPICS[topic].number, partition)).fetchone()
        return int(offset)

    def post(self, batch: Batch) -> Outcome:
        """Post the batch if it begins at the next offset. Raises OffsetSkipped, BookFault; then nothing was written."""
        origin = Origin(batch.topic, batch.partition, self._partitions[batch.topic])
        entries = [read(origin, record.key, record.value) for record in batch.records]
        try:
            return self._post(batch, entries)
        except sqlite3.Error as error:
            raise BookFault(path=self.book.path, reason=error) from error

    def _post(self, batch: Batch, entries: Sequence[Entry]) -> Outcome:
        with transaction(self._connection):
            offset = self.next_offset(batch.topic, batch.partition)
            if batch.start < offset:
                return Outcome.BEHIND
            if batch.start > offset:
                raise OffsetSkipped(topic=batch.topic, partition=batch.partition, start=batch.start, next=offset)
            page = _Page(self._connection, batch)
            page.load(entries)
            for record, entry in zip(batch.records, entries, strict=True):
                page.take(record, entry)
            page.write()
        return Outcome.POSTED


class _Page:
    """The rows of one batch, gathered in order and written at once."""

    def __init__(self, connection: Any, batch: Batch) -> None:
        self.connection, self.batch = connection, batch
        self.place = (TOPICS[batch.topic].number, batch.partition)
        self.entities: dict[str, Entity] = {}
        self.counts = dict.fromkeys(FATES, 0)
        self.records: list[tuple[Any, ...]] = []
        self.rejections: list[tuple[Any, ...]] = []
        self.postings: list[tuple[Any, ...]] = []
        self.stock: dict[tuple[Any, ...], list[int]] = {}
        self.waiting: dict[tuple[int, int], str | None] = {}

    def load(self, entries: Iterable[Entry]) -> None:
        """Bring back the entities that the batch speaks of, all in one look-up."""
        subjects = orjson.dumps(sorted({entry.subject for entry in entries if entry.subject and not entry.refusal}))
        events: dict[str, list[Accepted]] = {}
        rows = self.connection.execute(EARLIER, (subjects.decode(), *self.place))
        for subject, offset, number, source, event_id, hashed, facts in rows:
            accepted = Accepted(offset, number, source, event_id, hashed, orjson.loads(facts))
            events.setdefault(subject, []).append(accepted)
        self.entities = {subject: Entity(self.batch.topic, history) for subject, history in events.items()}

    def take(self, record: Record, entry: Entry) -> None:
        """Give one record its one outcome, and gather what follows from it."""
        hashed, refusal, number, source, event_id, subject, _, facts = entry
        if refusal is not None:
            self._note(record, entry, Fate.REJECTED)
            self._keep(record, *refusal[:3])
            return
        assert number is not None, "an entry without a refusal has a type"
        assert source is not None, "... a source"
        assert event_id is not None, "... an id"
        assert subject is not None, "... and a subject"
        entity = self.entities.get(subject)
        if entity is None:
            entity = self.entities[subject] = Entity(self.batch.topic)
        known = entity.namesake(source, event_id)
        if known is None:
            self._note(record, entry, Fate.ACCEPTED, orjson.dumps(facts))
            self._post(record.offset, entity.accept(Accepted(record.offset, number, source, event_id, hashed, facts)))
        elif known.hash == hashed:
            self._note(record, entry, Fate.DUPLICATE)
        else:
            self._note(record, entry, Fate.CONFLICT)
            self._keep(record, CONFLICT_RULE, "id", f"the same id stands with other bytes at offset {known.offset}")

    def _note(self, record: Record, entry: Entry, fate: int, facts: bytes | None = None) -> None:
        self.counts[fate] += 1
        hashed, _, number, source, event_id, subject, occurred_on, _ = entry
        self.records.append(
            (
                *self.place,
                record.offset,
                fate,
                number,
                source,
                event_id,
                subject,
                occurred_on,
                record.timestamp,
                hashed,
                facts,
            )
        )

    def _keep(self, record: Record, rule: int, path: str, message: str) -> None:
        self.rejections.append((*self.place, record.offset, int(rule), path, message, record.key, record.value))

    def _post(self, offset: int, effect: Effect) -> None:
        topic, partition = self.place
        for basis, cell, measure in effect.postings:
            events, known, amount = measure
            self.postings.append((topic, partition, offset, *cell, basis, events, known, amount // LOW, amount % LOW))
        for basis, cell, measure in effect.stock:
            _accumulate(self.stock, (basis, *cell[1:]), measure)
        if effect.waiting:
            self.waiting.update(effect.waiting)

    def write(self) -> None:
        """Write all rows and advance the position; the caller commits."""
        many = self.connection.executemany
        many(INSERT_RECORD, self.records)
        many(INSERT_REJECTION, self.rejections)
        many(INSERT_POSTING, self.postings)
        self.connection.execute(ADD_TOTALS, (*self.place, self.batch.start))
        many(ADD_STOCK, _both_sides(self.stock))
        many(DELETE_WAITING, [(*self.place, *key) for key in self.waiting])
        many(INSERT_WAITING, [(*self.place, *key, reason) for key, reason in self.waiting.items() if reason])
        self._advance()

    def _advance(self) -> None:
        batch, counts = self.batch, self.counts
        gap = batch.end - batch.start - len(batch.records)
        last = self.records[-1] if self.records else None
        cursor = self.connection.execute(
            ADVANCE,
            (
                batch.end,
                *counts.values(),
                gap,
                last[2] if last else None,
                last[10] if last else None,
                *self.place,
                batch.start,
            ),
        )
        assert cursor.rowcount == 1, "the position moved inside its own transaction"


Sums = dict[tuple[Any, ...], list[int]]
"""(basis, the key of a row) -> [events, how many of them had an amount, their amounts]."""


def _accumulate(sums: Sums, key: tuple[Any, ...], measure: Measure) -> None:
    known = sums.get(key)
    if known is None:
        sums[key] = [*measure]
    else:
        known[0] += measure[0]
        known[1] += measure[1]
        known[2] += measure[2]


def _both_sides(sums: Sums) -> Iterator[tuple[Any, ...]]:
    """Rows of measures on both bases: what stands on one of them is 0 on the other."""
    for (basis, *key), (events, known, amount) in sums.items():
        side = (events, known, amount // LOW, amount % LOW)
        yield (
            *key,
            *(side if basis & Basis.RECORDED else NOTHING_THERE),
            *(side if basis & Basis.CORRECTED else NOTHING_THERE),
        )


NOTHING_THERE = (0, 0, 0, 0)
