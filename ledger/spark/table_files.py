"""Files of tables: rows of a book as Parquet, and back.

A column has the type of its table: INTEGER is int64, TEXT a string, BLOB bytes. `record.id` (ANY) is a string: that of
a UUID, which a book keeps as 16 bytes, is its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from ledger.durable import sync
from schemas.id_keys import id_key

ROW_GROUP = 50_000
"""Rows in memory at once."""

_Row = tuple[Any, ...]


def columns_with_types(connection: Any, table: str) -> dict[str, str]:
    """Return the columns of one of our own tables, with their types in SQLite."""
    return {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({table})")}


class TableWriter:
    """Writes a file with rows in the order in which they come. Without rows there is no file."""

    def __init__(self, path: Path, types: dict[str, str]) -> None:
        self.path, self._types = path, types
        self._waiting: list[_Row] = []
        self._writer: Any = None

    def add(self, row: _Row) -> None:
        """Add a row."""
        self._waiting.append(row)
        if len(self._waiting) == ROW_GROUP:
            self._flush()

    def close(self) -> bool:
        """Write what waits, and sync the file. Return whether there is one. Raise OSError."""
        if self._waiting:
            self._flush()
        if self._writer is None:
            return False
        self._writer.close()
        sync(self.path)
        return True

    def _flush(self) -> None:
        import pyarrow
        from pyarrow import parquet

        named = {
            "INTEGER": pyarrow.int64(),
            "TEXT": pyarrow.string(),
            "BLOB": pyarrow.binary(),
            "ANY": pyarrow.string(),
        }
        schema = pyarrow.schema([(column, named[kind]) for column, kind in self._types.items()])
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = parquet.ParquetWriter(self.path, schema, compression="zstd")
        columns = [
            pyarrow.array(map(_as_text, values) if kind == "ANY" else values, named[kind])
            for kind, values in zip(self._types.values(), zip(*self._waiting, strict=True), strict=True)
        ]
        self._writer.write_table(pyarrow.table(columns, schema))
        self._waiting.clear()


def read_rows(path: Path, types: dict[str, str]) -> Iterator[_Row]:
    """Yield the rows of a file. Raise OSError, ValueError."""
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        if file.schema_arrow.names != list(types):
            raise ValueError(f"the columns of {path.name} are not those of its table")
        for batch in file.iter_batches(ROW_GROUP):
            columns = [
                map(_as_id, values) if kind == "ANY" else values
                for kind, values in zip(types.values(), (column.to_pylist() for column in batch.columns), strict=True)
            ]
            yield from zip(*columns, strict=True)


def insert_rows(connection: Any, table: str, rows: Iterable[_Row], count: int) -> None:
    """Insert rows with this number of columns. Raise sqlite3.IntegrityError if two have the same key."""
    parameters = ", ".join("?" * count)
    rows = iter(rows)
    while some := list(islice(rows, ROW_GROUP)):
        connection.executemany(f"INSERT INTO {table} VALUES ({parameters})", some)  # noqa: S608 - a name of our own table


def _as_text(event_id: bytes | str | None) -> str | None:
    return str(UUID(bytes=event_id)) if isinstance(event_id, bytes) else event_id


def _as_id(text: str | None) -> bytes | str | None:
    return None if text is None else id_key(text)
