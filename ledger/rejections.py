"""Refused records: how many by rule, what is said of each, and their bytes, without holding them all in memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from ledger.book.book import Book
from ledger.book.constants import CONSTANTS
from ledger.views.log import REFUSED
from ledger.views.query import UnknownName, one_state
from schemas.topics import TOPICS

PAGE = 32
"""So many records are in memory at a time; one may have 4 MiB."""
SHOWN = ("topic", "partition", "offset", "outcome", "rule", "path", "message", "id")
"""What is said of a refused record where its bytes are not asked for."""


def counts(book: Book, rule: str | None = None) -> dict[str, int]:
    """How many records each rule refused, the most first."""
    condition, values = _where(rule)
    sql = f"SELECT rule, sum(offsets) FROM rejection{condition} GROUP BY rule ORDER BY 2 DESC, rule"  # noqa: S608
    return {CONSTANTS["rule"][number]: count for number, count in book.connection.execute(sql, values)}


def said(book: Book, rule: str | None = None, newest: int | None = None) -> Iterator[dict[str, Any]]:
    """What is said of each refused record, in the order of the log; or of the newest ones, the last first."""
    condition, values = _where(rule)
    order = ' ORDER BY timestamp DESC, topic, partition, "offset" DESC LIMIT :newest' if newest is not None else ""
    columns = ", ".join(f'"{column}"' for column in (*SHOWN, "offsets"))
    sql = f"SELECT {columns} FROM ({REFUSED}{condition}{order})"  # noqa: S608
    rows = _each(_rows(book, sql, values | {"newest": newest}), backwards=newest is not None)
    return islice(rows, newest)


def _each(rows: Iterator[dict[str, Any]], *, backwards: bool) -> Iterator[dict[str, Any]]:
    """A row for each offset of a batch that cannot be read."""
    for row in rows:
        first, offsets = row["offset"], range(row.pop("offsets"))
        for number in reversed(offsets) if backwards else offsets:
            yield row | {"offset": first + number}


def kept_at(book: Book, topic: str, partition: int, offset: int) -> dict[str, Any] | None:
    """The refused record at a place, with its key and value, or the batch that cannot be read there; None if none was
    refused there."""
    values = {"topic": TOPICS[topic].number, "partition": partition, "offset": offset}
    condition = """ WHERE topic = :topic AND partition = :partition AND "offset" <= :offset
      ORDER BY rejection."offset" DESC LIMIT 1"""
    row = next(_rows(book, REFUSED + condition, values), None)
    return row if row and row["offset"] + row["offsets"] > offset else None


def kept(book: Book, rule: str | None = None) -> Iterator[dict[str, Any]]:
    """All refused records, or those of a rule, with keys and values, in the order of the log; one row for a batch that
    cannot be read.

    They are read page by page, as records are only ever added behind the positions at which this begins: however slowly
    they are taken, the book is not held meanwhile.
    """
    condition, values = _where(rule)
    until = {(position.topic, position.partition): position.next for position in book.positions()}
    condition += " AND " if condition else " WHERE "
    sql = f"""{REFUSED}{condition}(topic, partition, "offset") > (:topic, :partition, :offset)
      ORDER BY rejection.topic, rejection.partition, rejection."offset" LIMIT {PAGE}"""
    values |= {"topic": 0, "partition": 0, "offset": 0}
    while True:
        with one_state(book):
            page = list(_rows(book, sql, values))
        yield from (row for row in page if row["offset"] < until[row["topic"], row["partition"]])
        if len(page) < PAGE:
            return
        last = page[-1]
        values |= {"topic": TOPICS[last["topic"]].number, "partition": last["partition"], "offset": last["offset"]}


def _where(rule: str | None) -> tuple[str, dict[str, Any]]:
    if rule is None:
        return "", {}
    numbers = {name: number for number, name in CONSTANTS["rule"].items()}
    if rule not in numbers:
        raise UnknownName(what="the rule", given=rule, known=numbers)
    return " WHERE rule = :rule", {"rule": int(numbers[rule])}


def _rows(book: Book, sql: str, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    cursor = book.connection.execute(sql, values)
    columns = [column[0] for column in cursor.description]
    return (dict(zip(columns, row, strict=True)) for row in cursor)
