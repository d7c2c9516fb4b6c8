"""SQL of the reader's own, in a process of its own: it can only read the book, and has limits of time and memory.

The connection is sandboxed. A statement can still build a value of a gigabyte in a few steps, which no handler of
SQLite sees; so a second process runs it, and the system ends that one.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, NamedTuple

import pysqlite3 as sqlite3

from ledger.book.book import Book
from ledger.book.sandbox import confine
from schemas.errors import Unavailable, UsageError

SECONDS = 5.0
"""The longest that a statement may run."""
_GRACE_SECONDS = 5.0
"""The time for the process to start and to write the answer."""
MOST_ROWS = 1000
AT_ONCE = 2
"""Statements at once. Each may use a processor all the time, and a page that waits keeps others from the book."""
_turns = BoundedSemaphore(AT_ONCE)
MEMORY_BYTES = 2**30
LONGEST_SQL = 20_000
"""Characters of a statement."""
_LONGEST_TEXT = 2_000
"""Characters of a value in an answer; longer ones are cut."""
_MOST_TEXT = 2**22
"""Characters of an answer; it has fewer rows if these are longer."""
_STEPS_PER_CHECK = 10_000


class BadSql(UsageError):
    """SQLite cannot run this statement: {reason}. Write one SELECT over the views and tables of `ip-ledger views`."""


class SqlNotAllowed(UsageError):
    """This statement would do more than read the book. Write one SELECT over its views and tables."""


class SqlTooLong(UsageError):
    """The statement was stopped: it needs more than {seconds:.0f} s or {memory} MiB. Add a WHERE or a LIMIT, or run it
    on a copy: `ip-ledger backup COPY`, then `sqlite3 COPY`."""


class SqlBusy(Unavailable):
    """{at_once} statements are running, the most at a time. Try again in a few seconds."""


class SqlAnswer(NamedTuple):
    """The rows of a statement, at most the number asked for, and whether there are more."""

    names: list[str]
    rows: list[list[Any]]
    more: bool


def run_select(path: Path, sql: str, limit: int = MOST_ROWS) -> SqlAnswer:
    """Return the answer to one SELECT. Raise BadSql, SqlNotAllowed, SqlTooLong, SqlBusy."""
    if len(sql) > LONGEST_SQL:
        raise BadSql(reason=f"it has more than {LONGEST_SQL} characters")
    asked = json.dumps({"path": str(path.absolute()), "sql": sql, "limit": min(limit, MOST_ROWS)})
    command = [sys.executable, "-m", "ledger.queries.sql"]
    if not _turns.acquire(blocking=False):
        raise SqlBusy(at_once=AT_ONCE)
    try:
        done = subprocess.run(  # noqa: S603 # our own module; the statement is its input
            command, input=asked.encode(), capture_output=True, timeout=SECONDS + _GRACE_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise _too_long() from error
    finally:
        _turns.release()
    if done.returncode:
        raise _too_long()
    answer = json.loads(done.stdout)
    if (refused := answer.get("refused")) is not None:
        raise {"not allowed": SqlNotAllowed(), "too long": _too_long()}.get(refused) or BadSql(reason=refused)
    return SqlAnswer(**answer)


def _too_long() -> SqlTooLong:
    return SqlTooLong(seconds=SECONDS, memory=MEMORY_BYTES // 2**20)


def _answer(path: Path, sql: str, limit: int) -> dict[str, Any]:
    """Return the answer as JSON; `refused` has the reason if there is none."""
    with Book(path) as book:
        confine(book.connection)
        deadline = time.monotonic() + SECONDS
        book.connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_PER_CHECK)
        try:
            cursor = book.connection.execute(sql)
            rows = cursor.fetchmany(limit + 1)
        except (sqlite3.Error, sqlite3.Warning, MemoryError, OverflowError, ValueError) as error:  # ValueError: a NUL
            if time.monotonic() > deadline or isinstance(error, MemoryError):
                return {"refused": "too long"}
            return {"refused": "not allowed" if "not authorized" in str(error) else str(error)}
    if cursor.description is None:
        return {"refused": "not allowed"}
    shown = list(_fitting(rows[:limit]))
    return {"names": [column[0] for column in cursor.description], "rows": shown, "more": len(rows) > len(shown)}


def _fitting(rows: list[tuple[Any, ...]]) -> Iterator[list[Any]]:
    """Yield the rows that fit into an answer, at least one."""
    left = _MOST_TEXT
    for number, row in enumerate(rows):
        shown = [_json(value) for value in row]
        left -= sum(len(str(value)) for value in shown)
        if left < 0 and number:
            return
        yield shown


def _json(value: Any) -> Any:
    text = value.hex() if isinstance(value, bytes) else value
    return text[:_LONGEST_TEXT] + "…" if isinstance(text, str) and len(text) > _LONGEST_TEXT else text


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS) + 2, int(SECONDS) + 2))
    asked = json.loads(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(_answer(Path(asked["path"]), asked["sql"], asked["limit"])))


if __name__ == "__main__":
    _main()
