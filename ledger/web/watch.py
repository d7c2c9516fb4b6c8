"""The change counter of the book: one poller for all who wait for a change."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import structlog

from ledger.book.book import Book, PartitionState
from ledger.book.position import position_text
from ledger.queries.snapshot import newest_timestamp, read_snapshot
from ledger.web.book_files import data_versions, numbers_of, open_confined
from schemas.errors import LedgerError, UsageError
from schemas.topics import TopicPartition

_LOOK_SECONDS = 0.1
"""Time between two looks at the book."""
_WAIT_SECONDS = 10.0
"""The longest wait for a position."""

log = structlog.get_logger()


class NotReached(UsageError):
    """The book has not reached the position {asked} within {seconds:.0f} s; it is at {position}. Try again later;
    `ip-ledger status` shows whether the worker runs."""

    http_status = 409


class Seen(NamedTuple):
    """The book at a look: its positions, and the broker timestamp of its newest record (ms since 1970 UTC)."""

    positions: list[PartitionState]
    newest: int | None

    @property
    def position(self) -> str:
        """The position as text."""
        return position_text(self.positions)

    @property
    def offsets(self) -> dict[TopicPartition, int]:
        """The next offset of each partition."""
        return {(position.topic, position.partition): position.next for position in self.positions}


class Watch:
    """Looks at a book until it is stopped. `seen` is the last state, None while there is no book."""

    def __init__(self, *paths: Path) -> None:
        self.seen: Seen | None = None
        self._paths = paths
        self._book: Book | None = None
        self._files: list[tuple[int, int] | None] = []
        self._versions: list[int] = []
        self._changed = asyncio.Event()
        self._ending = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Look once, then repeatedly."""
        await self._look()
        self._task = asyncio.create_task(self._run(), name="watch")

    @property
    def looks(self) -> bool:
        """True as long as it looks at the book."""
        return self._task is not None and not self._task.done()

    @property
    def stopped(self) -> bool:
        """True as soon as it is to stop."""
        return self._ending.is_set()

    def end_waits(self) -> None:
        """End all waits, so that the streams of clients end before the server does."""
        self._ending.set()
        self._changed.set()

    async def stop(self) -> None:
        """Stop looking, once a look that has begun is over: its thread uses the book."""
        self.end_waits()
        if self._task is not None:
            await self._task
        if self._book is not None:
            self._book.close()

    async def change(self, known: Seen | None, seconds: float) -> bool:
        """Wait until the book differs from a known state; return False if it does not within this time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.seen is known and not self.stopped:
                    await self._changed.wait()
        return self.seen is not known

    async def reach(self, asked: Mapping[TopicPartition, int], text: str) -> None:
        """Wait until the book has a position. Raise NotReached."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_WAIT_SECONDS):
                while not self.stopped:
                    if self._has(asked):
                        return
                    await self._changed.wait()
        if not self._has(asked):
            position = self.seen.position if self.seen else "no position: there is no book"
            raise NotReached(asked=text, seconds=_WAIT_SECONDS, position=position)

    def _has(self, asked: Mapping[TopicPartition, int]) -> bool:
        offsets = self.seen.offsets if self.seen else {}
        return all(offsets.get(topic_partition, -1) >= offset for topic_partition, offset in asked.items())

    async def _run(self) -> None:
        while not self.stopped:
            await self._look()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._ending.wait()

    async def _look(self) -> None:
        try:
            found = await asyncio.to_thread(self._found)
        except LedgerError as error:
            if self.seen is not None:
                log.warning("book not seen", error=type(error).__name__, message=str(error))
            self._drop()
            found = None
        if found is not self.seen:
            self.seen = found
            self._changed.set()
            if not self.stopped:
                self._changed = asyncio.Event()

    def _found(self) -> Seen | None:
        if self._book is None or numbers_of(self._paths) != self._files:
            self._drop()
            self._files = numbers_of(self._paths)
            self._book = open_confined(self._paths)
        versions = data_versions(self._book, self._paths)
        if versions == self._versions:
            return self.seen
        with read_snapshot(self._book):
            found = Seen(self._book.positions(), newest_timestamp(self._book))
        self._versions = versions
        return self.seen if found == self.seen else found

    def _drop(self) -> None:
        if self._book is not None:
            self._book.close()
        self._book, self._versions = None, []
