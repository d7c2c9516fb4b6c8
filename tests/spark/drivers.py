"""Drivers as processes of their own, and what they leave: the files of a lake, compared with a book."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from ledger.book.book import Book
from ledger.book.connection import table_names
from ledger.book.digest import IDENTITIES, digest_of, rows_in_order
from ledger.spark.commits import Commit
from ledger.spark.table_files import columns_with_types, read_rows
from tests.processes import PATIENCE_SECONDS, PROGRAM, Installation

LONGEST_SECONDS = PATIENCE_SECONDS * 5
"""The longest run of a driver, on a machine that leaves it a tenth of a core."""


@contextmanager
def running(
    installation: Installation, arguments: Sequence[str], errors: Path, program: str = PROGRAM
) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process of `ip-ledger ARGUMENTS`, with its stderr in a file. Kill what is left of it."""
    with errors.open("wb") as stream:
        command = [sys.executable, "-c", program, *arguments]
        environment = installation.environment | {"SPARK_WORKER_DIR": str(errors.parent / "work")}
        process = subprocess.Popen(command, env=environment, stderr=stream, cwd=errors.parent)
    try:
        yield process
    finally:
        for one in [*_below(process.pid), psutil.Process(process.pid)] if process.poll() is None else []:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        process.wait(PATIENCE_SECONDS)


def _below(pid: int) -> list[psutil.Process]:
    """Return the processes that a process has started, directly or not."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def files(lake: Path) -> int:
    """Return the number of files that tasks have written."""
    return len([*lake.glob("data/*/*/*.parquet")])


def root_of(book: Path) -> str:
    """Return the root of the digest of a book."""
    with Book(book) as opened:
        return digest_of(opened)


def require_same(lake: Path, commit: Commit, path: Path) -> None:
    """Assert that the files of a commit have the rows of a book, table by table, and that its root is the book's."""
    with Book(path) as book:
        for table in table_names(book.connection):
            types = columns_with_types(book.connection, table)
            _, expected = rows_in_order(book.connection, table)
            found = [row for name in commit.files_of(table) for row in read_rows(lake / name, types)]
            wanted = [row for row in expected if not (table == "meta" and row[0].startswith(IDENTITIES))]
            assert sorted(found, key=repr) == sorted(wanted, key=repr), table
        assert commit.root == digest_of(book)
