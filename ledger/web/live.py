"""The two live streams: positions of the book, and its records. The id of each event is a position, so a client that
reconnects with it gets what it missed, without gap or repeat."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool

from ledger.json_document import json_document
from ledger.queries.following import records_after
from ledger.web.formats import plain_rows
from ledger.web.moments import rfc3339
from ledger.web.reading import Books
from ledger.web.stream import HEARTBEAT, server_sent_event
from ledger.web.watch import Seen, Watch
from schemas.topics import Offsets, TopicPartition

HEARTBEAT_SECONDS = 15.0
TICK_SECONDS = 0.5
"""The least time between two positions for a client; what comes between is in the later one."""
PAGE_RECORDS = 200
PAGES_KEPT = 32
"""Clients that follow the log read the same pages, so each is read and written once."""


async def positions(watch: Watch, since: Offsets | None) -> AsyncIterator[bytes]:
    """Yield an event for each new position after `since`, by default the present one first."""
    known: Seen | None = None
    yield HEARTBEAT  # the response begins
    while not watch.stopped:
        seen = watch.seen
        if seen is not None and seen is not known and (since is None or any(_steps(seen, since))):
            yield server_sent_event("position", seen.position, json_document(_tick(seen, since)))
            known, since = seen, seen.offsets
            await asyncio.sleep(TICK_SECONDS)
        elif not await watch.change(seen, HEARTBEAT_SECONDS):
            yield HEARTBEAT


def _tick(seen: Seen, before: Offsets | None) -> dict[str, object]:
    """Return the data of an event. `records` is the number of records since the event before; None for the first event,
    and if another book has replaced this one."""
    steps = [] if before is None else _steps(seen, before)
    added = None if before is None or min(steps) < 0 else sum(steps)
    return {"position": seen.position, "newest_at": rfc3339(seen.newest), "records": added}


def _steps(seen: Seen, before: Offsets) -> list[int]:
    """Return the number of records in each partition since these offsets; one that is not named counts from its first
    offset in the book."""
    return [
        position.next - before.get((position.topic, position.partition), position.first) for position in seen.positions
    ]


class Chunk(NamedTuple):
    """Events of some records, and the offsets behind them."""

    events: bytes
    offsets: dict[TopicPartition, int]
    size: int


class Records:
    """Reads the records behind any offsets, once for all clients that are there."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._kept: OrderedDict[frozenset[tuple[TopicPartition, int]], asyncio.Task[Chunk]] = OrderedDict()

    async def after(self, offsets: Offsets) -> Chunk:
        """Return the next records."""
        key = frozenset(offsets.items())
        task = self._kept.get(key)
        if task is None:
            task = self._kept[key] = asyncio.create_task(self._read(dict(offsets)))
            while len(self._kept) > PAGES_KEPT:
                self._kept.popitem(last=False)
        try:
            chunk = await asyncio.shield(task)
        except BaseException:
            if task.done():
                self._kept.pop(key, None)
            raise
        if not chunk.size and self._kept.get(key) is task:
            del self._kept[key]
        return chunk

    async def _read(self, offsets: dict[TopicPartition, int]) -> Chunk:
        async with self._books.limiter:
            return await run_in_threadpool(self._chunk, offsets)

    def _chunk(self, offsets: dict[TopicPartition, int]) -> Chunk:
        with self._books.snapshot() as (book, _):
            found = records_after(book, offsets, PAGE_RECORDS)
        reached, events = dict(offsets), []
        rows = plain_rows(found.answer)
        for number, row in enumerate(rows, start=1):
            reached[row["topic"], row["partition"]] = row["offset"] + 1
            position = found.offsets if number == len(rows) else reached
            events.append(server_sent_event("record", _text(position), json_document(row)))
        return Chunk(b"".join(events), found.offsets, len(rows))


async def records(watch: Watch, pages: Records, since: Offsets | None) -> AsyncIterator[bytes]:
    """Yield an event for each record behind `since`, by default those after now."""
    yield HEARTBEAT
    while watch.seen is None and not watch.stopped:
        if not await watch.change(None, HEARTBEAT_SECONDS):
            yield HEARTBEAT
    offsets: Offsets = since if since is not None else watch.seen.offsets if watch.seen else {}
    while not watch.stopped:
        seen = watch.seen
        chunk = await pages.after(offsets)
        offsets = chunk.offsets
        if chunk.size:
            yield chunk.events
        elif not await watch.change(seen, HEARTBEAT_SECONDS):
            yield HEARTBEAT


def _text(offsets: Offsets) -> str:
    return ",".join(f"{topic}:{partition}={offset}" for (topic, partition), offset in sorted(offsets.items()) if offset)
