"""A full or read-only disk under real processes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3
import pytest

from ledger.book import book as books
from ledger.book.book import Book
from ledger.book.errors import BookUnavailable, NotABook
from ledger.book.sink import BookSink
from ledger.commands.exit_codes import Exit, exit_code
from streams.cluster import Cluster
from tests.acceptance.fault import Fault
from tests.acceptance.judgement import assert_true_to_the_log
from tests.acceptance.load import Load
from tests.acceptance.short_log import ShortLog
from tests.acceptance.small_disk import SmallDisk, small_disk
from tests.events import TOPIC_PARTITIONS
from tests.processes import PROGRAM, Installation, Worker, wait_until


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Yield a disk with room for the start of a file, but not for a book."""
    with small_disk(tmp_path / "disk", "64k") as disk:
        yield disk


@pytest.fixture
def on_disk(cluster: Cluster, disk: SmallDisk) -> Iterator[Installation]:
    """Yield an installation with its book on the small disk."""
    installation = Installation(cluster, disk.path / "book.db")
    yield installation
    installation.close()


def worker(installation: Installation, directory: Path) -> Worker:
    """Start a worker whose output goes to another disk."""
    command = [sys.executable, "-c", PROGRAM, "worker"]
    started = Worker(command, installation.environment, directory, len(installation.workers))
    installation.workers.append(started)
    return started


def test_a_full_disk_stops_the_worker_until_there_is_room(
    disk: SmallDisk, on_disk: Installation, tmp_path: Path, fault: Fault
) -> None:
    """Disk full: while the book is created, then while it is posted to"""
    load = Load(on_disk.cluster, fault.chance.randrange(2**32))
    load.produce(600)
    sizes = [64, *sorted(fault.chance.randrange(200, 420) for _ in range(fault.rounds))]
    for size in sizes:
        disk.set(f"size={size}k")
        stopped = worker(on_disk, tmp_path)
        assert stopped.wait() == Exit.BROKEN
        assert "BookFull: No disk space for the book" in stopped.output, stopped.output
        assert f"Free disk space in {disk.path}, then" in stopped.output
        if before := on_disk.next_offsets():
            committed = on_disk.committed()
            assert all(committed[topic_partition] <= offset for topic_partition, offset in before.items())
    disk.set("size=64m")
    last = worker(on_disk, tmp_path)
    on_disk.wait_until_posted()
    assert_true_to_the_log(on_disk)
    assert last.stop() == 0
    fault.ended("stopped: BookFull, nothing acknowledged; with room made, right and balanced", len(sizes))


def test_a_copy_without_enough_room_fails_by_name(loaded: Installation, disk: SmallDisk, fault: Fault) -> None:
    """Disk full: backup, replay"""
    for command in (["backup", f"{disk.path}/copy.db"], ["replay", "--book", f"{disk.path}/new.db"]):
        done = loaded.run(*command)
        assert done.code in (Exit.UNAVAILABLE, Exit.BROKEN), done
        assert "full" in done.err, done.err
        assert "Traceback" not in done.err
        assert not [path.name for path in disk.path.iterdir() if path.suffix == ".db"]
    fault.ended("ended with the error named; no file that looks like a book", 2)


def test_a_read_only_book(disk: SmallDisk, fault: Fault) -> None:
    """Book or its directory on a file system that is read-only"""
    log = ShortLog(fault.chance, 20)
    path = disk.path / "book.db"
    disk.set("size=16m,ro")
    with pytest.raises(BookUnavailable, match="must exist and be writable"):
        log.create(path)
    disk.set("rw")
    log.create(path)
    with Book(path, writable=True) as book:
        BookSink(book).post(log.batches[0])
    disk.set("ro")
    with pytest.raises(BookUnavailable, match="must exist and be writable"):
        Book(path, writable=True)
    disk.set("rw")
    with Book(path, writable=True) as book:
        for batch in log.batches[1:]:
            BookSink(book).post(batch)
    log.assert_true(path)
    fault.ended("stopped: BookUnavailable (69); writable again, right and balanced", 2)


def test_a_path_that_is_not_a_book(tmp_path: Path, fault: Fault) -> None:
    """No SQLite file, another program's database, a directory, a missing directory, an empty file"""
    junk, other, empty = tmp_path / "junk.db", tmp_path / "other.db", tmp_path / "empty.db"
    junk.write_bytes(b"dear auditor, " * 500)
    with closing(sqlite3.connect(str(other))) as connection:
        connection.execute("CREATE TABLE addresses (name TEXT)")
    empty.touch()
    log = ShortLog(fault.chance, 5)
    for path, error in ((junk, NotABook), (other, NotABook), (tmp_path, BookUnavailable)):
        before = path.read_bytes() if path.is_file() else b""
        with pytest.raises(error) as found:
            books.exists(path)
        assert exit_code(found.value) is Exit.UNAVAILABLE
        assert not path.is_file() or path.read_bytes() == before
    with pytest.raises(BookUnavailable):
        log.create(tmp_path / "nowhere" / "book.db")
    assert not books.exists(empty)
    log.create(empty)
    log.assert_true(empty)
    fault.ended("ended with 69: NotABook, BookUnavailable, nothing changed; an empty file becomes the book", 5)


def test_a_book_that_another_program_locks(installation: Installation, fault: Fault) -> None:
    """Book locked by another program"""
    load = Load(installation.cluster, fault.chance.randrange(2**32))
    load.produce(100)
    waiting = installation.worker()
    installation.wait_until_posted()
    for _ in range(fault.rounds):
        with closing(sqlite3.connect(str(installation.book), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            load.produce(50)
            logged = waiting.output.count("book locked by another program")
            wait_until(lambda: waiting.output.count("book locked by another program") > logged, lambda: waiting.output)  # noqa: B023
            waiting.require_alive()
            assert installation.shares() == [len(TOPIC_PARTITIONS)], "it keeps its partitions"
            other.execute("ROLLBACK")
        installation.wait_until_posted()
    assert_true_to_the_log(installation)
    assert waiting.stop() == 0
    fault.ended("waits and logs it, keeps its partitions; then right and balanced", fault.rounds)
