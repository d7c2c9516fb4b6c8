"""The writer: looks up the history for the fold, and writes the rows that it returns."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from ledger.book.carried import carry_forward
from ledger.book.trees import edge_of
from ledger.posting.cells import LOW
from ledger.posting.entity import Accepted, Entity
from ledger.posting.fold import DecodedBatch, History, Rows
from ledger.posting.packed import pack
from ledger.posting.rows import COLUMNS_OF, KEY_COLUMNS
from ledger.posting.sums import EACH, EVENTS_ALONE, Addition
from schemas.topics import TOPICS

STATE = "SELECT next, allowance, leaves FROM position WHERE topic = ? AND partition = ?"
ADVANCE = """UPDATE position SET next = ?, accepted = accepted + ?, duplicate = duplicate + ?, conflict = conflict + ?,
  rejected = rejected + ?, gap = gap + ?, newest_day = max(newest_day, ?), allowance = ?,
  last_offset = coalesce(?, last_offset), last_hash = coalesce(?, last_hash), leaves = ?
  WHERE topic = ? AND partition = ? AND next = ?"""

# The accepted events of all subjects of a batch at once; the constant 1 (accepted) makes the partial index usable.
# INDEXED BY, since SQLite may otherwise scan the partition's whole journal to avoid a sort.
EARLIER = """SELECT subject, "offset", type, source, id, hash, facts FROM record INDEXED BY record_by_subject
  WHERE outcome = 1 AND subject IN (SELECT value FROM json_each(?)) AND topic = ? AND partition = ?
  ORDER BY subject, "offset" """

INSERT_RECORD = "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_REJECTION = "INSERT INTO rejection VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_POSTING = "INSERT INTO posting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_TILE = "INSERT OR REPLACE INTO tile VALUES (?, ?, ?, ?, ?)"
INSERT_WAITING = "INSERT INTO waiting VALUES (?, ?, ?, ?, ?)"
INSERT_AMENDMENT = "INSERT OR REPLACE INTO amendment VALUES (?, ?, ?, ?, ?)"
DELETE_WAITING = 'DELETE FROM waiting WHERE topic = ? AND partition = ? AND "offset" = ? AND basis = ?'

NOTHING_ADDED_UP = " AND ".join(
    f"{side}_{measure} = 0"
    for side in ("recorded", "corrected")
    for measure in ("events", "with_amount", "high", "low")
)
CLEAR = tuple(f"DELETE FROM {table} WHERE {NOTHING_ADDED_UP}" for table in ("total", "summary", "stock"))  # noqa: S608
"""Deletes rows of zeros, so that a book does not depend on the size of batches. Partial indexes find these rows."""


def look_up(connection: Any, decoded: DecodedBatch) -> tuple[int, History]:
    """Return the next offset of the batch's partition, and the history for the fold."""
    numbers = (TOPICS[decoded.batch.topic].number, decoded.batch.partition)
    following, allowance, leaves = connection.execute(STATE, numbers).fetchone()
    subjects = orjson.dumps(sorted(decoded.subjects)).decode()
    edge = edge_of(connection, numbers, leaves)
    rows = groupby(connection.execute(EARLIER, (subjects, *numbers)), key=itemgetter(0))
    # read when the fold takes it: only one entity at a time is in memory
    entities = ((subject, Entity(decoded.batch.topic, subject, map(_accepted, history))) for subject, history in rows)
    return int(following), History(int(allowance), entities, edge)


def write(connection: Any, *batches: Rows) -> None:
    """Write all rows of batches of different partitions and advance their positions; the caller commits.

    Additions to the same sum are merged first.
    """
    for rows in batches:
        _write_rows(connection, rows)
    first, *others = (rows.sums for rows in batches)
    first.include(others)
    for addition, added in first.rows().items():
        if added:
            connection.executemany(addition_sql(addition), added)
    for clear in CLEAR:
        connection.execute(clear)


def _write_rows(connection: Any, rows: Rows) -> None:
    """Write all rows of a batch except its sums."""
    batch = rows.batch
    numbers = (TOPICS[batch.topic].number, batch.partition)
    many = connection.executemany
    many(INSERT_RECORD, rows.records)
    many(INSERT_REJECTION, rows.rejections)
    many(INSERT_POSTING, rows.postings)
    many(INSERT_TILE, [(*numbers, *tile) for tile in rows.tree.tiles])
    many(DELETE_WAITING, [(*numbers, *key) for key in rows.no_effect])
    many(INSERT_WAITING, [(*numbers, *key, reason) for key, reason in rows.no_effect.items() if reason])
    many(INSERT_AMENDMENT, [(*numbers, offset, *(amended or (None, None))) for offset, amended in rows.revised.items()])
    for table, keys in rows.gone.items():
        many(_delete(table), keys)
    for table, changed in rows.entities.items():
        many(_insert(table), changed)
    carry_forward(connection, *numbers, batch.start, batch.end)
    _advance(connection, rows)


def _advance(connection: Any, rows: Rows) -> None:
    batch, counts = rows.batch, rows.counts
    gap = batch.end - batch.start - sum(counts.values())
    last = rows.last or (None, None)
    where = (TOPICS[batch.topic].number, batch.partition, batch.start)
    values = (batch.end, *counts.values(), gap, rows.newest_day, rows.allowance, *last, rows.tree.size, *where)
    cursor = connection.execute(ADVANCE, values)
    assert cursor.rowcount == 1, "the position moved inside its own transaction"


SUM_KEYS = {"total": 6, "summary": 4, "stock": 6}
"""Table of sums -> number of key columns."""


@cache
def addition_sql(addition: Addition) -> str:
    """Return the statement that adds a row; its parameters are the key and the measures."""
    table, count = addition
    key = SUM_KEYS[table]
    values = [f"?{number}" for number in range(1, key + 1 + count)]
    if count == EVENTS_ALONE:
        values += ["0"] * 3
    if count != EACH:
        values += values[key:]
    change = _COUNT if count == EVENTS_ALONE else _SUM
    changes = ", ".join(change.format(side=side, low=LOW) for side in ("recorded", "corrected"))
    return f"INSERT INTO {table} VALUES ({', '.join(values)}) ON CONFLICT DO UPDATE SET {changes}"  # noqa: S608


_COUNT = "{side}_events = {side}_events + excluded.{side}_events"
_SUM = (
    _COUNT
    + """, {side}_with_amount = {side}_with_amount + excluded.{side}_with_amount,
  {side}_high = {side}_high + excluded.{side}_high + ({side}_low + excluded.{side}_low) / {low},
  {side}_low = ({side}_low + excluded.{side}_low) % {low}"""
)


@cache
def _insert(table: str) -> str:
    return f"INSERT OR REPLACE INTO {table} VALUES ({_parameters(3 + len(COLUMNS_OF[table]))})"  # noqa: S608


def _parameters(columns: int) -> str:
    return ", ".join("?" * columns)


@cache
def _delete(table: str) -> str:
    key = ("partition", "entity", "basis", *COLUMNS_OF[table][: KEY_COLUMNS[table]])
    where = " AND ".join(f'"{column}" = ?' for column in key)
    return f"DELETE FROM {table} WHERE {where}"  # noqa: S608 - names of our own tables and columns


def _accepted(row: tuple[Any, ...]) -> Accepted:
    _, offset, number, source, event_id, hashed, facts = row
    return Accepted(offset, number, source, event_id, hashed, pack(facts))
