"""Requests read one state of the book, on connections that can do nothing else."""

from __future__ import annotations

import threading
from pathlib import Path

import anyio
import pysqlite3 as sqlite3
import pytest
from starlette.concurrency import run_in_threadpool

from ledger import queries
from ledger.book.sandbox import confine
from ledger.queries.snapshot import AnswerTooLong
from ledger.web.reading import Books, asking_brokers
from tests.books import new_book, opened
from tests.each_case import each_case
from tests.events import granted
from tests.posting import post


@each_case(
    "sql",
    [
        "ATTACH ':memory:' AS other",
        "CREATE TEMP TABLE t (a)",
        "DELETE FROM record",
        "PRAGMA query_only = OFF",
        "PRAGMA writable_schema = ON",
        "SELECT load_extension('x')",
        "VACUUM INTO 'copy.db'",
    ],
)
def test_a_confined_connection_only_reads(market: Path, sql: str) -> None:
    with queries.open(market) as book:
        confine(book.connection)
        with pytest.raises(sqlite3.DatabaseError, match=r"not authorized|prohibited|denied"):
            book.connection.execute(sql)


def test_all_queries_of_a_snapshot_read_one_state(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    new_book(path)
    books = Books(path)
    with opened(path) as writer:
        post(writer, granted())
        with books.snapshot() as (book, state):
            post(writer, granted(subject="US10000001B2"))
            assert queries.totals(book, "grants").position == state.position
            assert queries.newest_events(book).position == state.position
        with books.snapshot() as (again, later):
            assert again is book, "the connection is used again"
            assert later.position != state.position
    books.close()


def test_a_book_that_was_replaced_is_opened_again(tmp_path: Path) -> None:
    path, other = tmp_path / "book.db", tmp_path / "other.db"
    new_book(path)
    new_book(other, first=5)
    books = Books(path)
    with books.snapshot() as (_, state):
        assert state.positions[0].next == 0
    other.replace(path)
    with books.snapshot() as (_, state):
        assert state.positions[0].next == 5
    books.close()


@pytest.mark.anyio
async def test_brokers_that_hang_hold_few_threads(market: Path) -> None:
    books, hang, began = Books(market), threading.Event(), []

    def wait() -> None:
        began.append(1)
        hang.wait()

    async with anyio.create_task_group() as tasks:
        for _ in range(50):
            tasks.start_soon(asking_brokers, books, wait)
        assert await run_in_threadpool(lambda: "answered") == "answered"
        hang.set()
        assert len(began) <= books.at_brokers.total_tokens
    assert len(began) == 50


def test_an_answer_that_takes_too_long_is_stopped(market: Path) -> None:
    books = Books(market, seconds=0.0)
    with pytest.raises(AnswerTooLong), books.snapshot() as (book, _):
        queries.view(book, "lineage")
