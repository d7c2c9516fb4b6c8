"""The sink: one batch, one transaction. Journal, postings, totals, stock and position are committed together or not
at all."""

from __future__ import annotations

import gc
import json
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
from schemas.values import is_uuid
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
ADD_TOTAL = (
    f"INSERT INTO total VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET {_ADD_MEASURES}"
)
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
        self.totals: dict[tuple[Any, ...], list[int]] = {}
        self.stock: dict[tuple[Any, ...], list[int]] = {}
        self.waiting: dict[tuple[int, int], str | None] = {}

    def load(self, entries: Iterable[Entry]) -> None:
        """Bring back the entities that the batch speaks of, all in one look-up."""
        subjects = {entry.subject for entry in entries if entry.refusal is None}
        events: dict[str, list[Accepted]] = {}
        rows = self.connection.execute(EARLIER, (json.dumps(sorted(subjects, key=str)), *self.place))
        for subject, offset, number, source, event_id, hashed, facts in rows:
            accepted = Accepted(offset, number, source, _id_text(event_id), hashed, orjson.loads(facts))
            events.setdefault(subject, []).append(accepted)
        self.entities = {subject: Entity(history) for subject, history in events.items()}

    def take(self, record: Record, entry: Entry) -> None:
        """Give one record its one outcome, and gather what follows from it."""
        if entry.refusal is not None:
            rule, path, message, _ = entry.refusal
            self._note(record, entry, Fate.REJECTED)
            self._keep(record, rule, path, message)
            return
        assert entry.type is not None, "an entry without a refusal has a type"
        assert entry.source is not None, "... a source"
        assert entry.id is not None, "... an id"
        assert entry.subject is not None, "... and a subject"
        entity = self.entities.get(entry.subject)
        if entity is None:
            entity = self.entities[entry.subject] = Entity()
        known = entity.namesake(entry.source, entry.id)
        if known is None:
            accepted = Accepted(record.offset, entry.type, entry.source, entry.id, entry.hash, entry.facts)
            self._note(record, entry, Fate.ACCEPTED)
            self._post(record.offset, entity.accept(accepted))
        elif known.hash == entry.hash:
            self._note(record, entry, Fate.DUPLICATE)
        else:
            self._note(record, entry, Fate.CONFLICT)
            self._keep(record, CONFLICT_RULE, "id", f"the same id stands with other bytes at offset {known.offset}")

    def _note(self, record: Record, entry: Entry, fate: int) -> None:
        self.counts[fate] += 1
        self.records.append(
            (
                *self.place,
                record.offset,
                fate,
                entry.type,
                entry.source,
                _id_value(entry.id),
                entry.subject,
                entry.occurred_on,
                record.timestamp,
                entry.hash,
                orjson.dumps(entry.facts) if fate == Fate.ACCEPTED else None,
            )
        )

    def _keep(self, record: Record, rule: int, path: str, message: str) -> None:
        self.rejections.append((*self.place, record.offset, int(rule), path, message, record.key, record.value))

    def _post(self, offset: int, effect: Effect) -> None:
        for basis, cell, measure in effect.postings:
            kind, date, *dimensions = cell
            events, with_amount, amount = measure
            self.postings.append((*self.place, offset, *cell, basis, events, with_amount, *divmod(amount, LOW)))
            _accumulate(self.totals, (kind, date // 10_000, *dimensions), basis, measure)
        for basis, cell, measure in effect.stock:
            _accumulate(self.stock, cell[1:], basis, measure)
        for waiting in effect.released:
            self.waiting[waiting.offset, waiting.basis] = None
        for waiting in effect.waiting:
            self.waiting[waiting.offset, waiting.basis] = waiting.reason

    def write(self) -> None:
        """Write all rows and advance the position; the caller commits."""
        many = self.connection.executemany
        many(INSERT_RECORD, self.records)
        many(INSERT_REJECTION, self.rejections)
        many(INSERT_POSTING, self.postings)
        many(ADD_TOTAL, [(*key, *_measures(sums)) for key, sums in self.totals.items()])
        many(ADD_STOCK, [(*key, *_measures(sums)) for key, sums in self.stock.items()])
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


def _accumulate(sums: dict[tuple[Any, ...], list[int]], key: tuple[Any, ...], basis: int, measure: Measure) -> None:
    known = sums.get(key)
    if known is None:
        known = sums[key] = [0, 0, 0, 0, 0, 0]
    events, with_amount, amount = measure
    if basis & Basis.RECORDED:
        known[0] += events
        known[1] += with_amount
        known[2] += amount
    if basis & Basis.CORRECTED:
        known[3] += events
        known[4] += with_amount
        known[5] += amount


def _measures(sums: Sequence[int]) -> tuple[int, ...]:
    return (*sums[:2], *divmod(sums[2], LOW), *sums[3:5], *divmod(sums[5], LOW))


def _id_value(id_key: str | None) -> bytes | str | None:
    return bytes.fromhex(id_key.replace("-", "")) if id_key and is_uuid(id_key) else id_key


def _id_text(value: bytes | str) -> str:
    if isinstance(value, str):
        return value
    digits = value.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
