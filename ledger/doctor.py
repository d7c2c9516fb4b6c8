"""The doctor: what a worker and its readers stand on, looked at piece by piece, each finding with the next step."""

from __future__ import annotations

import importlib.metadata
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pysqlite3 as sqlite3

from ledger.book import wal
from ledger.book.book import Book
from ledger.book.connection import OLDEST_SQLITE, require_sound, translate_error
from ledger.book.files import beside
from ledger.book.recognition import recognise
from ledger.posting.constants import FOLD_VERSION
from ledger.queries.status import status
from schemas.errors import LedgerError
from schemas.topics import TOPICS
from streams import topics
from streams.cluster import Cluster, SecurityMismatch, identity
from streams.group import CLIENT, members, taken
from streams.outlook import look_at
from streams.reader import Reader
from streams.rights import NotAuthorized
from streams.shape import read_shape
from streams.transactions import OPEN_SECONDS, open_for
from streams.upstream_internals import check_upstream_internals

SMALLEST_FREE = 1 << 30
STALE_SECONDS = 30.0
SECOND_LOOK_SECONDS = 5.0
"""A worker that seems to stand still is given this long to move."""
PACKAGES = ("ip-ledger", "faust-streaming", "aiokafka", "confluent-kafka")


class Finding(NamedTuple):
    """One thing looked at: whether it is well, what was found, and what to do if it is not."""

    check: str
    well: bool
    found: str
    next_step: str = ""


def examine(path: Path, cluster: Cluster | None, group: str | None = None) -> Iterator[Finding]:
    """Look at everything, the ground first; what stands on something that is not there is not looked at. Nothing is
    changed. The group is the book's own if none is named."""
    yield from (_versions(), _sqlite(), _disk(path))
    ground = list(_cluster(cluster))
    yield from ground
    try:
        with Book(path) as book:
            yield from (_fold(book), _structure(path), _accounting(book), _wal(path))
            if cluster is not None and all(map(_stands, ground)):
                yield _log(book, cluster)
                yield from _outlook(book, cluster)
                yield _worker(book, cluster, group or book.group)
    except LedgerError as error:
        yield Finding(
            "book", False, str(error), "as it says" if path.exists() else "set LEDGER_BOOK, or: ip-ledger worker"
        )
    except sqlite3.Error as error:
        yield Finding("book", False, str(translate_error(path, error)), "as it says")


def _versions() -> Finding:
    found = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return _named("versions", found, "install the versions of requirements.lock", check_upstream_internals)


def _sqlite() -> Finding:
    well = sqlite3.sqlite_version_info >= OLDEST_SQLITE
    wanted = ".".join(map(str, OLDEST_SQLITE))
    return Finding("SQLite", well, sqlite3.sqlite_version, f"install pysqlite3 with SQLite {wanted} or newer")


def _disk(path: Path) -> Finding:
    directory = path.absolute().parent
    while not directory.exists():
        directory = directory.parent
    free = shutil.disk_usage(directory).free
    size = path.stat().st_size if path.exists() else 0
    found = f"{free >> 20:,} MiB free in {directory}, the book has {size >> 20:,} MiB"
    step = "make room before it is full; a backup or a new book beside it needs as much as the book has"
    return Finding("disk", free >= max(SMALLEST_FREE, size), found, step)


def _cluster(cluster: Cluster | None) -> Iterator[Finding]:
    if cluster is None:
        yield Finding("broker", False, "none is named and the embedded one does not run", "ip-ledger broker start")
        return
    try:
        wrong = topics.check(cluster)
    except (NotAuthorized, SecurityMismatch) as error:
        yield Finding("broker", False, str(error), "as it says")
        return
    except LedgerError as error:
        yield Finding("broker", False, str(error), "start the brokers, or set LEDGER_BROKERS")
        return
    yield Finding("broker", True, cluster.brokers)
    for found in wrong:
        yield Finding("topics", False, f"{found.topic}: {found.setting} is {found.found}", found.next_step)
    if not wrong:
        yield Finding("topics", True, ", ".join(map(cluster.topic, TOPICS)))


def _stands(found: Finding) -> bool:
    """Whether there is a log to look at: topics that are not as they must be are one."""
    return found.well or (found.check == "topics" and found.next_step != topics.CREATE)


def _fold(book: Book) -> Finding:
    well = book.fold_version == str(FOLD_VERSION)
    step = "ip-ledger replay --book NEW, compare, then point LEDGER_BOOK to it"
    return Finding("fold version", well, f"{book.fold_version}, this program folds {FOLD_VERSION}", step)


def _structure(path: Path) -> Finding:
    """Two seconds for a million events: a worker cannot wait for it at its start."""
    step = "docs/faults.md, damaged books"
    return _named("structure", "pages, keys and indexes fit together", step, lambda: require_sound(path))


def _accounting(book: Book) -> Finding:
    positions = book.positions()
    wrong = [f"{p.topic}:{p.partition}" for p in positions if not p.balanced]
    refused = sum(p.rejected + p.conflict for p in positions)
    said = f"each of {sum(p.next - p.first for p in positions):,} offsets has one outcome, {refused:,} were refused"
    found = f"not every offset has one outcome in {', '.join(wrong)}" if wrong else said
    return Finding("accounting", not wrong, found, "keep it for whoever looks into it; ip-ledger replay --book NEW")


def _wal(path: Path) -> Finding:
    size = wal.wal_bytes(path)
    if size <= wal.ALARMING:
        return Finding("WAL", True, f"{size >> 20:,} MiB")
    readers = wal.readers(path)
    found = f"{size >> 20:,} MiB, held by {', '.join(readers) or 'nobody at this moment'}"
    return Finding("WAL", False, found, wal.NEXT_STEP if readers else wal.UNHELD_STEP)


def _log(book: Book, cluster: Cluster) -> Finding:
    def look() -> None:
        with Reader(cluster, book.shape.unpacked_bytes) as reader:
            positions = book.positions()
            recognise(book, positions, identity(cluster), read_shape(cluster), reader.bounds(TOPICS), reader.record)

    return _named("log", f"the one that the book stands on, cluster {book.log.cluster_id}", "as it says", look)


def _outlook(book: Book, cluster: Cluster) -> Iterator[Finding]:
    """What waits in the log, and what will go from it. A transaction that has just begun is given time to end."""
    try:
        outlook = look_at(cluster, book.next_offsets())
        while any(open_for(transaction, time.time()) < OPEN_SECONDS for transaction in outlook.transactions):
            time.sleep(0.2)
            outlook = look_at(cluster, book.next_offsets())
    except LedgerError as error:
        yield Finding("log", False, str(error), "as it says")
        return
    if not outlook.transactions:
        yield Finding("transactions", True, "no records wait behind an open one")
    for transaction in outlook.transactions:
        yield Finding("transactions", False, transaction.message(), transaction.step(cluster))
    if outlook.not_known:
        yield Finding("retention", False, str(outlook.not_known), "as it says")
    elif not outlook.losses:
        yield Finding("retention", True, "nothing is ever deleted")
    for loss in outlook.losses:
        setting = loss.setting.partition("=")[0]
        yield Finding("retention", False, loss.message(), topics.alter(cluster.topic(loss.topic), setting, "-1"))


def _worker(book: Book, cluster: Cluster, group: str) -> Finding:
    try:
        there = members(cluster, group)
    except LedgerError as error:
        return Finding("worker", False, str(error), "as it says")
    if other := taken(group, there, CLIENT + book.id):
        return Finding("worker", False, str(other), "as it says")
    # what waits behind an open transaction is nothing that a worker could post
    lag = sum((part["lag"] or 0) - (part["waiting"] or 0) for part in status(book, cluster).partitions)
    hosts = ", ".join(sorted({member.host for member in there}))
    found = f"{len(there)} on {hosts}" if there else f"none in the group {group}"
    found += f", {lag:,} offsets behind"
    if not there:
        step = "ip-ledger worker; if one runs all the same, read the end of its log"
        return Finding("worker", lag == 0, found, step)
    still = time.time() - _last_written(book.path)
    if lag == 0 or still <= STALE_SECONDS or _moves(book):
        return Finding("worker", True, found)
    step = "read the end of its log, then stop it (SIGTERM, or kill -9: nothing is lost) and start it again"
    return Finding("worker", False, f"{found}, and nothing was posted for {still:,.0f} s", step)


def _moves(book: Book) -> bool:
    """Whether something is posted while we look."""
    before, deadline = book.positions(), time.monotonic() + SECOND_LOOK_SECONDS
    while time.monotonic() < deadline:
        if book.positions() != before:
            return True
        time.sleep(0.1)
    return False


def _last_written(path: Path) -> float:
    files = (path, beside(path, "-wal"))
    return max(file.stat().st_mtime for file in files if file.exists())


def _named(check: str, found: str, next_step: str, look: Callable[[], None]) -> Finding:
    try:
        look()
    except LedgerError as error:
        return Finding(check, False, str(error), next_step)
    return Finding(check, True, found)
