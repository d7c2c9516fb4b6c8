"""Post a fixed list of batches to a book and acknowledge each commit: a worker without broker and Faust.

`python -m tests.acceptance.driver BATCHES` reads paths of books, one a line, and forks for each: starting Python for
every failing system call would take most of the time. The child prints `ready PID`, waits for SIGUSR1, creates the
book if it is missing, continues where the book ends, prints `kept N` after each commit, and exits with 0, or with 70
after `failed NAME`; then the parent prints `ended STATUS`.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from ledger.book import book as books
from ledger.book.book import Book
from ledger.book.sink import BookSink
from streams.batch import Batch, PostResult
from tests.books import FEW_VIEWS
from tests.events import LOG, TOPIC_PARTITIONS

CHECKPOINT_PAGES = 24
"""Few enough for several checkpoints in a short log."""


def post_all(path: Path, batches: Sequence[Batch]) -> None:
    """Post the batches that the book lacks, and acknowledge each commit."""
    if not books.exists(path):
        books.create_book(path, LOG, dict.fromkeys(TOPIC_PARTITIONS, 0), views=FEW_VIEWS)
    _print("made")
    with Book(path, writable=True) as book:
        book.connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        sink = BookSink(book)
        for number, batch in enumerate(batches):
            if batch.start == sink.next_offset(batch.topic, batch.partition):
                outcome = sink.post(batch)
                assert outcome is PostResult.POSTED
                _print(f"kept {number + 1}")


def _child(path: Path, batches: Sequence[Batch]) -> None:
    code = 1
    try:
        _print(f"ready {os.getpid()}")
        signal.sigwait({signal.SIGUSR1})
        post_all(path, batches)
        code = 0
    except Exception as error:
        _print(f"failed {type(error).__name__} {error}")
        code = 70
    finally:
        os._exit(code)


def _print(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def main() -> None:
    """Fork for each path on stdin, one after the other."""
    batches = pickle.loads(Path(sys.argv[1]).read_bytes())
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _child(Path(line.strip()), batches)
        _, status = os.waitpid(child, 0)
        _print(f"ended {os.waitstatus_to_exitcode(status)}")


if __name__ == "__main__":
    main()
