"""Damaged books: still right, stopped with a named error, or found by verify. Never both equal and wrong."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from random import Random
from types import TracebackType
from typing import Any, Self

import apsw
import pytest

from ledger.audit import verify as auditing
from ledger.audit.verify import verify
from ledger.book import book as books
from ledger.book.book import Book
from ledger.book.recognition import recognise
from ledger.book.sink import BookSink
from ledger.independent.fold import TopicPartition
from schemas.errors import LedgerError
from schemas.topics import TOPICS
from streams.batch import Batch, Record
from streams.cluster import Cluster
from streams.reader import Bounds
from streams.shape import Shape
from tests.acceptance.fault import Fault
from tests.acceptance.short_log import ShortLog
from tests.events import LOG

EVENTS = 400
"""Enough for a book of about a hundred pages, with interior ones."""
HEADER = 100


class LogInMemory:
    """The reader of a short log."""

    def __init__(self, log: ShortLog) -> None:
        self._batches = log.batches
        self._ends = log.after(len(log.batches))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass

    def bounds(self, topics: Iterable[str]) -> dict[TopicPartition, Bounds]:
        return {
            topic_partition: Bounds(0, end)
            for topic_partition, end in self._ends.items()
            if topic_partition[0] in topics
        }

    def record(self, topic: str, partition: int, offset: int) -> Record | None:
        records = (r for b in self._batches if (b.topic, b.partition) == (topic, partition) for r in b.records)
        return next((record for record in records if record.offset == offset), None)

    def batches(self, ranges: Mapping[TopicPartition, tuple[int, int]], size: int) -> Iterator[Batch]:
        for batch in self._batches:
            start, end = ranges[batch.topic, batch.partition]
            if start <= batch.start < end:
                yield _up_to(batch, end)


def _up_to(batch: Batch, end: int) -> Batch:
    kept: list[Record] = [record for record in batch.records if record.offset < end]
    return Batch(batch.topic, batch.partition, batch.start, min(batch.end, end), kept)


class Damage:
    """A book of the first half of a short log, and the result of damaging copies of it."""

    def __init__(self, chance: Random, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.chance = chance
        self.log = ShortLog(chance, EVENTS, at_once=30)
        self.half = len(self.log.batches) // 2
        self.whole, self.hot = directory / "whole.db", directory / "hot.db"
        self.path = directory / "damaged" / "book.db"
        monkeypatch.setattr(auditing, "Reader", lambda *_: LogInMemory(self.log))
        monkeypatch.setattr(auditing, "identity", lambda _: LOG)
        monkeypatch.setattr(auditing, "read_shape", lambda _: Shape())
        self._make()
        self.ended: Counter[str] = Counter()

    def _make(self) -> None:
        self.log.create(self.whole)
        with Book(self.whole, writable=True) as book:
            self._post(book, self.log.batches[: self.half // 2])
        shutil.copy(self.whole, self.hot.with_name("old.db"))  # closed, so without a WAL
        with Book(self.whole, writable=True) as book:
            book.connection.execute("PRAGMA wal_autocheckpoint = 60")  # so that the WAL holds only the last commits
            self._post(book, self.log.batches[self.half // 2 : self.half])
            for suffix in ("", "-wal"):  # the files that a killed process leaves
                shutil.copy(f"{self.whole}{suffix}", f"{self.hot}{suffix}")

    def _post(self, book: Book, batches: Iterable[Batch]) -> None:
        sink = BookSink(book)
        for batch in batches:
            if batch.start == sink.next_offset(batch.topic, batch.partition):
                sink.post(batch)

    def copy(self, *, hot: bool) -> None:
        """Put an undamaged copy at `path`; a hot copy has half of its commits in the WAL."""
        shutil.rmtree(self.path.parent, ignore_errors=True)
        self.path.parent.mkdir()
        shutil.copy(self.hot if hot else self.whole, self.path)
        if hot:
            shutil.copy(f"{self.hot}-wal", f"{self.path}-wal")

    def judge(self) -> str:
        """Let a worker post the rest of the log to the book, then verify it; return the finding."""
        try:
            if not books.exists(self.path):
                self.log.create(self.path)
            with Book(self.path, writable=True) as book:
                reader = LogInMemory(self.log)
                recognise(book, book.positions(), LOG, Shape(), reader.bounds(TOPICS), reader.record)
                self._post(book, self.log.batches)
        except LedgerError as error:
            return f"stopped: {type(error).__name__}"
        except (ArithmeticError, AssertionError, LookupError, TypeError, ValueError) as error:
            return f"stopped: {type(error).__name__}"  # the worker takes it for a fault of the ledger itself
        return self.verified()

    def verified(self) -> str:
        """Return the verdict of verify; assert that `equal` is true."""
        try:
            verdict = verify(Cluster("none"), self.path)
        except LedgerError as error:
            return f"verify: {type(error).__name__}"
        if verdict.verdict == "equal":
            assert self.log.assert_true(self.path) == self.log.after(len(self.log.batches))
            return "right"
        return f"verify: {verdict.verdict}"

    def counted(self) -> str:
        """Return the findings for the matrix."""
        return ", ".join(f"{times} x {what}" for what, times in sorted(self.ended.items()))


@pytest.fixture
def damage(fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Damage:
    return Damage(fault.chance, tmp_path, monkeypatch)


def pages(path: Path) -> dict[str, list[int]]:
    """Return the file offsets of the pages of each kind."""
    found: dict[str, list[int]] = {}
    with closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
        for name, kind, offset in connection.execute("SELECT name, pagetype, pgoffset FROM dbstat"):
            what = {"sqlite_schema": "schema", "record_by_subject": "index"}.get(name, "table")
            found.setdefault(f"{what}, {kind}", []).append(offset)
    return found


def test_a_flipped_byte_is_never_called_equal_and_wrong(damage: Damage, fault: Fault) -> None:
    """One byte flipped: header, schema, table, index, interior page, WAL"""
    damage.copy(hot=False)
    kinds = pages(damage.path)
    assert {"schema, leaf", "index, leaf", "table, leaf", "table, internal"} <= kinds.keys()
    tried = 0
    for _ in range(2 * fault.rounds):
        for kind in ("header", *sorted(kinds), "WAL"):
            damage.copy(hot=kind == "WAL")
            _flip(damage, kind, kinds)
            damage.ended[damage.judge()] += 1
            tried += 1
    fault.ended(damage.counted(), tried)


def _flip(damage: Damage, kind: str, kinds: Mapping[str, list[int]]) -> None:
    path, chance = damage.path, damage.chance
    if kind == "WAL":
        path = path.with_name(path.name + "-wal")
    content = bytearray(path.read_bytes())
    index = chance.randrange(HEADER if kind == "header" else len(content))
    if kind in kinds:
        start = chance.choice(kinds[kind])
        used = [index for index in range(start, start + 4096) if content[index]]  # because most of a page may be empty
        index = chance.choice(used)
    content[index] ^= chance.choice((1 << chance.randrange(8), chance.randrange(1, 256)))
    path.write_bytes(content)


def test_files_that_were_removed_truncated_or_restored(damage: Damage, fault: Fault) -> None:
    """After kill -9: -wal removed, -shm removed, file truncated, hot copy by cp, old copy next to a newer -wal"""
    chance, tried = damage.chance, 0
    deeds: dict[str, Callable[[Path, Path], Any]] = {
        "WAL removed": lambda book, wal: wal.unlink(),
        "SHM garbled": lambda book, wal: book.with_name(book.name + "-shm").write_bytes(chance.randbytes(32768)),
        "file cut off": lambda book, wal: _cut_off(book, chance),
        "WAL cut off": lambda book, wal: _cut_off(wal, chance),
        "old copy next to a newer WAL": lambda book, wal: shutil.copy(damage.hot.with_name("old.db"), book),
        "WAL of another book": lambda book, wal: shutil.copy(damage.whole, book),
    }
    for _ in range(fault.rounds):
        for deed in deeds.values():
            damage.copy(hot=True)
            deed(damage.path, damage.path.with_name(damage.path.name + "-wal"))
            damage.ended[damage.judge()] += 1
            tried += 1
    fault.ended(damage.counted(), tried)


def _cut_off(path: Path, chance: Random) -> None:
    with path.open("r+b") as file:
        file.truncate(chance.randrange(path.stat().st_size))
