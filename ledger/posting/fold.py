"""The fold: from a batch and the history of its subjects to everything that the batch adds to the book.

Pure and deterministic. The worker, replay and verify call it and write the rows that it returns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from ledger.merkle.tiles import Edge
from ledger.posting.cells import BLOCK, LOW
from ledger.posting.constants import CONFLICT_RULE, OUTCOMES, WITH_FACTS, Outcome
from ledger.posting.days import day_number
from ledger.posting.decoding import DecodedRecord, RecordSource, decode_record, unreadable
from ledger.posting.entity import Accepted, Amendment, Effect, Entity, EntityState, Namesake
from ledger.posting.facts import IndustryOf
from ledger.posting.kept import Allowance
from ledger.posting.leaf import Grown, grown, key_hash
from ledger.posting.packed import json_of
from ledger.posting.rows import KEY_COLUMNS
from ledger.posting.sums import Sums, Values
from schemas.topics import TOPICS
from schemas.wording import Arguments, arguments_text
from streams.batch import Batch, Record

MOST_OF_ROWS = 64 << 20
"""The most memory of a batch's rows, and with it the most work: a batch with more is folded in parts."""
OF_A_ROW = 256
"""The memory in bytes, about, of a row of an entity, without its texts."""
OF_A_POSTING = 512
"""The memory in bytes, about, of a posting, as a row and as an addition to sums."""
OF_A_STEP = 64
"""A step that a revision takes again counts like so much memory: at most a million steps, some seconds."""


class DecodedBatch(NamedTuple):
    """A batch with its decoded records; duplicates and conflicts are not yet known."""

    batch: Batch
    records: list[DecodedRecord]

    @property
    def subjects(self) -> set[str]:
        """The subjects whose history the fold needs."""
        return {one.subject for one in self.records if one.refusal is None and one.subject is not None}


class History(NamedTuple):
    """The book's state before a batch: the partition's allowance in bytes for rejected records, (subject, entity) of
    each subject of the batch that the book knows, and the right edge of the partition's tree.

    The fold takes, changes and drops one entity after the other: a life takes many times the memory of its events.
    """

    allowance: int
    entities: Iterable[tuple[str, Entity]]
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
    revised: dict[int, Amendment | None] = field(default_factory=dict)
    """Offset of a revised original -> its amendment; None if it is voided."""
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
    size: int = 0
    """The memory in bytes, about, of rows of entities: a small event may change a large entity."""
    moved: int = 0
    """The memory in bytes, about, of postings, and the work of revisions: each may move all that its subject posted."""


def decode(batch: Batch, partitions: int, industry_of: IndustryOf) -> DecodedBatch:
    """Decode and check each record of a batch. `partitions` is the topic's fixed number of partitions."""
    source = RecordSource(batch.topic, batch.partition, partitions, industry_of)
    return DecodedBatch(batch, [_decoded(source, record) for record in batch.records])


def fold(decoded: DecodedBatch, history: History, most: int = MOST_OF_ROWS) -> Rows | None:
    """Return everything that a batch adds to the book. If that takes more than `most` bytes of memory, or as much work:
    what its first records add if all events have one subject (`Rows.batch` has only these), else None: fold its halves.

    Raise ValueError, LookupError or TypeError if the fold did not write this history.
    """
    folding = _Folding(decoded, history, most)
    if not folding.take_subjects(history.entities):
        return None
    rows = folding.rows
    for index, (record, one) in enumerate(zip(rows.batch.records, decoded.records, strict=False)):
        folding.take(index, record, one)
    return folding.complete()


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

    def __init__(self, decoded: DecodedBatch, history: History, most: int) -> None:
        self._batch, self._decoded = decoded
        self._most, self._several = most, len(decoded.subjects) > 1
        self._partition_numbers = (TOPICS[self._batch.topic].number, self._batch.partition)
        self._allowance = Allowance(history.allowance)
        self._edge = history.edge
        self._leaves: list[tuple[int | bytes, ...]] = []
        self._known: dict[int, Namesake] = {}
        """Index of a record in the batch -> the accepted event that has its source and id already."""
        self.rows = Rows(self._batch)

    def take_subjects(self, entities: Iterable[tuple[str, Entity]]) -> bool:
        """Collect what the valid events of the batch change, subject by subject. Return False once that is too much."""
        indexes: dict[str, list[int]] = {}
        for index, one in enumerate(self._decoded):
            if one.refusal is None:
                assert one.subject is not None, "a record without a refusal has a subject"
                indexes.setdefault(one.subject, []).append(index)
        for subject, entity in entities:
            if not self._take_subject(entity, indexes.pop(subject)):
                return False
        return all(
            self._take_subject(Entity(self._batch.topic, subject), of_new) for subject, of_new in indexes.items()
        )

    def _is_too_much(self) -> bool:
        """Return whether the rows so far are too much. Those of an only entity do not count: each part of its events
        has them."""
        return self.rows.moved + (self.rows.size if self._several else 0) > self._most

    def _take_subject(self, entity: Entity, indexes: Sequence[int]) -> bool:
        """Collect what these events of a subject change; of an only subject, as many as are not too much. Return False
        once that is too much for several."""
        before: EntityState | None = None
        changed = False
        for index in indexes:
            hashed, _, number, source, event_id, _, _, facts = self._decoded[index]
            assert number is not None, "a record without a refusal has a type"
            assert source is not None, "... a source"
            assert event_id is not None, "... and an id"
            known = entity.existing(source, event_id)
            if known is not None:
                self._known[index] = known
                continue
            if not changed and entity.first >= 0:
                before = entity.state()
            changed = True
            offset = self._batch.records[index].offset
            steps = entity.retaken
            self._post(offset, entity.accept(Accepted(offset, number, source, event_id, hashed, facts)))
            self.rows.moved += (entity.retaken - steps) * OF_A_STEP
            if self._is_too_much():
                if self._several:
                    return False
                self.rows.batch = self._batch.until(index + 1)
                break
        if changed:
            after = entity.state()
            self._put(entity, before, after)
            self.rows.sums.change_stock(before.stock if before else [], after.stock)
        return not (self._several and self._is_too_much())

    def take(self, index: int, record: Record, decoded: DecodedRecord) -> None:
        """Note the outcome of one record."""
        self._allowance.wire += record.wire
        key = key_hash(record.key)
        if decoded.refusal is not None:
            self._note(record, decoded, Outcome.REJECTED, key)
            self._keep(record, key, *decoded.refusal[:4])
            return
        known = self._known.get(index)
        if known is None:
            self._note(record, decoded, Outcome.ACCEPTED, key)
            rows, day = self.rows, decoded.occurred_on
            if day is not None and rows.newest_day < day <= tomorrow(record.timestamp):
                rows.newest_day = day
        elif known[1] == decoded.hash:
            self._note(record, decoded, Outcome.DUPLICATE, key)
        else:
            self._note(record, decoded, Outcome.CONFLICT, key)
            self._keep(record, key, CONFLICT_RULE, "id", "other_bytes", {"offset": known[0]})

    def complete(self) -> Rows:
        """Return the collected rows."""
        rows = self.rows
        rows.allowance = self._allowance.left
        rows.tree = grown(self._edge, self._leaves)
        if rows.records:
            offset, hashed = rows.records[-1][2], rows.records[-1][10]
            rows.last = (offset, hashed)
        return rows

    def _note(self, record: Record, decoded: DecodedRecord, outcome: int, key: bytes) -> None:
        offset, timestamp, its_key, value, _, _, _, offsets, _ = record
        self.rows.counts[outcome] += offsets
        hashed, _, number, source, event_id, subject, occurred_on, facts = decoded
        there = its_key is not None, value is not None
        self._leaves.append((outcome, *there, offsets, offset, timestamp, key, hashed))
        self.rows.records.append(
            (
                *self._partition_numbers,
                offset,
                outcome,
                number,
                source,
                event_id,
                subject,
                occurred_on,
                timestamp,
                hashed,
                json_of(facts) if outcome in WITH_FACTS else None,
            )
        )

    def _keep(self, record: Record, key: bytes, rule: int, path: str, reason: str, arguments: Arguments) -> None:
        why = (path, reason, arguments_text(arguments))
        kept = self._allowance.keep(record)
        self.rows.rejections.append(
            (*self._partition_numbers, record.offset, int(rule), record.offsets, *why, *kept, key)
        )

    def _post(self, offset: int, effect: Effect) -> None:
        topic, partition = self._partition_numbers
        postings = self.rows.postings
        block = offset // BLOCK
        for basis, (kind, date, region, right, industry, currency), (events, known, amount) in effect.postings:
            key = (topic, partition, block, kind, date, offset, region, right, industry, currency, basis)
            postings.append((*key, events, known, amount // LOW, amount % LOW))
        self.rows.sums.add(effect.postings)
        self.rows.moved += len(effect.postings) * OF_A_POSTING
        if effect.no_effect:
            self.rows.no_effect.update(effect.no_effect)
        if effect.revised:
            self.rows.revised.update(effect.revised)

    def _put(self, entity: Entity, before: EntityState | None, after: EntityState) -> None:
        """Collect the rows that turn an entity's earlier state into its present one."""
        partition, first, rows = self._partition_numbers[1], entity.first, self.rows
        was = frozenset(before.rows if before else ())
        keys = set()
        for changed in after.rows:
            if changed in was:
                continue
            table, basis, row = changed
            rows.entities.setdefault(table, []).append((partition, first, basis, *row))
            rows.size += OF_A_ROW
            if entity.long_facts:
                rows.size += sum(len(value) for value in row if type(value) is str)
            if before is not None:
                keys.add((table, basis, row[: KEY_COLUMNS[table]]))
        if before is None:
            return
        new = frozenset(after.rows)
        for table, basis, row in before.rows:
            key = row[: KEY_COLUMNS[table]]
            if (table, basis, row) not in new and (table, basis, key) not in keys:
                rows.gone.setdefault(table, []).append((partition, first, basis, *key))
                rows.size += OF_A_ROW


_LAST_SECOND = int(datetime(2199, 12, 30, tzinfo=UTC).timestamp())
