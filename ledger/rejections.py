"""Refused records: how many by rule, what is said of each, and their bytes, without holding them all in memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.book.book import Book
from ledger.book.constants import CONSTANTS
from ledger.views.log import REJECTIONS
from ledger.views.query import UnknownName

SHOWN = ("topic", "partition", "offset", "outcome", "rule", "path", "message", "id")
"""What is said of a refused record where its bytes are not asked for."""


def counts(book: Book, rule: str | None = None) -> dict[str, int]:
    """How many records each rule refused, the most first."""
    condition, values = _where(rule)
    sql = f"SELECT rule, count(*) FROM rejection{condition} GROUP BY rule ORDER BY count(*) DESC, rule"  # noqa: S608
    return {CONSTANTS["rule"][number]: count for number, count in book.connection.execute(sql, values)}


def said(book: Book, rule: str | None = None, newest: int | None = None) -> Iterator[dict[str, Any]]:
    """What is said of each refused record, in the order of the log; or of the newest ones, the last first."""
    condition, values = _where(rule)
    order = ' ORDER BY timestamp DESC, topic, partition, "offset" DESC LIMIT :newest' if newest is not None else ""
    columns = ", ".join(f'"{column}"' for column in SHOWN)
    sql = f"SELECT {columns} FROM ({REJECTIONS.select}{condition}{order})"  # noqa: S608
    return _rows(book, sql, values | {"newest": newest})


def kept(book: Book, rule: str | None = None, place: tuple[str, int, int] | None = None) -> Iterator[dict[str, Any]]:
    """Refused records with their keys and values as they came, one after the other: one by place, of a rule, or all."""
    condition, values = _where(rule)
    if place is not None:
        topic, partition, offset = place
        condition = " WHERE topic = (SELECT number FROM constant WHERE family = 'topic' AND name = :topic)"
        condition += ' AND partition = :partition AND "offset" = :offset'
        values = {"topic": topic, "partition": partition, "offset": offset}
    return _rows(book, REJECTIONS.select + condition, values)


def _where(rule: str | None) -> tuple[str, dict[str, Any]]:
    if rule is None:
        return "", {}
    numbers = {name: number for number, name in CONSTANTS["rule"].items()}
    if rule not in numbers:
        raise UnknownName(what="the rule", given=rule, known=", ".join(numbers))
    return " WHERE rule = :rule", {"rule": int(numbers[rule])}


def _rows(book: Book, sql: str, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    cursor = book.connection.execute(sql, values)
    columns = [column[0] for column in cursor.description]
    return (dict(zip(columns, row, strict=True)) for row in cursor)
