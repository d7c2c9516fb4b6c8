"""A fragment: the book of one partition, in a temporary file of an executor.

It is an ordinary book of a share, so the look-up, the fold and the writer are those of the worker. Its rows come from
the files of the last commit and from the log; they leave it as files of the next commit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from ledger.audit.together import BATCH_RECORDS
from ledger.book.book import Book, create_book
from ledger.book.connection import table_names
from ledger.book.digest import Digest, Part, rows_in_order
from ledger.book.parts import SUMS, TOPIC_OF
from ledger.book.share import Share
from ledger.book.sink import BookSink, rare_collections
from ledger.durable import sync
from ledger.spark.commits import ROWS, Files
from ledger.spark.table_files import TableWriter, columns_with_types, insert_rows, read_rows
from schemas.industry import IndustryMap
from schemas.topics import TopicPartition
from streams.batch import PostResult
from streams.cluster import Cluster
from streams.log_identity import LogIdentity
from streams.reader import Reader

GROWING = {"record": 0, "rejection": 0, "posting": 0, "carried": 1}
"""Tables whose rows never change: an increment adds a file with the rows from its first offset (plus this) on."""
MOST_FILES = 16
"""Files of a growing table and partition; then one replaces them."""
OF_PARTITION = "_of_partition"
"""The end of the name under which a lake keeps the sums of one partition."""


@dataclass(frozen=True, slots=True)
class LakeSource:
    """The common source of all fragments of a lake."""

    cluster: Cluster
    log: LogIdentity
    industry_map: IndustryMap
    unpacked_bytes: int
    lake: Path


def source_of(cluster: Cluster, head: Book, lake: Path) -> LakeSource:
    """Return the source of a lake whose log, industry map and size of batches a book has."""
    by = head.industry_map
    fresh = IndustryMap(by.version, by.rules)  # one that was used has functions, which cannot go to an executor
    return LakeSource(cluster, head.log, fresh, head.shape.unpacked_bytes, lake)


@contextmanager
def fragment(source: LakeSource, topic_partition: TopicPartition, first: int, directory: Path) -> Iterator[Book]:
    """Yield an empty book of one partition, which begins at an offset, in a directory that its owner deletes."""
    path = directory / f"{token_hex(4)}.db"
    share = Share.listing([topic_partition])
    create_book(path, source.log, {topic_partition: first}, source.industry_map, source.unpacked_bytes, share, views=())
    with Book(path, writable=True) as book:
        book.connection.execute("PRAGMA synchronous = OFF")  # it does not outlive its task
        yield book


def load(lake: Path, book: Book, files: Mapping[str, list[str]]) -> None:
    """Insert the rows of these files. Raise OSError, ValueError, sqlite3.IntegrityError."""
    connection = book.connection
    connection.execute("BEGIN")
    connection.execute("DELETE FROM position")
    for kept, paths in files.items():
        table = kept.removesuffix(OF_PARTITION)
        types = columns_with_types(connection, table)
        for path in paths:
            insert_rows(connection, table, read_rows(lake / path, types), len(types))
    connection.execute("COMMIT")


def post(source: LakeSource, book: Book, topic_partition: TopicPartition, start: int, end: int) -> int:
    """Post a range of the log, and return the number of records. Raise the errors of Reader and BookSink."""
    records = 0
    with Reader(source.cluster, source.unpacked_bytes) as reader, rare_collections():
        sink = BookSink(book)
        for batch in reader.batches({topic_partition: (start, end)}, size=BATCH_RECORDS):
            result = sink.post(batch)
            assert result is PostResult.POSTED, "nobody else writes to this file"
            records += sum(record.offsets for record in batch.records)
    return records


def parts_of(book: Book, topic_partition: TopicPartition) -> list[Part]:
    """Return the parts of its digest that follow from its partition, also of the sums of this partition alone."""
    digest = Digest()
    for table in _tables(book.connection, topic_partition[0]):
        for _ in digest.through(table, *rows_in_order(book.connection, table)):
            pass
    return [_placed(part, topic_partition) for part in digest.parts()]


def dump(
    source: LakeSource, book: Book, topic_partition: TopicPartition, start: int, known: Files
) -> tuple[list[Part], Files]:
    """Write files with its rows, and return its parts and all of its files: new ones, and of `known` those that stay.

    `start`: the rows before are in `known`. Raise OSError.
    """
    topic, partition = topic_partition
    digest, files, token = Digest(), {}, token_hex(4)
    directory = source.lake / ROWS / topic / str(partition)
    directory.mkdir(parents=True, exist_ok=True)
    for table in _tables(book.connection, topic):
        name = table + OF_PARTITION if table in SUMS else table
        kept = known.get(name, []) if table in GROWING and len(known.get(name, [])) < MOST_FILES else []
        columns, rows = rows_in_order(book.connection, table)
        writer = TableWriter(directory / f"{name}-{token}.parquet", columns_with_types(book.connection, table))
        least = start + GROWING[table] if kept else None
        at = columns.index("offset") if kept else 0
        for row in digest.through(table, columns, rows):
            if least is None or row[at] >= least:
                writer.add(row)
        new = [str(writer.path.relative_to(source.lake))] if writer.close() else []
        if kept or new:
            files[name] = [*kept, *new]
    sync(directory)
    return [_placed(part, topic_partition) for part in digest.parts()], files


def _tables(connection: Any, topic: str) -> list[str]:
    """Return the tables with rows that follow from a partition of this topic."""

    def follows(table: str) -> bool:
        if table in TOPIC_OF:
            return TOPIC_OF[table] == topic
        return table in SUMS or "partition" in columns_with_types(connection, table)

    return [table for table in table_names(connection) if follows(table)]


def _placed(part: Part, topic_partition: TopicPartition) -> Part:
    """Return the part of a sum under the name by which a lake keeps it."""
    return Part(part.table + OF_PARTITION, *topic_partition, *part[3:]) if part.table in SUMS else part
