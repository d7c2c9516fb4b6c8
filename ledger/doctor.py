"""The doctor: checks of the environment of a worker and its readers, each finding with the next step."""

from __future__ import annotations

import importlib.metadata
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pysqlite3 as sqlite3

from ledger.archive.manifest import read_manifest
from ledger.book import wal
from ledger.book.book import Book
from ledger.book.connection import OLDEST_SQLITE, require_sound, translate_error
from ledger.book.files import sibling
from ledger.book.recognition import recognise
from ledger.posting.constants import FOLD_VERSION
from ledger.queries.status import status, unarchived_text
from schemas.errors import LedgerError
from schemas.topics import TOPICS
from streams import topics
from streams.cluster import Cluster, SecurityMismatch
from streams.group import CLIENT, members, taken
from streams.log_identity import identity
from streams.outlook import look_at
from streams.reader import Reader
from streams.retention import unarchived
from streams.rights import NotAuthorized
from streams.shape import read_shape
from streams.transactions import OPEN_SECONDS, open_for
from streams.upstream_internals import check_upstream_internals

SMALLEST_FREE = 1 << 30
STALE_SECONDS = 30.0
SECOND_LOOK_SECONDS = 5.0
"""A worker that seems stalled gets this long to post something."""
PACKAGES = ("ip-ledger", "faust-streaming", "aiokafka", "confluent-kafka")


class Finding(NamedTuple):
    """The result of one check: whether it passed, what was found, and the next step if it failed."""

    check: str
    well: bool
    found: str
    next_step: str = ""


def examine(
    path: Path, cluster: Cluster | None, group: str | None = None, archive: Path | None = None
) -> Iterator[Finding]:
    """Yield the findings of all checks, in order of dependency; skip checks whose precondition failed. Change nothing.
    The default `group` is the book's."""
    yield from (_versions(), _sqlite(), _disk(path))
    ground = list(_cluster(cluster))
    yield from ground
    try:
        with Book(path) as book:
            yield from (_fold(book), _structure(path), _accounting(book), _wal(path))
            if cluster is not None and all(map(_log_exists, ground)):
                yield _log(book, cluster)
                yield from _outlook(book, cluster, archive)
                yield _worker(book, cluster, group or book.group)
    except LedgerError as error:
        yield Finding(
            "book", False, str(error), "see the message" if path.exists() else "set LEDGER_BOOK, or: ip-ledger worker"
        )
    except sqlite3.Error as error:
        yield Finding("book", False, str(translate_error(path, error)), "see the message")


def _versions() -> Finding:
    found = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return _checked("versions", found, "install the versions of requirements.lock", check_upstream_internals)


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
    step = "free disk space; a backup or a new book on this disk needs as much as the book"
    return Finding("disk", free >= max(SMALLEST_FREE, size), found, step)


def _cluster(cluster: Cluster | None) -> Iterator[Finding]:
    if cluster is None:
        yield Finding(
            "broker", False, "LEDGER_BROKERS is not set, and the embedded broker does not run", "ip-ledger broker start"
        )
        return
    try:
        wrong = topics.check(cluster)
    except (NotAuthorized, SecurityMismatch) as error:
        yield Finding("broker", False, str(error), "see the message")
        return
    except LedgerError as error:
        yield Finding("broker", False, str(error), "start the brokers, or set LEDGER_BROKERS")
        return
    yield Finding("broker", True, cluster.brokers)
    missing = [one.topic for one in wrong if one.next_step == topics.CREATE]
    if missing:
        found = f"{len(missing)} of {len(TOPICS)} topics missing ({', '.join(missing)})"
        yield Finding("topics", False, found, topics.CREATE)
    for one in wrong:
        if one.topic not in missing:
            yield Finding("topics", False, f"{one.topic}: {one.setting} is {one.found}", one.next_step)
    if not wrong:
        yield Finding("topics", True, ", ".join(map(cluster.topic, TOPICS)))


def _log_exists(found: Finding) -> bool:
    """Return whether there is a log to check: also topics with wrong settings are one."""
    return found.well or (found.check == "topics" and found.next_step != topics.CREATE)


def _fold(book: Book) -> Finding:
    well = book.fold_version == str(FOLD_VERSION)
    step = "ip-ledger replay --book NEW, compare the two, then set LEDGER_BOOK to the new one"
    return Finding("fold version", well, f"{book.fold_version}, this program folds {FOLD_VERSION}", step)


def _structure(path: Path) -> Finding:
    """Check the whole file, which takes two seconds for a million events: too long for each start of a worker."""
    step = "docs/faults.md, damaged books"
    return _checked("structure", "pages, keys and indexes are consistent", step, lambda: require_sound(path))


def _accounting(book: Book) -> Finding:
    positions = book.positions()
    wrong = [f"{p.topic}:{p.partition}" for p in positions if not p.balanced]
    refused = sum(p.rejected + p.conflict for p in positions)
    well = f"each of {sum(p.next - p.first for p in positions):,} offsets has one outcome, {refused:,} were refused"
    found = f"not every offset has one outcome in {', '.join(wrong)}" if wrong else well
    return Finding("accounting", not wrong, found, "keep the book for analysis; ip-ledger replay --book NEW")


def _wal(path: Path) -> Finding:
    size = wal.wal_bytes(path)
    if size <= wal.ALARMING:
        return Finding("WAL", True, f"{size >> 20:,} MiB")
    readers = wal.readers(path)
    found = f"{size >> 20:,} MiB, held by {', '.join(readers) or 'no process at present'}"
    return Finding("WAL", False, found, wal.NEXT_STEP if readers else wal.UNHELD_STEP)


def _log(book: Book, cluster: Cluster) -> Finding:
    def look() -> None:
        with Reader(cluster, book.shape.unpacked_bytes) as reader:
            positions = book.positions()
            recognise(book, positions, identity(cluster), read_shape(cluster), reader.bounds(TOPICS), reader.record)

    return _checked("log", f"the book's log, cluster {book.log.cluster_id}", "see the message", look)


def _outlook(book: Book, cluster: Cluster, archive: Path | None) -> Iterator[Finding]:
    """Check for open transactions and coming deletions in the log. Give a new transaction time to end."""
    try:
        archived = read_manifest(archive).ends if archive else None
        outlook = look_at(cluster, book.next_offsets())
        while any(open_for(transaction, time.time()) < OPEN_SECONDS for transaction in outlook.transactions):
            time.sleep(0.2)
            outlook = look_at(cluster, book.next_offsets())
    except LedgerError as error:
        yield Finding("log", False, str(error), "see the message")
        return
    if not outlook.transactions:
        yield Finding("transactions", True, "no records wait behind an open transaction")
    for transaction in outlook.transactions:
        yield Finding("transactions", False, transaction.message(), transaction.step(cluster))
    if outlook.not_known:
        yield Finding("retention", False, str(outlook.not_known), "see the message")
    elif not outlook.losses:
        yield Finding("retention", True, "nothing is ever deleted")
    for loss in outlook.losses:
        setting = loss.setting.partition("=")[0]
        missing = None if archived is None else unarchived(loss.topic, outlook.bounds, archived)
        found = loss.message() + unarchived_text(missing)
        step = topics.alter(cluster.topic(loss.topic), setting, "-1")
        yield Finding("retention", missing == 0, found, f"ip-ledger archive {archive}" if missing else step)


def _worker(book: Book, cluster: Cluster, group: str) -> Finding:
    try:
        there = members(cluster, group)
    except LedgerError as error:
        return Finding("worker", False, str(error), "see the message")
    if other := taken(group, there, CLIENT + book.id):
        return Finding("worker", False, str(other), "see the message")
    # no worker can post records behind an open transaction
    lag = sum((part["lag"] or 0) - (part["waiting"] or 0) for part in status(book, cluster).partitions)
    hosts = ", ".join(sorted({member.host for member in there}))
    found = f"{len(there)} on {hosts}" if there else f"none in the group {group}"
    found += f", {lag:,} offsets behind"
    if not there:
        step = "ip-ledger worker; if one runs already, read the end of its log"
        return Finding("worker", lag == 0, found, step)
    still = time.time() - _last_written(book.path)
    if lag == 0 or still <= STALE_SECONDS or _moves(book):
        return Finding("worker", True, found)
    step = "read the end of its log, then stop it (SIGTERM, or kill -9: nothing is lost) and start it again"
    return Finding("worker", False, f"{found}, and nothing was posted for {still:,.0f} s", step)


def _moves(book: Book) -> bool:
    """Return whether something is posted within SECOND_LOOK_SECONDS."""
    before, deadline = book.positions(), time.monotonic() + SECOND_LOOK_SECONDS
    while time.monotonic() < deadline:
        if book.positions() != before:
            return True
        time.sleep(0.1)
    return False


def _last_written(path: Path) -> float:
    files = (path, sibling(path, "-wal"))
    return max(file.stat().st_mtime for file in files if file.exists())


def _checked(check: str, found: str, next_step: str, look: Callable[[], None]) -> Finding:
    try:
        look()
    except LedgerError as error:
        return Finding(check, False, str(error), next_step)
    return Finding(check, True, found)
