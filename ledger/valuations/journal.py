"""The accepted events of a book before a position: what is in the log later is not seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.posting.entity import Accepted, Entity
from schemas.topics import TOPICS, Offsets, TopicPartition, partition_of

_EVENTS = """SELECT "offset", type, source, id, hash, facts FROM record INDEXED BY record_by_subject
  WHERE outcome = 1 AND subject = ? AND topic = ? AND partition = ? AND "offset" < ? ORDER BY "offset" """
_CHANGED = """SELECT DISTINCT subject FROM record
  WHERE topic = ? AND partition = ? AND "offset" >= ? AND "offset" < ? AND outcome = 1"""
_OF_TYPE = """SELECT DISTINCT subject FROM record
  WHERE topic = ? AND partition = ? AND "offset" < ? AND outcome = 1 AND type = ?"""
_LAST = 'SELECT max("offset") FROM record WHERE topic = ? AND partition = ? AND "offset" < ?'


class Journal:
    """The events of a book before a position, which can be moved in both directions."""

    def __init__(self, book: Book) -> None:
        self._book, self._connection = book, book.connection
        self._partitions = book.log.partitions
        self.offsets: dict[TopicPartition, int] = {}

    def move(self, offsets: Offsets, topics: Iterable[str]) -> dict[str, set[str]]:
        """Move to another position. Return the subjects of these topics that may differ there, by topic."""
        changed = {topic: self._changed(topic, offsets) for topic in topics}
        self.offsets = dict(offsets)
        return changed

    def entity(self, topic: str, subject: str) -> Entity:
        """Return an entity as it was; without events if the log did not know it."""
        partition = partition_of(subject.encode(), self._partitions[topic])
        where = (subject, TOPICS[topic].number, partition, self.offsets.get((topic, partition), 0))
        with translated_errors(self._book.path):
            return Entity(topic, subject, [_accepted(row) for row in self._connection.execute(_EVENTS, where)])

    def subjects(self, topic: str, event_type: int) -> list[str]:
        """Return the subjects of the accepted events of a type, sorted. It reads the whole topic."""
        found: set[str] = set()
        for partition in range(self._partitions[topic]):
            where = (TOPICS[topic].number, partition, self.offsets.get((topic, partition), 0), event_type)
            with translated_errors(self._book.path):
                found.update(subject for (subject,) in self._connection.execute(_OF_TYPE, where))
        return sorted(found)

    def place(self, topic: str, subject: str, offset: int) -> tuple[int, int, int]:
        """Return the place of an event of a subject: number of the topic, partition, offset."""
        return TOPICS[topic].number, partition_of(subject.encode(), self._partitions[topic]), offset

    def _changed(self, topic: str, offsets: Offsets) -> set[str]:
        found: set[str] = set()
        for partition in range(self._partitions[topic]):
            start, end = sorted((self.offsets.get((topic, partition), 0), offsets.get((topic, partition), 0)))
            if start < end:
                where = (TOPICS[topic].number, partition, start, end)
                with translated_errors(self._book.path):
                    found.update(subject for (subject,) in self._connection.execute(_CHANGED, where))
        return found


def after_last_record(book: Book, offsets: Offsets) -> dict[TopicPartition, int]:
    """Return the same position in its one form: each offset follows a record, and partitions without one are left out.

    Transaction markers, which the ledger's own answers add, make no difference.
    """
    found = {}
    for (topic, partition), offset in sorted(offsets.items()):
        with translated_errors(book.path):
            (last,) = book.connection.execute(_LAST, (TOPICS[topic].number, partition, offset)).fetchone()
        if last is not None:
            found[topic, partition] = int(last) + 1
    return found


def _accepted(row: tuple[Any, ...]) -> Accepted:
    offset, number, source, event_id, hashed, facts = row
    return Accepted(offset, number, source, event_id, hashed, orjson.loads(facts))
