"""Warnings for revisions whose target is unknown.

Such revisions are accepted, and wait in the view `unmatched` until the target arrives; most have a mistyped id.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from schemas.codec import Judged
from schemas.events import Role
from schemas.id_keys import id_key
from schemas.topics import TOPICS, partition_of

REMEMBERED = 100_000
"""Remember at least this many of the earlier events of a run, then forget the oldest."""

_TARGET = """SELECT 1 FROM record
WHERE subject = ? AND outcome = 1 AND topic = ? AND partition = ? AND type = ? AND source = ? AND id = ? LIMIT 1"""
_NEXT = "SELECT next FROM position WHERE topic = ? AND partition = ?"


class Targets:
    """Looks for targets in a book, and among the earlier events of the same run."""

    def __init__(self, open_book: Callable[[], Book | None]) -> None:
        """Keep `open_book` for the first target that is not among earlier events. Without a book, warn of nothing."""
        self._open_book = open_book
        self._older: set[Hashable] = set()
        self._newer: set[Hashable] = set()

    def warning(self, judged: Judged) -> str | None:
        """Return a warning if this event revises an unknown one, with the position of the book. Raise BookFault,
        BookDamaged."""
        event, event_type = judged
        if event_type.role == Role.ORIGINAL:
            self._remember((event_type.family, event.source, event.subject, id_key(event.id)))
            return None
        target = id_key(event.data.target)
        name = (event_type.family, event.source, event.subject, target)
        if name in self._newer or name in self._older:
            return None
        if self._book is None:
            return None
        topic = event_type.topic
        partition = partition_of(event.subject.encode(), self._book.log.partitions[topic])
        numbers = (TOPICS[topic].number, partition)
        with translated_errors(self._book.path):
            ask = self._book.connection.execute
            next_offset = ask(_NEXT, numbers).fetchone()[0]
            if ask(_TARGET, (event.subject, *numbers, event_type.family, event.source, target)).fetchone():
                return None
        return (
            f"its target {event.data.target} is not in the book at {topic}:{partition}={next_offset}, nor among the "
            "lines before: it has no effect until its target arrives"
        )

    @cached_property
    def _book(self) -> Book | None:
        return self._open_book()

    def _remember(self, name: Hashable) -> None:
        if len(self._newer) >= REMEMBERED:
            self._older, self._newer = self._newer, set()
        self._newer.add(name)
