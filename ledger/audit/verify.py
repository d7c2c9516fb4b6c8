"""Verify: comparison of a snapshot of the book with a replay of the log to its position, row by row."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ledger.audit.diff import Difference, first_differences
from ledger.audit.together import Progress, post_ranges
from ledger.book import book as books
from ledger.book.book import Book, PartitionState
from ledger.book.connection import require_sound, snapshot, translated_errors
from ledger.book.draft import faults_of_making
from ledger.book.installed_views import installed_version, views_version
from ledger.book.position import position_text
from ledger.book.recognition import same_log, same_shape
from schemas.topics import TOPICS, TopicPartition
from streams.cluster import Cluster, LogIdentity, identity
from streams.fetch import LogHasHoles
from streams.reader import Bounds, Reader
from streams.shape import LogShapeDiffers, Shape, read_shape


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """The verdict is `equal`, `different`, or `incomplete`: no difference found, but the log no longer holds all of
    the book's records, or may have events outside the book; `reason` explains which."""

    verdict: str
    position: str
    records: int
    seconds: float
    digest: str
    tables: dict[str, int]
    differences: list[Difference]
    reason: str = ""
    views: str = ""
    """The version of the views in the book if it is not this program's; the verdict does not depend on it."""

    def as_json(self) -> dict[str, Any]:
        """Return the output of `ip-ledger verify --json`."""
        document = asdict(self)
        position = document.pop("position")
        return {**document, "position": position}


def verify(
    cluster: Cluster, path: Path, progress: Progress = lambda done, whole: None, processes: int | None = 1
) -> VerifyReport:
    """Compare the book with the log. A worker may continue meanwhile, as a snapshot is compared. `processes`: see
    `post_ranges`.

    This creates two temporary books (in TMPDIR): the snapshot, so that the book itself is not locked while the log is
    read, and the replay. Raise BookUnavailable, BookDamaged, NotMade, OtherLog, BrokerUnavailable.
    """
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="ip-ledger-verify-") as directory,
        faults_of_making(Path(directory), Path(directory)),
    ):
        taken, again = Path(directory, "book.db"), Path(directory, "log.db")
        require_sound(path)
        snapshot(path, taken)
        with Book(taken) as book:
            found = identity(cluster)
            same_log(book, found)
            shape = read_shape(cluster)
            same_shape(book, shape, shape.partitions)
            positions = book.positions()
            views = installed_version(book.connection)
            records, reason = _replayed(cluster, book, positions, again, progress, processes)
            reason = reason or _events_elsewhere(shape, found)
        with translated_errors(path):
            tables, digest, differences = first_differences(taken, again if records is not None else taken)
    return VerifyReport(
        "different" if differences else "incomplete" if reason else "equal",
        position_text(positions),
        records or 0,
        round(time.monotonic() - began, 3),
        digest,
        tables,
        differences,
        reason,
        "" if views == views_version() else views,
    )


def _replayed(
    cluster: Cluster,
    book: Book,
    positions: list[PartitionState],
    path: Path,
    progress: Progress,
    processes: int | None,
) -> tuple[int | None, str]:
    """Build a book at `path` from the log up to the positions. Return the number of records read, None if the log no
    longer holds all; and why the verdict cannot be `equal`, empty if it can."""
    with Reader(cluster) as reader:
        bounds = _known(reader.bounds(TOPICS), book.shape)
    ranges = _ranges(positions, bounds)
    for (topic, partition), (first, _) in ranges.items():
        if bounds[topic, partition].first > first:
            return None, f"the log of {topic}:{partition} begins at {bounds[topic, partition].first}"
    firsts = {place: first for place, (first, _) in ranges.items()}
    books.create(path, book.log, firsts, book.industry_map, book.shape.unpacked_bytes)
    try:
        records = post_ranges(cluster, book.shape.unpacked_bytes, path, ranges, progress, processes)
    except LogHasHoles as error:
        facts = error.facts
        gone = f"[{facts['start']}, {facts['end']})"
        return None, f"the log of {facts['topic']}:{facts['partition']} no longer holds {gone}"
    partial = [f"{topic}:{partition}" for (topic, partition), first in firsts.items() if first]
    return records, f"the book begins after offset 0 in {', '.join(partial)}" if partial else ""


def _known(bounds: Mapping[TopicPartition, Bounds], shape: Shape) -> dict[TopicPartition, Bounds]:
    """Return the bounds of the partitions that are in the log's shape."""
    return {(name, number): bound for (name, number), bound in bounds.items() if number < shape.partitions[name]}


def _events_elsewhere(shape: Shape, log: LogIdentity) -> str:
    """Return why there may be events in partitions that the book does not have; empty if there are none."""
    try:
        shape.require(log.partitions)
    except LogShapeDiffers as error:
        return str(error)
    return ""


def _ranges(
    positions: list[PartitionState], bounds: Mapping[TopicPartition, Bounds]
) -> dict[TopicPartition, tuple[int, int]]:
    """Return the range of each partition of the log to read. A book with more than the log holds, or with other
    partitions, is compared all the same: its positions will differ."""
    posted = {(position.topic, position.partition): (position.first, position.next) for position in positions}
    ranges = {}
    for place, bound in bounds.items():
        first, next_ = posted.get(place, (bound.first, bound.first))
        ranges[place] = (first, max(first, min(next_, bound.end)))
    return ranges
