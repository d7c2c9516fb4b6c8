"""The records whose names of persons are erased, or shall be, by events in the log."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

import orjson

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.book.past import PastBook
from ledger.queries.show import revisions_of
from schemas.events import ERASED
from schemas.topics import TOPICS

_EVENTS = """SELECT r.partition, r."offset", coalesce(c.facts, r.facts), c.facts IS NOT NULL, r.subject, r.source, r.id
  FROM record AS r
  LEFT JOIN amendment AS a ON a.topic = r.topic AND a.partition = r.partition AND a."offset" = r."offset"
  LEFT JOIN record AS c ON c.topic = a.topic AND c.partition = a.partition AND c."offset" = a.corrected_by
  WHERE r.topic = ? AND r.type = ? AND r.outcome = 1 AND (a."offset" IS NULL OR a.corrected_by IS NOT NULL)
  ORDER BY r.partition, r."offset" """
_TOPIC = "ip.reference.v1"


class DemandedErasure(NamedTuple):
    """An erasure of a record: its law, the place of the event that demands it, the hash of the record's bytes, and the
    place of the record with the law: a correction of that event, if there is one."""

    law: str
    event: str
    value_hash: bytes
    stated_in: str

    def as_json(self) -> dict[str, str]:
        """Return law and event."""
        return {"law": self.law, "event": self.event}


ErasedBytes = tuple[str, int, int, bytes]
"""The bytes that are erased: topic, partition and offset of the record, and their hash."""


def erasures(book: Book) -> dict[ErasedBytes, DemandedErasure]:
    """Return the erasures by the bytes that they name, as known now, without those that were voided. Of several events
    the first one counts: no later event, with another hash or another law, changes what was erased."""
    present = book.present if isinstance(book, PastBook) else book
    with translated_errors(present.path):
        rows = present.connection.execute(_EVENTS, (TOPICS[_TOPIC].number, ERASED)).fetchall()
    found: dict[ErasedBytes, DemandedErasure] = {}
    for partition, offset, content, corrected, *original in rows:
        facts = orjson.loads(content)[1] if corrected else orjson.loads(content)
        event = f"{_TOPIC}:{partition}={offset}"
        stated_in = _correction(present, *original) if corrected else event
        for one in facts["records"]:
            value_hash = bytes.fromhex(one["value_hash"])
            erasure = DemandedErasure(facts["law"], event, value_hash, stated_in)
            found.setdefault((one["topic"], one["partition"], one["offset"], value_hash), erasure)
    return found


def _correction(book: Book, subject: str, source: str, key: str | bytes) -> str:
    """Return the place of the last correction of an erasure that was corrected."""
    text = str(UUID(bytes=key)) if isinstance(key, bytes) else key
    known = {"topic": _TOPIC, "type": "ip.reference.erased.v1", "subject": subject, "source": source, "id": text}
    return str(revisions_of(book, known)[-1]["place"])
