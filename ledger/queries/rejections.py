"""Rejected records: counts by rule, summaries, and their bytes, read page by page."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Unpack

from ledger.book.book import Book, PartitionState
from ledger.nearest import UnknownName
from ledger.place import spell_out
from ledger.posting.constants import CONSTANTS
from ledger.queries.answer import Answer
from ledger.queries.ask import Choice, Relation, ask
from ledger.queries.snapshot import read_snapshot
from ledger.views.log import REFUSED, REJECTIONS
from ledger.views.view import Column, on_basis
from schemas.modes import Attributes, BadAttribute, attributes_of, structured
from schemas.rules import Rule
from schemas.topics import TOPICS, TopicPartition
from schemas.wording import arguments_of, message_of

_PAGE_ROWS = 32
"""Records in memory at a time; one may have 4 MiB."""
SUMMARY_PAGE_ROWS = 1000
"""Summaries in memory at a time."""
SUMMARY_COLUMNS = (
    "topic",
    "partition",
    "offset",
    "offsets",
    "outcome",
    "rule",
    "path",
    "message",
    "reason",
    "arguments",
    "id",
)
"""The columns of a rejection without its bytes."""
_REASON = Column("message_reason", "text", "reason", raw="reason")
_ARGUMENTS = Column("message_arguments", "JSON", "arguments", raw="arguments")
REJECTION_COLUMNS = (
    *(column for column in REJECTIONS.columns if column.unit != "bytes" and column.name != "headers"),
    Column("message", "quoting text", "what is wrong, in words"),
)
"""The columns of `rejected`."""
_QUOTING = {"message", "arguments", "key", "value", "headers"}
"""Columns that may quote names of parties."""
_READ = ", ".join(f'"{column}"' for column in SUMMARY_COLUMNS if column != "message")


def counts(book: Book, rule: str | None = None) -> dict[str, int]:
    """Return the number of rejected records by rule, largest first."""
    condition, values = _where(rule)
    sql = f"SELECT rule, sum(offsets) FROM rejection{condition} GROUP BY rule ORDER BY 2 DESC, rule"
    return {CONSTANTS["rule"][number]: count for number, count in book.connection.execute(sql, values)}


def summaries(
    book: Book, rule: str | None = None, positions: Iterable[PartitionState] | None = None
) -> Iterator[dict[str, Any]]:
    """Yield each rejected record below these positions (default: those of the book) without its bytes, in log order;
    one row per unreadable batch. Reads in pages, like `kept`."""
    return _pages(book, rule, book.positions() if positions is None else positions, _READ, SUMMARY_PAGE_ROWS)


def newest(book: Book, most: int, rule: str | None = None) -> Iterator[dict[str, Any]]:
    """Return at most `most` summaries, newest first."""
    condition, values = _where(rule)
    order = ' ORDER BY timestamp DESC, topic, partition, "offset" DESC LIMIT :most'
    found = rows(book, f"SELECT {_READ} FROM ({REFUSED}{condition}{order})", values | {"most": most})
    return (_with_message(book, row) for row in found)


def attributes(row: dict[str, Any]) -> Attributes | None:
    """Return the attributes in the kept headers of a rejected record in binary mode; None in structured mode."""
    headers = json.loads(row["headers"] or b"[]")
    return attributes_of([(_bytes(header, "key") or b"", _bytes(header, "value")) for header in headers])


def rejected_event(row: dict[str, Any]) -> bytes | None:
    """Return a rejected record's event in structured mode, to repair and publish: the value, or in binary mode headers
    and value combined. None without a value, for an unreadable batch, and in binary mode for unreadable headers or a
    value that was cut."""
    value: bytes | None = row["value"]
    if not value or row["rule"] == Rule.UNREADABLE.label:
        return None
    found = attributes(row)
    if found is None:
        return value
    try:
        return structured(found, value) if row["size"] == len(value) else None
    except BadAttribute:
        return None


def rejected(book: Book, **choice: Unpack[Choice]) -> Answer:
    """Return rejected records without their bytes, each with its message. Raise the errors of `ask`."""
    columns = REJECTION_COLUMNS[:-1]
    sql = on_basis(REJECTIONS.relation, "corrected")
    relation = Relation("The answer of rejections", (*columns, _REASON, _ARGUMENTS), sql)
    known = [column.name for column in REJECTION_COLUMNS]
    names = list(spell_out(choice.get("columns") or known, known))
    asked = [name for name in names if name != "message"]
    read = Choice(**{**choice, "columns": [*asked, _REASON.name, _ARGUMENTS.name]})
    with read_snapshot(book) as state:
        rows = ask(book, relation, {}, read)
    for number, row in enumerate(rows):
        message = None if book.mask is not None else message_of(row[-2], arguments_of(row[-1]))
        values = dict(zip(asked, row, strict=False)) | {"message": message}
        rows[number] = tuple(values[name] for name in names)
    shown = {column.name: column for column in REJECTION_COLUMNS}
    return Answer(state, tuple(shown[name] for name in names), rows, {})


def kept_at(book: Book, topic: str, partition: int, offset: int) -> dict[str, Any] | None:
    """Return the rejected record or unreadable batch at an offset, with key and value; None if there is no
    rejection."""
    values = {"topic": TOPICS[topic].number, "partition": partition, "offset": offset}
    condition = """ WHERE topic = :topic AND partition = :partition AND "offset" <= :offset
      ORDER BY rejection."offset" DESC LIMIT 1"""
    row = next(rows(book, REFUSED + condition, values), None)
    return _with_message(book, row) if row and row["offset"] + row["offsets"] > offset else None


def kept(book: Book, rule: str | None = None) -> Iterator[dict[str, Any]]:
    """Yield all rejected records, or those of a rule, with keys and values, in log order; one row per unreadable batch.

    Reads in pages up to the positions at the start, which is safe because records are only appended. A slow consumer
    therefore does not hold a transaction open.
    """
    return _pages(book, rule, book.positions(), "*", _PAGE_ROWS)


def _pages(
    book: Book, rule: str | None, positions: Iterable[PartitionState], columns: str, size: int
) -> Iterator[dict[str, Any]]:
    """Return an iterator over the rows. An unknown rule is reported now, before any row is printed."""
    condition, values = _where(rule)
    condition += " AND " if condition else " WHERE "
    until = {(position.topic, position.partition): position.next for position in positions}
    sql = f"""SELECT {columns} FROM ({REFUSED}{condition}(topic, partition, "offset") > (:topic, :partition, :offset)
      ORDER BY rejection.topic, rejection.partition, rejection."offset" LIMIT {size})"""
    return _read_pages(book, sql, values, until, size)


def _read_pages(
    book: Book, sql: str, values: dict[str, Any], until: Mapping[TopicPartition, int], size: int
) -> Iterator[dict[str, Any]]:
    values |= {"topic": 0, "partition": 0, "offset": 0}
    while True:
        with read_snapshot(book):
            page = list(rows(book, sql, values))
        yield from (_with_message(book, row) for row in page if row["offset"] < until[row["topic"], row["partition"]])
        if len(page) < size:
            return
        last = page[-1]
        values |= {"topic": TOPICS[last["topic"]].number, "partition": last["partition"], "offset": last["offset"]}


def _with_message(book: Book, row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with its message, which is not stored, and its arguments by name; SUMMARY_COLUMNS come first."""
    arguments = arguments_of(row["arguments"])
    row |= {"arguments": arguments, "message": message_of(row["reason"], arguments)}
    if book.mask is not None:
        row |= dict.fromkeys(_QUOTING & row.keys())
    return {name: row[name] for name in SUMMARY_COLUMNS} | row


def _bytes(header: dict[str, str | None], name: str) -> bytes | None:
    if encoded := header.get(f"{name}_base64"):
        return base64.b64decode(encoded)
    text = header.get(name)
    return None if text is None else text.encode()


def _where(rule: str | None) -> tuple[str, dict[str, Any]]:
    if rule is None:
        return "", {}
    numbers = {name: number for number, name in CONSTANTS["rule"].items()}
    if rule not in numbers:
        raise UnknownName(what="the rule", given=rule, known=numbers)
    return " WHERE rule = :rule", {"rule": int(numbers[rule])}


def rows(book: Book, sql: str, values: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a SELECT as dicts."""
    cursor = book.connection.execute(sql, values)
    columns = [column[0] for column in cursor.description]
    return (dict(zip(columns, row, strict=True)) for row in cursor)
