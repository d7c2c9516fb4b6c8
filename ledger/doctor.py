"""The doctor: what a worker and its readers stand on, looked at piece by piece, each finding with the next step."""

from __future__ import annotations

import importlib.metadata
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pysqlite3

from ledger.book.book import Book
from ledger.book.connection import OLDEST_SQLITE
from ledger.book.constants import FOLD_VERSION
from ledger.book.recognition import recognise
from ledger.status import status
from schemas.errors import LedgerError
from schemas.topics import TOPICS
from streams import topics
from streams.cluster import Cluster, identity
from streams.reader import Reader
from streams.transport import check_private_names

SMALLEST_FREE = 1 << 30
LARGEST_WAL = 256 << 20
STALE_SECONDS = 30.0
CODECS = ("gzip", "snappy", "lz4", "zstd")


class Finding(NamedTuple):
    """One thing looked at: whether it is well, what was found, and what to do if it is not."""

    check: str
    well: bool
    found: str
    next_step: str = ""


def examine(path: Path, cluster: Cluster | None) -> Iterator[Finding]:
    """Look at everything; a check that cannot be made says so. Nothing is changed."""
    yield from (_versions(), _sqlite(), _codecs(), _disk(path))
    yield from _cluster(cluster)
    try:
        with Book(path) as book:
            yield from (_fold(book), _wal(path), _balance(book))
            if cluster is not None:
                yield from (_log(book, cluster), _lag(book, cluster))
    except LedgerError as error:
        yield Finding("book", False, str(error), "start a worker, or set LEDGER_BOOK")


def _versions() -> Finding:
    names = ("ip-ledger", "faust-streaming", "aiokafka", "confluent-kafka", "pydantic")
    found = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    return _named("versions", found, "install the versions of requirements.lock", check_private_names)


def _sqlite() -> Finding:
    well = pysqlite3.sqlite_version_info >= OLDEST_SQLITE
    wanted = ".".join(map(str, OLDEST_SQLITE))
    return Finding("SQLite", well, pysqlite3.sqlite_version, f"install pysqlite3 with SQLite {wanted} or newer")


def _codecs() -> Finding:
    from aiokafka import codec

    missing = [name for name in CODECS if not getattr(codec, f"has_{name}")()]
    found = f"missing: {', '.join(missing)}" if missing else ", ".join(CODECS)
    return Finding("codecs", not missing, found, "pip install 'aiokafka[lz4,snappy,zstd]'")


def _disk(path: Path) -> Finding:
    directory = path.absolute().parent
    while not directory.exists():
        directory = directory.parent
    free = shutil.disk_usage(directory).free
    needed = max(SMALLEST_FREE, path.stat().st_size if path.exists() else 0)
    return Finding("disk", free >= needed, f"{free >> 20:,} MiB free beside the book", "make room before it is full")


def _cluster(cluster: Cluster | None) -> Iterator[Finding]:
    if cluster is None:
        yield Finding("broker", False, "none is named and the embedded one does not run", "ip-ledger broker start")
        return
    try:
        log = identity(cluster)
        yield Finding("broker", True, f"{cluster.brokers}, cluster {log.cluster_id}")
    except LedgerError as error:
        yield Finding("broker", False, str(error), "start the broker, or set LEDGER_BROKERS; then topics create")
        return
    for found in topics.check(cluster):
        yield Finding(f"topic {found.topic}", False, f"{found.setting} is {found.found}", found.next_step)


def _fold(book: Book) -> Finding:
    found = book.meta["fold_version"]
    step = "ip-ledger replay --book NEW, compare, then point LEDGER_BOOK to it"
    return Finding("fold version", found == str(FOLD_VERSION), f"{found}, this program folds {FOLD_VERSION}", step)


def _wal(path: Path) -> Finding:
    wal = path.with_name(path.name + "-wal")
    size = wal.stat().st_size if wal.exists() else 0
    step = "a reader holds an old state of the book: end long transactions of other programs"
    return Finding("WAL", size <= LARGEST_WAL, f"{size >> 20:,} MiB", step)


def _balance(book: Book) -> Finding:
    wrong = [f"{p.topic}:{p.partition}" for p in book.positions() if not p.balanced]
    found = f"not in {', '.join(wrong)}" if wrong else "every offset has one outcome"
    return Finding("accounting", not wrong, found, "ip-ledger verify; then a new book by replay")


def _log(book: Book, cluster: Cluster) -> Finding:
    def look() -> None:
        with Reader(cluster) as reader:
            positions = book.positions()
            recognise(book, positions, identity(cluster), reader.bounds(TOPICS), reader.record)

    return _named("log", "the one that the book stands on", "as the message says", look)


def _lag(book: Book, cluster: Cluster) -> Finding:
    lag = sum(part["lag"] or 0 for part in status(book, cluster)["partitions"])
    still = time.time() - _last_written(book.path)
    stale = lag > 0 and still > STALE_SECONDS
    found = f"{lag:,} offsets behind" + (f", and nothing was posted for {still:.0f} s" if stale else "")
    return Finding("worker", not stale, found, "start it: ip-ledger worker; if it runs, look at its log")


def _last_written(path: Path) -> float:
    files = (path, path.with_name(path.name + "-wal"))
    return max(file.stat().st_mtime for file in files if file.exists())


def _named(check: str, found: str, next_step: str, look: Callable[[], None]) -> Finding:
    try:
        look()
    except LedgerError as error:
        return Finding(check, False, str(error), next_step)
    return Finding(check, True, found)
