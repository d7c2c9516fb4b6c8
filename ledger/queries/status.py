"""Status of a book: each partition with the end of the log, and whether every offset is accounted for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ledger.book.book import Book
from ledger.book.verified import verified_of
from ledger.book.wal import wal_bytes
from ledger.queries.snapshot import read_snapshot
from schemas.errors import LedgerError
from schemas.topics import TopicPartition

if TYPE_CHECKING:
    from streams.cluster import Cluster
    from streams.outlook import Outlook
    from streams.reader import Bounds
    from streams.retention import Loss
    from streams.transactions import OpenTransaction


def ignore_reason(reason: str) -> None:
    """Ignore a reason."""


@dataclass(frozen=True)
class Status:
    """Partitions with the end of the log, open transactions that block records, and records that the log will delete.
    The columns of the partitions are those of `ip-ledger status --json`."""

    book: str
    fold_version: int
    share: str
    partitions: list[dict[str, Any]]
    transactions: list[dict[str, Any]]
    retention: list[dict[str, Any]]
    balanced: bool
    age_seconds: float | None
    wal_bytes: int
    verified: dict[str, Any] | None = None
    """The last verification: its position, time and command; None if there was none."""

    @property
    def held_up(self) -> bool:
        """True if records have waited behind an open transaction for longer than transactions take."""
        from streams.transactions import OPEN_SECONDS

        ages = [transaction["open_seconds"] for transaction in self.transactions]
        return any(age is None or age >= OPEN_SECONDS for age in ages)

    def as_json(self) -> dict[str, Any]:
        """Return the output of `ip-ledger status --json`."""
        return asdict(self)


def status(
    book: Book,
    cluster: Cluster | None = None,
    on_unknown: Callable[[str], None] = ignore_reason,
    archived: Mapping[TopicPartition, int] | None = None,
) -> Status:
    """Return the status of a book. The data of the log is None if no broker answers; `on_unknown` gets the reason.
    `archived` is where the archive ends in each partition, None without one."""
    with read_snapshot(book) as (_, age):
        positions, verified = book.positions(), verified_of(book)
    # after the positions, so that a running worker never seems ahead of the log
    next_offsets = {(position.topic, position.partition): position.next for position in positions}
    outlook = _outlook(cluster, next_offsets, on_unknown) if cluster else None
    bounds_of, transactions, losses = (
        (outlook.bounds, outlook.transactions, outlook.losses) if outlook else ({}, [], [])
    )
    waiting = {(held.topic, held.partition): held.waiting for held in transactions}
    partitions = []
    for position in positions:
        topic_partition = position.topic, position.partition
        bounds = bounds_of.get(topic_partition)
        partitions.append(
            {
                "topic": position.topic,
                "partition": position.partition,
                "first": position.first,
                "next": position.next,
                "end": bounds and bounds.end,
                "high": bounds and bounds.high,
                "waiting": bounds and waiting.get(topic_partition, 0),
                "lag": bounds and bounds.high - position.next,
                "accepted": position.accepted,
                "duplicate": position.duplicate,
                "conflict": position.conflict,
                "rejected": position.rejected,
                "gap": position.gap,
            }
        )
    return Status(
        book=str(book.path),
        fold_version=int(book.fold_version),
        share=book.share.text,
        partitions=partitions,
        transactions=[_open(transaction, cluster) for transaction in transactions if cluster],
        retention=[_retention(loss, bounds_of, archived) for loss in losses],
        balanced=all(position.balanced for position in positions),
        age_seconds=age,
        wal_bytes=wal_bytes(book.path),
        verified=verified and verified.as_json(time.time(), sum(next_offsets.values())),
    )


def _retention(
    loss: Loss, bounds: Mapping[TopicPartition, Bounds], archived: Mapping[TopicPartition, int] | None
) -> dict[str, Any]:
    from streams.retention import unarchived

    missing = None if archived is None else unarchived(loss.topic, bounds, archived)
    return loss._asdict() | {"unarchived": missing, "message": loss.message() + unarchived_text(missing)}


def unarchived_text(missing: int | None) -> str:
    """Return the end of a sentence about a topic that deletes records."""
    if missing is None:
        return "; no archive is known (LEDGER_ARCHIVE)"
    return f"; {missing:,} of its offsets are not archived" if missing else "; all of it is archived"


def _open(transaction: OpenTransaction, cluster: Cluster) -> dict[str, Any]:
    from streams.transactions import open_for

    return transaction._asdict() | {
        "open_seconds": None if transaction.since is None else round(open_for(transaction, time.time()), 1),
        "message": transaction.message(),
        "next_step": transaction.step(cluster),
    }


def _outlook(
    cluster: Cluster, next_offsets: dict[TopicPartition, int], on_unknown: Callable[[str], None]
) -> Outlook | None:
    """Return the outlook of the log; None if no broker answers."""
    from streams.outlook import look_at  # only now: Kafka's client takes longer to import than the rest to run

    try:
        outlook = look_at(cluster, next_offsets)
    except LedgerError as error:
        on_unknown(f"The end of the log is not known: {error}")
        return None
    if outlook.not_known:
        on_unknown(f"Whether records will be deleted is not known: {outlook.not_known}")
    return outlook
