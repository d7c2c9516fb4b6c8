"""The fold: from a batch and the history of its subjects to everything that the batch adds to the book.

Pure and deterministic. The worker, replay and verify call it and write the rows that it returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import orjson

from ledger.merkle.tiles import Edge
from ledger.posting.cells import BLOCK, LOW
from ledger.posting.constants import CONFLICT_RULE, OUTCOMES, WITH_FACTS, Outcome
from ledger.posting.days import day_number
from ledger.posting.decoding import DecodedRecord, RecordSource, decode_record, unreadable
from ledger.posting.entity import Accepted, Effect, Entity, EntityState
from ledger.posting.facts import Facts, IndustryOf
from ledger.posting.kept import Allowance
from ledger.posting.leaf import Grown, grown, key_hash
from ledger.posting.rows import KEY_COLUMNS
from ledger.posting.sums import Sums, Values
from schemas.topics import TOPICS
from schemas.wording import Arguments, arguments_text
from streams.batch import Batch, Record


class DecodedBatch(NamedTuple):
    """A batch with its decoded records; duplicates and conflicts are not yet known."""

    batch: Batch
    records: list[DecodedRecord]

    @property
    def subjects(self) -> set[str]:
        """The subjects whose history the fold needs."""
        return {one.subject for one in self.records if one.refusal is None and one.subject is not None}


class History(NamedTuple):
    """The book's state before a batch: the partition's allowance in bytes for rejected records, the entities of the
    batch's subjects, and the right edge of the partition's tree. The fold owns and changes the entities."""

    allowance: int
    entities: Mapping[str, Entity]
    edge: Edge = Edge()


@dataclass(slots=True)
class Rows:
    """Everything that a batch adds to the book, as rows of its tables."""

    batch: Batch
    records: list[Values] = field(default_factory=list)
    rejections: list[Values] = field(default_factory=list)
    postings: list[Values] = field(default_factory=list)
    sums: Sums = field(default_factory=Sums)
    """Additions to `total`, `summary` and `stock`."""
    no_effect: dict[tuple[int, int], str | None] = field(default_factory=dict)
    """(offset, basis) -> why that event has no effect; None if it now has."""
    revised: dict[int, Facts | None] = field(default_factory=dict)
    entities: dict[str, list[Values]] = field(default_factory=dict)
    """Table -> rows to insert; each replaces the row with the same key."""
    gone: dict[str, list[Values]] = field(default_factory=dict)
    """Table -> keys of rows to delete."""
    counts: dict[int, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    """Outcome -> number of offsets."""
    newest_day: int = 0
    allowance: int = 0
    last: tuple[int, bytes] | None = None
    """(offset, hash) of the last record."""
    tree: Grown = field(default_factory=lambda: Grown(0, []))


def decode(batch: Batch, partitions: int, industry_of: IndustryOf) -> DecodedBatch:
    """Decode and check each record of a batch. `partitions` is the topic's fixed number of partitions."""
    source = RecordSource(batch.topic, batch.partition, partitions, industry_of)
    return DecodedBatch(batch, [_decoded(source, record) for record in batch.records])


def fold(decoded: DecodedBatch, history: History) -> Rows:
    """Return everything that a batch adds to the book.

    Raise ValueError, LookupError or TypeError if the fold did not write this history.
    """
    folding = _Folding(decoded.batch, history)
    for record, one in zip(decoded.batch.records, decoded.records, strict=True):
        folding.take(record, one)
    return folding.rows()


def tomorrow(timestamp: int) -> int:
    """Return the day (YYYYMMDD) after a record's timestamp (milliseconds, UTC): no time zone is further ahead. Accept
    any timestamp, as the producer may have set it."""
    seconds = min(max(timestamp, 0) // 1000, _LAST_SECOND)
    return day_number((datetime.fromtimestamp(seconds, UTC) + timedelta(days=1)).date())


def _decoded(source: RecordSource, record: Record) -> DecodedRecord:
    if record.fault is not None:
        return unreadable(record.value or b"", record.fault)
    decoded = decode_record(source, record.key, record.value, record.headers)
    return decoded if record.erased is None else decoded._replace(hash=record.erased)


class _Folding:
    """The fold of one batch in progress."""

    def __init__(self, batch: Batch, history: History) -> None:
        self._batch = batch
        self._place = (TOPICS[batch.topic].number, batch.partition)
        self._allowance = Allowance(history.allowance)
        self._edge = history.edge
        self._leaves: list[tuple[int | bytes, ...]] = []
        self._entities = dict(history.entities)
        self._before: dict[str, EntityState | None] = {}
        """Subject -> state before the batch of each entity that the batch changes; None if it is new."""
        self._rows = Rows(batch)

    def take(self, record: Record, decoded: DecodedRecord) -> None:
        """Decide the outcome of one record and collect its rows."""
        hashed, refusal, number, source, event_id, subject, day, facts = decoded
        self._allowance.wire += record.wire
        key = key_hash(record.key)
        if refusal is not None:
            self._note(record, decoded, Outcome.REJECTED, key)
            self._keep(record, key, *refusal[:4])
            return
        assert number is not None, "a record without a refusal has a type"
        assert source is not None, "... a source"
        assert event_id is not None, "... an id"
        assert subject is not None, "... and a subject"
        entity = self._entity(subject)
        known = entity.existing(source, event_id)
        if known is None:
            self._note(record, decoded, Outcome.ACCEPTED, key)
            rows = self._rows
            if day is not None and rows.newest_day < day <= tomorrow(record.timestamp):
                rows.newest_day = day
            if subject not in self._before:
                self._before[subject] = entity.state() if entity.first >= 0 else None
            self._post(record.offset, entity.accept(Accepted(record.offset, number, source, event_id, hashed, facts)))
        elif known[1] == hashed:
            self._note(record, decoded, Outcome.DUPLICATE, key)
        else:
            self._note(record, decoded, Outcome.CONFLICT, key)
            self._keep(record, key, CONFLICT_RULE, "id", "other_bytes", {"offset": known[0]})

    def rows(self) -> Rows:
        """Return the collected rows."""
        rows = self._rows
        for subject, before in self._before.items():
            entity = self._entities[subject]
            after = entity.state()
            self._put(entity.first, before, after)
            rows.sums.change_stock(before.stock if before else [], after.stock)
        rows.allowance = self._allowance.left
        rows.tree = grown(self._edge, self._leaves)
        if rows.records:
            offset, hashed = rows.records[-1][2], rows.records[-1][10]
            rows.last = (offset, hashed)
        return rows

    def _entity(self, subject: str) -> Entity:
        entity = self._entities.get(subject)
        if entity is None:
            entity = self._entities[subject] = Entity(self._batch.topic)
        return entity

    def _note(self, record: Record, decoded: DecodedRecord, outcome: int, key: bytes) -> None:
        offset, timestamp, its_key, value, _, _, _, offsets, _ = record
        self._rows.counts[outcome] += offsets
        hashed, _, number, source, event_id, subject, occurred_on, facts = decoded
        there = its_key is not None, value is not None
        self._leaves.append((outcome, *there, offsets, offset, timestamp, key, hashed))
        self._rows.records.append(
            (
                *self._place,
                offset,
                outcome,
                number,
                source,
                event_id,
                subject,
                occurred_on,
                timestamp,
                hashed,
                orjson.dumps(facts) if outcome in WITH_FACTS else None,
            )
        )

    def _keep(self, record: Record, key: bytes, rule: int, path: str, reason: str, arguments: Arguments) -> None:
        why = (path, reason, arguments_text(arguments))
        kept = self._allowance.keep(record)
        self._rows.rejections.append((*self._place, record.offset, int(rule), record.offsets, *why, *kept, key))

    def _post(self, offset: int, effect: Effect) -> None:
        topic, partition = self._place
        postings = self._rows.postings
        block = offset // BLOCK
        for basis, (kind, date, region, right, industry, currency), (events, known, amount) in effect.postings:
            key = (topic, partition, block, kind, date, offset, region, right, industry, currency, basis)
            postings.append((*key, events, known, amount // LOW, amount % LOW))
        self._rows.sums.add(effect.postings)
        if effect.no_effect:
            self._rows.no_effect.update(effect.no_effect)
        if effect.revised:
            self._rows.revised.update(effect.revised)

    def _put(self, first: int, before: EntityState | None, after: EntityState) -> None:
        """Collect the rows that turn an entity's earlier state into its present one."""
        partition = self._place[1]
        entities, gone = self._rows.entities, self._rows.gone
        if before is None:
            for table, basis, row in after.rows:
                entities.setdefault(table, []).append((partition, first, basis, *row))
            return
        was, new = set(before.rows), set(after.rows)
        keys = set()
        for table, basis, row in after.rows:
            if (table, basis, row) in was:
                continue
            entities.setdefault(table, []).append((partition, first, basis, *row))
            keys.add((table, basis, row[: KEY_COLUMNS[table]]))
        for table, basis, row in before.rows:
            key = row[: KEY_COLUMNS[table]]
            if (table, basis, row) not in new and (table, basis, key) not in keys:
                gone.setdefault(table, []).append((partition, first, basis, *key))


_LAST_SECOND = int(datetime(2199, 12, 30, tzinfo=UTC).timestamp())
