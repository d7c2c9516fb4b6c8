"""A book as it was at a past position: the same queries, on relations that end there.

Each table that follows from records and postings alone is replaced, by a common table expression of its name, with its
rows at that position. Other tables exist only as they are now, and a query that reads one is refused. See
docs/decisions/0022-as-known-then.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import pysqlite3 as sqlite3

from ledger.book.book import Book
from ledger.book.carried import CARRY, added_up, carried_lines
from ledger.book.definitions import own_tables
from ledger.book.position import position_text
from ledger.book.union import INDEXED
from ledger.posting.cells import BLOCK
from schemas.errors import UsageError
from schemas.topics import TOPICS, TopicPartition

_CONSTANTS = ("meta", "constant", "industry", "industry_rule", "currency")
_THEN = "as it is now"
"""Ends the name of a table that does not exist: SQLite reads the definition of a relation only when a query uses it."""
_MISSING = re.compile(rf"no such table: (?:main\.|temp\.)?(?P<table>\w+) {_THEN}|no such column: (?P<column>[\w.]+)")
_QUERY = re.compile(r"\s*(?:(?:--[^\n]*\n)\s*)*(?:(?P<with>WITH(?:\s+RECURSIVE)?)|SELECT)\b", re.IGNORECASE)


class BeyondBook(UsageError):
    """{topic}:{partition}={offset} is outside the book, which holds [{first}, {next}). Choose a position within it; as
    JSON, every answer contains one."""


class NotKnownThen(UsageError):
    """This cannot be answered at a past position, because the book keeps {what} only as it is now. Build a book of that
    position with `ip-ledger replay --book NEW --to {position}`, then ask it: LEDGER_BOOK=NEW."""


class NotBefore(UsageError):
    """The first position is after the second one in {topic}:{partition}, {since} after {until}. Write the earlier one
    first."""


class Reach(NamedTuple):
    """The offsets [first, next) of a partition that a figure stands on."""

    topic: str
    partition: int
    first: int
    next: int


class PastBook(Book):
    """A book at a position that it has passed. It reads through the connection of that book, which stays open.

    The rows of `total_line` add up to its totals. If it has a `since`, its postings are those since that earlier
    position, and the rows of `total_before_line` add up to the totals there.
    """

    def __init__(
        self,
        book: Book,
        position: Mapping[TopicPartition, int],
        since: Mapping[TopicPartition, int] | None = None,
    ) -> None:
        """Stand at a position; a partition that it does not name at its first offset. Raise BeyondBook, NotBefore."""
        self.path, self.meta, self.mask, self.present = book.path, book.meta, book.mask, book
        self._reached = list(_reached(book, position))
        self.since = None if since is None else list(_reached(book, since))
        for one, other in zip(self.since or (), self._reached, strict=False):
            if one.next > other.next:
                raise NotBefore(**one._asdict() | {"since": one.next, "until": other.next})
        self.connection = _Connection(book, self._reached, self.since)

    def reached(self) -> list[Reach]:
        """Return the offsets of each partition at this position."""
        return self._reached

    def close(self) -> None:
        """Do nothing: the connection belongs to another book."""


def _reached(book: Book, position: Mapping[TopicPartition, int]) -> Iterator[Reach]:
    left = dict(position)
    for held in book.positions():
        offset = left.pop((held.topic, held.partition), held.first)
        if not held.first <= offset <= held.next:
            raise BeyondBook(**held._asdict() | {"offset": offset})
        yield Reach(held.topic, held.partition, held.first, offset)
    for (topic, partition), offset in left.items():
        raise BeyondBook(topic=topic, partition=partition, offset=offset, first=0, next=0)


class _Connection:
    """Executes queries at a position."""

    def __init__(self, book: Book, reached: list[Reach], since: list[Reach] | None) -> None:
        self._book, self._reached, self._since, self._connection = book, reached, since, book.connection

    def execute(self, sql: str, *parameters: Any) -> Any:
        """Execute a statement; a query reads the relations of the position. Raise NotKnownThen."""
        begin = _QUERY.match(sql)
        if begin is None:  # BEGIN, COMMIT, PRAGMA
            return self._connection.execute(sql, *parameters)
        rest = f",\n{sql[begin.end() :]}" if begin["with"] else f"\n{sql}"
        try:
            return self._connection.execute(self._relations + INDEXED.sub("", rest), *parameters)
        except sqlite3.OperationalError as error:
            if missing := _MISSING.search(str(error)):
                what = f"the table {missing['table']}" if missing["table"] else f"`{missing['column']}`"
                raise NotKnownThen(what=what, position=position_text(self._reached)) from error
            raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    @cached_property
    def _relations(self) -> str:
        found = _relations(self._book.schema, self._reached, self._since)
        unknown = [name for name in own_tables() if name not in _CONSTANTS and name not in found]
        nowhere = {name: f'SELECT * FROM "{name} {_THEN}"' for name in unknown}
        return "WITH RECURSIVE " + ",\n".join(f"{name} AS (\n{sql})" for name, sql in (found | nowhere).items())


def _relations(schema: str, reached: list[Reach], since: list[Reach] | None) -> dict[str, str]:
    """Return the SQL of each relation at a position, by name; those with an underscore in front are for the others."""
    later = {(one.topic, one.partition): one.next for one in since or ()}
    at = [
        (TOPICS[topic].number, partition, first, end, later.get((topic, partition), first))
        for topic, partition, first, end in reached
    ]
    within = f"""SELECT v.* FROM {schema}.{{}} AS v JOIN _at AS a USING (topic, partition) WHERE v."offset" < a.next"""
    blocks = f"v.block BETWEEN a.since / {BLOCK} AND (a.next - 1) / {BLOCK}"
    found = {
        "_at (topic, partition, first, next, since)": _values(at),
        "record": within.format("record"),
        "rejection": within.format("rejection"),
        "posting": within.format("posting") + f""" AND v."offset" >= a.since AND {blocks}""",
        "position": f"""SELECT topic, partition, first, next, (
    SELECT max("offset") FROM {schema}.record AS r
    WHERE r.topic = a.topic AND r.partition = a.partition AND r."offset" < a.next
  ) AS last_offset FROM _at AS a""",
        **_totals(schema, "total", reached),
    }
    return found | _totals(schema, "total_before", since) if since else found


def _totals(schema: str, name: str, reached: list[Reach]) -> dict[str, str]:
    """Return the SQL of the totals at a position: what was carried forward last, and the postings since.

    Where there is a filter, ask for the rows that add up to them, `<name>_line`: SQLite carries it into a UNION ALL,
    but not into a GROUP BY.
    """
    at = [
        (TOPICS[topic].number, partition, first, end, end // CARRY * CARRY) for topic, partition, first, end in reached
    ]
    return {
        f"_{name} (topic, partition, first, next, carried)": _values(at),
        f"_{name}_block (topic, partition, block, next)": f"""SELECT
    topic, partition, max(carried, first) / {BLOCK}, next
  FROM _{name} WHERE max(carried, first) < next
  UNION ALL SELECT topic, partition, block + 1, next FROM _{name}_block WHERE (block + 1) * {BLOCK} < next""",
        f"{name}_line": carried_lines(
            f"""_{name} AS a CROSS JOIN {schema}.carried AS c
      ON c.topic = a.topic AND c.partition = a.partition AND c."offset" = a.carried""",
            f"""_{name}_block AS b CROSS JOIN {schema}.posting AS p
      ON p.topic = b.topic AND p.partition = b.partition AND p.block = b.block WHERE p."offset" < b.next""",
        ),
        name: added_up(f"{name}_line"),
    }


def _values(rows: Sequence[tuple[int, ...]]) -> str:
    return f"VALUES {', '.join(map(str, rows))}"
