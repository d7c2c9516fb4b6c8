"""The verified position of a book: a small file next to it, written by `verify`, valid for this book only.

It has the position and the root of each partition's tree. A book that was replaced or rewritten does not have
them, and counts as not verified.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.book.position import position_text
from ledger.book.trees import tree_of
from ledger.durable import write_durably
from ledger.merkle.tree import TileTooShort
from ledger.posting.constants import CONSTANTS
from schemas.topics import TOPICS

_SIZES = "SELECT topic, partition, first, next, leaves FROM position"


class VerifiedHead(NamedTuple):
    """A partition up to a position: its offsets [first, next), and the size and root of its tree."""

    topic: str
    partition: int
    first: int
    next: int
    leaves: int
    root: str


_TYPES_OF_HEAD = [str, int, int, int, int, str]


class Verified(NamedTuple):
    """A verification: its time (ISO, in UTC), its command and its result. `digest` is that of the whole book,
    `checkpoint` the number of the last statement within the position."""

    book: str
    fold_version: str
    industry_map: str
    at: str
    by: str
    digest: str | None
    checkpoint: int | None
    partitions: list[VerifiedHead]

    @property
    def position(self) -> str:
        """The position as text."""
        return position_text(self.partitions)

    def seconds_at(self, now: float) -> float:
        """Return the seconds since it was verified."""
        return max(0.0, round(now - datetime.fromisoformat(self.at).timestamp(), 3))

    def as_json(self, now: float, offsets: int) -> dict[str, Any]:
        """Return the part of `ip-ledger status --json` about verification, for a book with this many offsets now."""
        return {
            "position": self.position,
            "at": self.at,
            "age_seconds": self.seconds_at(now),
            "by": self.by,
            "digest": self.digest,
            "checkpoint": self.checkpoint,
            "offsets_since": offsets - sum(head.next for head in self.partitions),
        }


def verified_path(book: Path) -> Path:
    """Return the path of the file next to a book."""
    return book.with_name(f"{book.name}.verified")


def heads_of(book: Book) -> list[VerifiedHead]:
    """Return the partitions of a book at its position, in order of topic name and partition."""
    with translated_errors(book.path):
        rows = book.connection.execute(_SIZES).fetchall()
    return sorted(
        VerifiedHead(topic, partition, first, following, leaves, tree_of(book, topic, partition).root().hex())
        for number, partition, first, following, leaves in rows
        for topic in [CONSTANTS["topic"][number]]
    )


def verified_now(
    book: Book, heads: Iterable[VerifiedHead], by: str, digest: str | None = None, checkpoint: int | None = None
) -> Verified:
    """Return that a book was verified up to these heads at this moment."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    facts = (book.meta.get("book_id", ""), book.fold_version, book.meta.get("industry_map", ""), at, by)
    return Verified(*facts, digest, checkpoint, list(heads))


def keep_verified(path: Path, verified: Verified) -> None:
    """Write next to the book at `path` how far it was verified. Raise BookFault, BookFull."""
    partitions = [head._asdict() for head in verified.partitions]
    with translated_errors(path):
        write_durably(verified_path(path), orjson.dumps(verified._asdict() | {"partitions": partitions}))


def verified_of(book: Book) -> Verified | None:
    """Return how far a book was verified; None if it never was, or if the book has not what was verified."""
    try:
        kept = orjson.loads(verified_path(book.path).read_bytes())
        found = Verified(**kept | {"partitions": [VerifiedHead(**head) for head in kept["partitions"]]})
        if not _has_types(found) or datetime.fromisoformat(found.at).tzinfo is None:
            return None
    except (OSError, ValueError, TypeError, KeyError):  # a file of nobody knows what says nothing
        return None
    same = (book.meta.get("book_id"), book.fold_version, book.meta.get("industry_map")) == found[:3]
    return found if same and _holds(book, found.partitions) else None


def _has_types(found: Verified) -> bool:
    """Return True if all values have the types that they were written with."""
    notes = isinstance(found.digest, str | None) and isinstance(found.checkpoint, int | None)
    heads = all([type(value) for value in head] == _TYPES_OF_HEAD for head in found.partitions)
    return notes and heads and all(isinstance(text, str) for text in found[:5])


def _holds(book: Book, heads: list[VerifiedHead]) -> bool:
    """Return True if the book continues each of these heads."""
    now = {(one.topic, one.partition): one for one in book.positions()}
    for head in heads:
        position = now.get((head.topic, head.partition))
        if position is None or head.topic not in TOPICS or position.first != head.first or position.next < head.next:
            return False
        tree = tree_of(book, head.topic, head.partition)
        try:
            if head.leaves > tree.size or tree.root(head.leaves).hex() != head.root:
                return False
        except TileTooShort:
            return False
    return True
