"""Formats of a data set with one table per file: tables to join, and tables that no event needs."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence

import orjson

from streams.sources.formats import Beginning, Format, TableRows
from streams.sources.joined import Join, JoinedPart
from streams.sources.results import Skip, SkipReason, Unreadable


class DataSet:
    """The tables of one data set, one per file. The column names in the first line identify the table."""

    def __init__(self, name: str, join: Join, delimiter: str = ",") -> None:
        self.name, self._join, self._delimiter = name, join, delimiter

    def table(
        self,
        table: str,
        key: str,
        needed: Sequence[str],
        *optional: str,
        also: Sequence[str] = (),
        shared: bool = False,
    ) -> Format:
        """Return the format of a table whose rows belong to the documents of this key, or, if shared, are looked up by
        it. Its header has the columns `needed` and `also`; the second ones only distinguish it from other tables.
        Rows keep the key, the needed and the optional columns."""

        def read(content: bytes) -> Iterator[JoinedPart]:
            row = {column: cell.strip() for column, cell in orjson.loads(content).items()}
            if not row.get(key):
                raise Unreadable(f"a row of the table {table} without {key}")
            kept = {column: row[column] for column in (key, *needed, *optional) if row.get(column)}
            yield JoinedPart(self._join, table, row[key], kept, shared)

        known = {key, *needed, *also}
        recognises = _headed(self._delimiter, lambda names: known <= {*names})
        return Format(self.name, recognises, TableRows(b"", delimiter=self._delimiter), read)

    def others(self, *keys: str) -> Format:
        """Return the format of the other tables, whose first column is one of these: recognised, but skipped."""

        def skip(content: bytes) -> Iterator[Skip]:
            yield Skip(SkipReason.ANOTHER_DOCUMENT, f"a table of {self.name} that no event needs")

        recognises = _headed(self._delimiter, lambda names: len(names) > 1 and names[0] in keys)
        return Format(self.name, recognises, Beginning(), skip)


def _headed(delimiter: str, is_header: Callable[[list[str]], bool]) -> Callable[[bytes], bool]:
    """Return a test that recognises a file by the names in its first line."""

    def recognises(head: bytes) -> bool:
        line = head.partition(b"\n")[0].decode("utf-8", "replace").strip("\r")
        try:
            return is_header(next(csv.reader([line], delimiter=delimiter), []))
        except csv.Error:
            return False

    return recognises
