"""Verify: a snapshot of the book against a replay of the log to its position, row by row, table by table."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ledger.audit.compare import Difference, first_differences
from ledger.audit.replay import Progress, fold
from ledger.book import book as books
from ledger.book.book import Book, Place, Position
from ledger.book.connection import snapshot
from ledger.book.position import position_text
from ledger.book.recognition import same_log
from schemas.topics import TOPICS
from streams.cluster import Cluster, identity
from streams.reader import Bounds, Reader


@dataclass(frozen=True, slots=True)
class Verdict:
    """`equal`, `different`, or `incomplete`: no difference found, but the log no longer reaches back to offset 0."""

    verdict: str
    position: str
    records: int
    seconds: float
    digest: str
    tables: dict[str, int]
    differences: list[Difference]

    def as_json(self) -> dict[str, Any]:
        """As `ip-ledger verify --json` prints it."""
        return asdict(self)


def verify(cluster: Cluster, path: Path, progress: Progress = lambda done, whole: None) -> Verdict:
    """Hold the book against the log. The worker may go on meanwhile: a snapshot is compared.

    Raises BookUnavailable, OtherLog, BrokerUnavailable.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ip-ledger-verify-") as directory, Reader(cluster) as reader:
        taken, again = Path(directory, "book.db"), Path(directory, "log.db")
        snapshot(path, taken)
        with Book(taken) as book:
            same_log(book, identity(cluster))
            positions, log = book.positions(), book.log
        bounds = reader.bounds(TOPICS)
        held = _holds_from_first(positions, bounds)
        books.create(again, log, {(position.topic, position.partition): position.first for position in positions})
        records = fold(reader, again, _ranges(positions, bounds), progress) if held else 0
        tables, digest, differences = first_differences(taken, again if held else taken)
    whole = held and all(position.first == 0 for position in positions)
    return Verdict(
        "different" if differences else "equal" if whole else "incomplete",
        position_text(positions),
        records,
        round(time.monotonic() - began, 3),
        digest,
        tables,
        differences,
    )


def _holds_from_first(positions: list[Position], bounds: Mapping[Place, Bounds]) -> bool:
    return all(bounds[position.topic, position.partition].first <= position.first for position in positions)


def _ranges(positions: list[Position], bounds: Mapping[Place, Bounds]) -> dict[Place, tuple[int, int]]:
    # A book that says more than the log holds is compared all the same: its position will differ.
    return {
        (position.topic, position.partition): (
            position.first,
            max(position.first, min(position.next, bounds[position.topic, position.partition].end)),
        )
        for position in positions
    }
