"""Live streams: positions and records, resumed without gap or repeat."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ledger.book.book import Book
from ledger.book.errors import BookUnavailable
from ledger.book.files import numbers
from ledger.book.position import parse_position
from ledger.web import live, stream
from ledger.web.live import Records, positions, records
from ledger.web.reading import Books
from ledger.web.stream import Clients, EventStream
from ledger.web.watch import Watch
from tests.books import new_book, opened
from tests.events import granted_number
from tests.posting import post

pytestmark = pytest.mark.anyio
PATIENCE = 60.0


class Sent(NamedTuple):
    id: str
    data: Any


@pytest.fixture
def writer(tmp_path: Path) -> Any:
    """Yield a new book that a test posts to."""
    new_book(tmp_path / "book.db")
    with opened(tmp_path / "book.db") as book:
        yield book


@pytest.fixture
async def watch(writer: Book) -> AsyncIterator[Watch]:
    """Yield a watch on that book."""
    watch = Watch(writer.path)
    await watch.start()
    yield watch
    await watch.stop()


async def test_a_watch_stops_after_the_look_that_has_begun(
    watch: Watch, writer: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To close a connection that another thread uses ends the process."""
    begun, go_on = threading.Event(), threading.Event()

    def slowly(path: Path) -> tuple[int, int] | None:
        if path == writer.path:  # and not that of another test's server
            begun.set()
            assert go_on.wait(PATIENCE)
        return numbers(path)

    monkeypatch.setattr("ledger.web.book_files.numbers", slowly)
    assert await asyncio.to_thread(begun.wait, PATIENCE)
    stopping = asyncio.create_task(watch.stop())
    assert await asyncio.wait({stopping}, timeout=0.2) == (set(), {stopping})
    go_on.set()
    await asyncio.wait_for(stopping, PATIENCE)
    assert not watch.looks


async def take(events: AsyncIterator[bytes], count: int) -> list[Sent]:
    """Return the next events; comments are skipped."""
    found: list[Sent] = []
    async with asyncio.timeout(PATIENCE):
        while len(found) < count:
            for block in (await anext(events)).decode().split("\n\n"):
                fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
                if fields:
                    found.append(Sent(fields["id"], json.loads(fields["data"])))
    return found


async def ticks_to(events: AsyncIterator[bytes], records: int) -> list[Sent]:
    """Return the positions up to the one with this number of records."""
    found: list[Sent] = []
    while not found or sum(parse_position(found[-1].id).values()) < records:
        found += await take(events, 1)
    return found


async def test_a_position_with_each_change(writer: Book, watch: Watch) -> None:
    events = positions(watch, None)
    (first,) = await take(events, 1)
    assert (first.data["records"], first.data["newest_at"]) == (None, None)
    post(writer, granted_number(10_000_001), granted_number(10_000_002))
    ticks = await ticks_to(events, 2)
    assert sum(tick.data["records"] for tick in ticks) == 2
    assert all(tick.id == tick.data["position"] for tick in ticks)


async def test_positions_are_resumed_without_gap_or_repeat(writer: Book, watch: Watch) -> None:
    post(writer, granted_number(10_000_001))
    ticks = await ticks_to(positions(watch, {}), 1)
    post(writer, granted_number(10_000_002), granted_number(10_000_003))
    ticks += await ticks_to(positions(watch, parse_position(ticks[-1].id)), 3)
    assert sum(tick.data["records"] for tick in ticks) == 3


async def test_nothing_is_repeated_at_the_same_position(
    writer: Book, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.05)
    (first,) = await take(positions(watch, None), 1)
    events = positions(watch, parse_position(first.id))
    assert [await anext(events) for _ in range(3)] == [stream.HEARTBEAT] * 3


async def test_records_are_resumed_without_gap_or_repeat(
    writer: Book, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "PAGE_RECORDS", 3)
    books = Books(writer.path)
    numbers = range(10_000_001, 10_000_021)
    post(writer, *map(granted_number, numbers[:10]))
    found = await take(records(watch, Records(books), {}), 4)
    post(writer, *map(granted_number, numbers[10:]))
    while len(found) < len(numbers):  # each time a new connection
        found += await take(records(watch, Records(books), parse_position(found[-1].id)), 1)
    assert sorted(sent.data["subject"] for sent in found) == [f"US{number}B2" for number in numbers]
    books.close()


async def test_clients_at_the_same_position_share_what_is_read(
    writer: Book, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []
    pages = Records(Books(writer.path))
    original: Callable[..., Any] = pages._chunk

    def counted(offsets: object) -> Any:
        read.append(offsets)
        return original(offsets)

    monkeypatch.setattr(pages, "_chunk", counted)
    post(writer, granted_number(10_000_001))
    found = await asyncio.gather(*(take(records(watch, pages, {}), 1) for _ in range(20)))
    assert len({sent[0].id for sent in found}) == 1
    assert len(read) == 1


async def test_a_client_that_takes_nothing_is_dropped(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "SLOW_SECONDS", 0.05)
    clients = Clients(1)

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def receive() -> Any:
        await asyncio.Event().wait()

    async with asyncio.timeout(PATIENCE):
        await EventStream(positions(watch, None), clients)({"type": "http"}, receive, send)
    assert (clients.connected, clients.dropped) == (0, 1)


async def test_a_stream_ends_while_the_book_is_away() -> None:
    async def events() -> AsyncIterator[bytes]:
        yield stream.HEARTBEAT
        raise BookUnavailable(path="book.db", reason="it is gone")

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        await asyncio.Event().wait()

    async with asyncio.timeout(PATIENCE):
        await EventStream(events(), Clients(1))({"type": "http"}, receive, send)
    assert sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}


async def test_a_client_that_goes_is_forgotten(watch: Watch) -> None:
    clients = Clients(1)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        while len(sent) < 2:
            await asyncio.sleep(0)
        assert clients.connected == 1
        with pytest.raises(stream.TooManyClients):
            clients.require_room()
        return {"type": "http.disconnect"}

    async with asyncio.timeout(PATIENCE):
        await EventStream(positions(watch, None), clients)({"type": "http"}, receive, send)
    assert clients.connected == 0
