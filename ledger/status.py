"""Where the book stands: each partition against the log's end, and whether every offset is accounted for."""

from __future__ import annotations

from typing import Any

from ledger.book.book import Book
from ledger.book.wal import wal_bytes
from ledger.output import talk
from ledger.views.query import one_state
from schemas.errors import LedgerError
from schemas.topics import TOPICS
from streams.cluster import Cluster
from streams.reader import Reader


def status(book: Book, cluster: Cluster | None) -> dict[str, Any]:
    """As `ip-ledger status --json` prints it; ends and lag are None where the broker does not answer."""
    with one_state(book) as (positions, age):
        pass
    ends = _ends(cluster)  # after the positions: a worker that goes on meanwhile must not seem ahead of the log
    partitions = []
    for position in positions:
        end = ends.get((position.topic, position.partition))
        partitions.append(
            {
                "topic": position.topic,
                "partition": position.partition,
                "first": position.first,
                "next": position.next,
                "end": end,
                "lag": None if end is None else end - position.next,
                "accepted": position.accepted,
                "duplicate": position.duplicate,
                "conflict": position.conflict,
                "rejected": position.rejected,
                "gap": position.gap,
            }
        )
    return {
        "book": str(book.path),
        "fold_version": int(book.fold_version),
        "partitions": partitions,
        "balanced": all(position.balanced for position in positions),
        "age_seconds": age,
        "wal_bytes": wal_bytes(book.path),
    }


def _ends(cluster: Cluster | None) -> dict[tuple[str, int], int]:
    if cluster is None:
        return {}
    try:
        with Reader(cluster) as reader:
            return {place: bounds.end for place, bounds in reader.bounds(TOPICS).items()}
    except LedgerError as error:
        talk(f"The end of the log is not known: {error}")
        return {}
