"""Formats of a data set with one table per file: tables to join, and tables that no event needs."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence

import orjson

from streams.sources import texts
from streams.sources.formats import Beginning, Format, TableRows, column_of, separator_of
from streams.sources.joined import Join, JoinedPart
from streams.sources.results import Skip, SkipReason, Unreadable


class DataSet:
    """The tables of one data set, one per file. The column names in the first line identify the table."""

    def __init__(self, name: str, join: Join) -> None:
        self.name, self._join = name, join

    def table(
        self,
        table: str,
        key: str,
        needed: Sequence[str],
        *optional: str,
        also: Sequence[str] = (),
        without: Sequence[str] = (),
        shared: bool = False,
    ) -> Format:
        """Return the format of a table whose rows belong to the documents of this key, or, if shared, are looked up by
        it. Its header has the columns `needed` and `also`, and none of `without`; the second ones and the third
        ones only distinguish it from other tables. Rows keep the key, the needed and the optional columns."""

        def read(content: bytes) -> Iterator[JoinedPart]:
            row = {column: text for column, cell in orjson.loads(content).items() if (text := texts.tidy(cell))}
            if key not in row:
                raise Unreadable(f"a row of the table {table} without {key}")
            yield JoinedPart(self._join, table, row[key], row, shared)

        known = {key, *needed, *also}
        recognises = _headed(lambda names: known <= {*names} and {*names}.isdisjoint(without))
        return Format(self.name, recognises, TableRows(b"", columns={key, *needed, *optional}), read)

    def others(self, *keys: str) -> Format:
        """Return the format of the other tables, whose first column is one of these: recognised, but skipped."""

        def skip(content: bytes) -> Iterator[Skip]:
            yield Skip(SkipReason.ANOTHER_DOCUMENT, f"a table of {self.name} that no event needs")

        recognises = _headed(lambda names: len(names) > 1 and names[0] in keys)
        return Format(self.name, recognises, Beginning(), skip)


def _headed(is_header: Callable[[list[str]], bool]) -> Callable[[bytes], bool]:
    """Return a test that recognises a file by the names in its first line."""

    def recognises(head: bytes) -> bool:
        line = head.partition(b"\n")[0].decode("utf-8", "replace").strip("\r")
        try:
            names = next(csv.reader([line], delimiter=separator_of(line)), [])
            return is_header([column_of(name) for name in names])
        except csv.Error:
            return False

    return recognises
