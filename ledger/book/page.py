"""The page: what one batch adds to the book, gathered row by row and written at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from ledger.book.kept import Allowance
from ledger.posting.cells import LOW, Basis, Measure
from ledger.posting.constants import CONFLICT_RULE, OUTCOMES, WITH_FACTS, Outcome
from ledger.posting.entity import Accepted, Effect, Entity
from ledger.posting.entry import Entry
from ledger.posting.facts import Facts, day_number
from schemas.topics import TOPICS
from schemas.wording import Arguments, arguments_text
from streams.batch import Batch, Record

ADVANCE = """UPDATE position SET next = ?, accepted = accepted + ?, duplicate = duplicate + ?, conflict = conflict + ?,
  rejected = rejected + ?, gap = gap + ?, newest_day = max(newest_day, ?), allowance = ?,
  last_offset = coalesce(?, last_offset), last_hash = coalesce(?, last_hash)
  WHERE topic = ? AND partition = ? AND next = ?"""

# The accepted events of all subjects of a batch at once; the constant 1 (accepted) lets the partial index serve.
# Named, since SQLite may else walk through the partition's whole journal to spare itself a sort.
EARLIER = """SELECT subject, "offset", type, source, id, hash, facts FROM record INDEXED BY record_by_subject
  WHERE outcome = 1 AND subject IN (SELECT value FROM json_each(?)) AND topic = ? AND partition = ?
  ORDER BY subject, "offset" """

INSERT_RECORD = "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_REJECTION = "INSERT INTO rejection VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_POSTING = "INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_WAITING = "INSERT INTO waiting VALUES (?, ?, ?, ?, ?)"
INSERT_AMENDMENT = "INSERT OR REPLACE INTO amendment VALUES (?, ?, ?, ?)"
DELETE_WAITING = 'DELETE FROM waiting WHERE topic = ? AND partition = ? AND "offset" = ? AND basis = ?'

ADD_MEASURES = ", ".join(
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


def _add_up(table: str, key: str) -> str:
    """Add the postings of a batch to a table of sums with this key."""
    return f"""INSERT INTO {table} SELECT {key}, {_sums("basis & 1")}, {_sums("basis >> 1")}
      FROM posting WHERE topic = ? AND partition = ? AND "offset" >= ? GROUP BY {key}
      ON CONFLICT DO UPDATE SET {ADD_MEASURES}"""


ADD_UP = (
    _add_up("total", 'kind, date / 10000, region, "right", industry, currency'),
    _add_up("summary", "kind, date / 10000, industry, currency"),
)
ADD_STOCK = f"INSERT INTO stock VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET {ADD_MEASURES}"


def _accepted(row: tuple[Any, ...]) -> Accepted:
    _, offset, number, source, event_id, hashed, facts = row
    return Accepted(offset, number, source, event_id, hashed, orjson.loads(facts))


class Page:
    """The rows of one batch, gathered in order and written at once."""

    def __init__(self, connection: Any, batch: Batch, allowance: int) -> None:
        self.connection, self.batch = connection, batch
        self.allowance = Allowance(allowance)
        self.place = (TOPICS[batch.topic].number, batch.partition)
        self.entities: dict[str, Entity] = {}
        self.counts = dict.fromkeys(OUTCOMES, 0)
        self.records: list[tuple[Any, ...]] = []
        self.rejections: list[tuple[Any, ...]] = []
        self.postings: list[tuple[Any, ...]] = []
        self.stock: dict[tuple[Any, ...], list[int]] = {}
        self.waiting: dict[tuple[int, int], str | None] = {}
        self.amended: dict[int, Facts | None] = {}
        self.newest_day = 0

    def load(self, entries: Iterable[Entry]) -> None:
        """Bring back the entities that the batch speaks of, all in one look-up."""
        subjects = orjson.dumps([*{entry.subject for entry in entries if not entry.refusal}])
        # subject by subject, so that one history at a time is held whole
        rows = groupby(self.connection.execute(EARLIER, (subjects.decode(), *self.place)), key=itemgetter(0))
        self.entities = {subject: Entity(self.batch.topic, map(_accepted, history)) for subject, history in rows}

    def take(self, record: Record, entry: Entry) -> None:
        """Give one record its one outcome, and gather what follows from it."""
        hashed, refusal, number, source, event_id, subject, day, facts = entry
        self.allowance.wire += record.wire
        if refusal is not None:
            self._note(record, entry, Outcome.REJECTED)
            self._keep(record, *refusal[:4])
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
            self._note(record, entry, Outcome.ACCEPTED)
            if day is not None and day > self.newest_day and day <= tomorrow(record.timestamp):
                self.newest_day = day
            self._post(record.offset, entity.accept(Accepted(record.offset, number, source, event_id, hashed, facts)))
        elif known.hash == hashed:
            self._note(record, entry, Outcome.DUPLICATE)
        else:
            self._note(record, entry, Outcome.CONFLICT)
            self._keep(record, CONFLICT_RULE, "id", "other_bytes", {"offset": known.offset})

    def _note(self, record: Record, entry: Entry, outcome: int) -> None:
        self.counts[outcome] += record.offsets
        hashed, _, number, source, event_id, subject, occurred_on, facts = entry
        self.records.append(
            (
                *self.place,
                record.offset,
                outcome,
                number,
                source,
                event_id,
                subject,
                occurred_on,
                record.timestamp,
                hashed,
                orjson.dumps(facts) if outcome in WITH_FACTS else None,
            )
        )

    def _keep(self, record: Record, rule: int, path: str, reason: str, arguments: Arguments) -> None:
        why = (path, reason, arguments_text(arguments))
        self.rejections.append(
            (*self.place, record.offset, int(rule), record.offsets, *why, *self.allowance.keep(record))
        )

    def _post(self, offset: int, effect: Effect) -> None:
        topic, partition = self.place
        for basis, cell, measure in effect.postings:
            events, known, amount = measure
            self.postings.append((topic, partition, offset, *cell, basis, events, known, amount // LOW, amount % LOW))
        for basis, cell, measure in effect.stock:
            _accumulate(self.stock, (basis, *cell[1:]), measure)
        if effect.waiting:
            self.waiting.update(effect.waiting)
        if effect.amended:
            self.amended.update(effect.amended)

    def write(self) -> None:
        """Write all rows and advance the position; the caller commits."""
        many = self.connection.executemany
        many(INSERT_RECORD, self.records)
        many(INSERT_REJECTION, self.rejections)
        many(INSERT_POSTING, self.postings)
        for add_up in ADD_UP:
            self.connection.execute(add_up, (*self.place, self.batch.start))
        many(ADD_STOCK, _both_sides(self.stock))
        many(DELETE_WAITING, [(*self.place, *key) for key in self.waiting])
        many(INSERT_WAITING, [(*self.place, *key, reason) for key, reason in self.waiting.items() if reason])
        many(INSERT_AMENDMENT, [(*self.place, offset, _json(facts)) for offset, facts in self.amended.items()])
        self._advance()

    def _advance(self) -> None:
        batch, counts = self.batch, self.counts
        gap = batch.end - batch.start - sum(counts.values())
        last = self.records[-1] if self.records else None
        cursor = self.connection.execute(
            ADVANCE,
            (
                batch.end,
                *counts.values(),
                gap,
                self.newest_day,
                self.allowance.left,
                last[2] if last else None,
                last[10] if last else None,
                *self.place,
                batch.start,
            ),
        )
        assert cursor.rowcount == 1, "the position moved inside its own transaction"


def tomorrow(timestamp: int) -> int:
    """YYYYMMDD of the day after a broker's timestamp (milliseconds, UTC): no business date of its time is later,
    wherever its office is. A producer may have set it to anything."""
    seconds = min(max(timestamp, 0) // 1000, LAST_SECOND)
    return day_number((datetime.fromtimestamp(seconds, UTC) + timedelta(days=1)).date())


def _json(facts: Facts | None) -> bytes | None:
    return None if facts is None else orjson.dumps(facts)


LAST_SECOND = int(datetime(2199, 12, 30, tzinfo=UTC).timestamp())
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
