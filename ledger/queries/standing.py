"""The event that has an id already."""

from __future__ import annotations

from typing import NamedTuple

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.queries.show import Place
from schemas.codec import Judged
from schemas.id_keys import id_key
from schemas.topics import TOPICS

_SQL = """SELECT partition, "offset", hash FROM record
WHERE outcome = 1 AND subject = ? AND topic = ? AND source = ? AND id = ?"""


class Standing(NamedTuple):
    """The place of an accepted record, and its hash."""

    place: Place
    value_hash: bytes


def standing(book: Book, judged: Judged) -> Standing | None:
    """Return the accepted record with the subject, source and id of an event; None if there is none."""
    event, topic = judged.event, judged.type.topic
    key = (event.subject, TOPICS[topic].number, event.source, id_key(event.id))
    with translated_errors(book.path):
        row = book.connection.execute(_SQL, key).fetchone()
    return None if row is None else Standing(Place(topic, row[0], row[1]), row[2])
