"""Tasks: what an executor does for one partition. Each returns a document, or the error that it met.

A task may run several times, also at the same time: its files have names of their own each time, and only those count
that it returns.
"""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pysqlite3 as sqlite3

from ledger.book.book import Book
from ledger.spark.commits import Files
from ledger.spark.errors import LakeDamaged, LakeFault
from ledger.spark.fragment import LakeSource, dump, fragment, load, parts_of, post
from schemas.errors import LedgerError
from schemas.topics import TopicPartition

RESULT = "number long, found binary, error binary"
"""The schema of results: the number of an assignment, and a JSON document or a pickled LedgerError."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """The partition of a task: the lake's rows of [first, start) are in `files`, the task reads [start, end)."""

    topic_partition: TopicPartition
    first: int
    start: int
    end: int
    files: Files = field(default_factory=dict)


Work = Callable[[LakeSource, Assignment], dict[str, Any]]


def in_executor(
    source: LakeSource, assignments: Sequence[Assignment], work: Work, batches: Iterator[Any]
) -> Iterator[Any]:
    """Do the work of the assignments whose numbers come in Arrow batches, and yield batches of the schema RESULT."""
    import pyarrow

    for batch in batches:
        for number in batch.column(0).to_pylist():
            found, error = _attempted(source, assignments[number], work)
            schema = pyarrow.schema(
                [("number", pyarrow.int64()), ("found", pyarrow.binary()), ("error", pyarrow.binary())]
            )
            yield pyarrow.RecordBatch.from_pylist([{"number": number, "found": found, "error": error}], schema)


def advance_fragment(source: LakeSource, assignment: Assignment) -> dict[str, Any]:
    """Fold a range of the log upon the rows of the last commit, and write files for the next one.

    Return the number of records, the parts and the files.
    """
    topic_partition, start = assignment.topic_partition, assignment.start
    with _directory() as directory, fragment(source, topic_partition, assignment.first, directory) as book:
        if assignment.files:
            _restored(source, book, assignment)
        records = post(source, book, topic_partition, start, assignment.end)
        try:
            parts, files = dump(source, book, topic_partition, start, assignment.files)
        except OSError as error:
            raise LakeFault(path=source.lake, reason=error.strerror or error) from error
    return {"records": records, "parts": [[*part] for part in parts], "files": files}


def check_fragment(source: LakeSource, assignment: Assignment) -> dict[str, Any]:
    """Return the parts of the files of a partition, or why they cannot be read; the parts that its log gives, folded
    from its first offset; and the number of records."""
    topic_partition, first = assignment.topic_partition, assignment.first
    kept, reason = [], ""
    with _directory() as directory:
        with fragment(source, topic_partition, first, directory) as book:
            try:
                _restored(source, book, assignment)
                kept = parts_of(book, topic_partition)
            except LakeDamaged as error:
                reason = str(error.facts["reason"])
        with fragment(source, topic_partition, first, directory) as book:
            records = post(source, book, topic_partition, first, assignment.end)
            folded = parts_of(book, topic_partition)
    both = {"files": [[*part] for part in kept], "log": [[*part] for part in folded]}
    return {"records": records, "reason": reason, **both}


def _restored(source: LakeSource, book: Book, assignment: Assignment) -> None:
    """Load the files of an assignment. Raise LakeDamaged."""
    try:
        load(source.lake, book, assignment.files)
    except (OSError, ValueError, TypeError, sqlite3.Error) as error:
        topic, partition = assignment.topic_partition
        raise LakeDamaged(path=source.lake, reason=f"its files of {topic}:{partition}: {error}") from error


def _attempted(source: LakeSource, assignment: Assignment, work: Work) -> tuple[bytes | None, bytes | None]:
    try:
        return orjson.dumps(work(source, assignment)), None
    except LedgerError as error:
        return None, pickle.dumps(error)


@contextmanager
def _directory() -> Iterator[Path]:
    """Yield a temporary directory in the first of Spark's local directories, which Spark deletes at its end even if
    this process is killed; without one, in TMPDIR."""
    local = os.environ.get("SPARK_LOCAL_DIRS", "").split(",")[0] or None
    with tempfile.TemporaryDirectory(prefix="ip-ledger-", dir=local) as made:
        yield Path(made)
