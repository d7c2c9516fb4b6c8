"""Files of a book that are moved, replaced or deleted under a running worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.commands.exit_codes import Exit
from tests.acceptance.fault import Fault
from tests.acceptance.judgement import assert_true_to_the_log
from tests.acceptance.load import Load
from tests.processes import Installation, wait_until


class Change:
    """A change of the files of a book, and its repair."""

    def __init__(self, what: str, do: Callable[[Path], Any], repair: Callable[[Path], Any] = lambda book: None) -> None:
        self.what, self.do, self.repair = what, do, repair


def aside(book: Path) -> Path:
    return book.with_name("aside.db")


def put_a_copy_there(book: Path) -> None:
    book.rename(aside(book))
    book.with_name("copy.db").rename(book)


CHANGES = (
    Change("book.db-wal is gone", lambda book: Path(f"{book}-wal").unlink()),
    Change("book.db-shm is gone", lambda book: Path(f"{book}-shm").unlink()),
    Change("book.db is gone", lambda book: book.rename(aside(book)), lambda book: aside(book).rename(book)),
    Change("book.db is another file now", put_a_copy_there),
)


@pytest.mark.parametrize(
    "idle", [pytest.param(True, id="idle"), pytest.param(False, id="posting", marks=pytest.mark.long)]
)
def test_files_that_change_under_a_worker(installation: Installation, fault: Fault, idle: bool) -> None:
    """Under a running worker, idle or posting: -wal or -shm deleted, the book moved away, replaced by a backup"""
    load = Load(installation.cluster, fault.chance.randrange(2**32))
    load.produce(100)
    book = installation.book
    worker = installation.worker()
    installation.wait_until_posted()
    assert installation.run("backup", "copy.db").code == Exit.FINE
    for change in CHANGES:
        worker.wait_until_started()  # it has opened the files that change
        load.produce(20)
        installation.wait_until_posted()
        before = installation.next_offsets()
        if not idle:
            worker.pause()
            load.produce(50)
        change.do(book)
        if not idle:
            worker.resume()
        assert worker.wait() == Exit.BROKEN
        assert f"BookReplaced: The files of the book {book}" in worker.output, worker.output
        assert change.what in worker.output
        assert "disk space" not in worker.output
        opened = aside(book) if aside(book).exists() else book
        assert Installation(installation.cluster, opened).next_offsets() == before, "nothing lost, nothing posted"
        if opened == book:
            committed = installation.committed()
            assert all(committed[topic_partition] <= offset for topic_partition, offset in before.items())
        change.repair(book)
        worker = installation.worker()
        installation.wait_until_posted()
    assert_true_to_the_log(installation)
    assert worker.stop() == 0
    wait_until(lambda: not Path(f"{book}-wal").exists(), lambda: "the worker left its -wal")
    fault.ended("stopped: BookReplaced, nothing posted or acknowledged; then right and balanced", len(CHANGES))
