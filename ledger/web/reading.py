"""One state of the book for each request, read on a sandboxed connection."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from threading import Lock
from typing import Annotated, NamedTuple, TypeVar

import anyio
from fastapi import Depends, Request
from fastapi.concurrency import contextmanager_in_threadpool, run_in_threadpool

from ledger import queries
from ledger.book.book import Book
from ledger.book.position import parse_position
from ledger.proof.moments import moment_of
from ledger.queries.answer import BookState
from ledger.queries.masking import Mask
from ledger.queries.snapshot import ANSWER_SECONDS, age_seconds, read_snapshot
from ledger.web.book_files import numbers_of, open_confined
from ledger.web.scopes import PARTIES_READ
from schemas.errors import Unavailable

_AT_ONCE = 8
"""Requests that read the book at once. Each has a connection and a thread; the machine has fewer cores."""
_AT_BROKERS = 4
"""Requests that ask the brokers at once. Brokers that hang hold their threads for long, so the others need more."""
_WAIT_SECONDS = 5.0
"""The longest wait for one of these."""
_T = TypeVar("_T")


class Busy(Unavailable):
    """The server is answering {at_once} other requests and had no time for this one within {seconds:.0f} s. Try again
    later."""


class Snapshot(NamedTuple):
    """A book whose queries all read one state, and that state."""

    book: Book
    state: BookState

    def at(self, text: str | None) -> Snapshot:
        """Return the book at a past position, time or checkpoint, or itself. Raise BadMoment, BadPosition, BeyondBook,
        NoCheckpoint, NoSuchCheckpoint."""
        if text is None:
            return self
        book = queries.as_known(self.book, moment_of(self.book.path, text))
        return Snapshot(book, BookState(book.reached(), age_seconds(book)))


class Books:
    """Open connections to one book, or to several as one, reused by requests. A book that another file has replaced is
    opened again."""

    def __init__(self, *paths: Path, seconds: float = ANSWER_SECONDS, mask: Mask | None = None) -> None:
        """Read at most `seconds` for a snapshot. A `mask` hides names of parties, unless a snapshot is unmasked."""
        self.paths, self.mask = paths, mask
        self._seconds = seconds
        self.limiter = anyio.CapacityLimiter(_AT_ONCE)
        self.at_brokers = anyio.CapacityLimiter(_AT_BROKERS)
        self._idle: list[tuple[Book, list[tuple[int, int] | None]]] = []
        self._lock = Lock()

    @contextmanager
    def snapshot(self, *, unmasked: bool = False) -> Iterator[Snapshot]:
        """Yield the book in its present state. Raise AnswerTooLong, and the errors of `opened`."""
        with self.opened() as book, read_snapshot(book, self._seconds) as state:
            book.mask = None if unmasked else self.mask
            yield Snapshot(book, state)

    @contextmanager
    def opened(self) -> Iterator[Book]:
        """Yield the book. Raise BookUnavailable, NotABook, BookDamaged, OtherVersion."""
        book, file = self._taken()
        try:
            yield book
        except BaseException:
            book.close()
            raise
        with self._lock:
            self._idle.append((book, file))

    def close(self) -> None:
        """Close the connections that no request uses."""
        with self._lock:
            while self._idle:
                self._idle.pop()[0].close()

    def _taken(self) -> tuple[Book, list[tuple[int, int] | None]]:
        present = numbers_of(self.paths)
        with self._lock:
            while self._idle:
                book, file = self._idle.pop()
                if file == present:
                    return book, file
                book.close()
        return open_confined(self.paths), present


async def _snapshot(request: Request) -> AsyncIterator[Snapshot]:
    """Yield a snapshot for one request, once the book has its `min_position`. Raise BadPosition, NotReached, Busy, and
    the errors of `Books.snapshot`."""
    books: Books = request.app.state.books
    if asked := request.query_params.get("min_position"):
        await request.app.state.watch.reach(parse_position(asked), asked)
    caller = await request.app.state.access.caller(request)
    sees_parties = PARTIES_READ in caller.scopes
    async with (
        _turn(books.limiter),
        contextmanager_in_threadpool(books.snapshot(unmasked=sees_parties)) as taken,
    ):
        yield taken


async def asking_brokers(books: Books, work: Callable[[], _T]) -> _T:
    """Return the result of work that may wait for brokers, from a thread. Raise Busy."""
    async with _turn(books.at_brokers):
        return await run_in_threadpool(work)


@asynccontextmanager
async def _turn(limiter: anyio.CapacityLimiter) -> AsyncIterator[None]:
    """Wait for a turn. Raise Busy."""
    borrower = object()
    try:
        with anyio.fail_after(_WAIT_SECONDS):
            await limiter.acquire_on_behalf_of(borrower)
    except TimeoutError as error:
        raise Busy(at_once=int(limiter.total_tokens), seconds=_WAIT_SECONDS) from error
    try:
        yield
    finally:
        limiter.release_on_behalf_of(borrower)


RequestSnapshot = Annotated[Snapshot, Depends(_snapshot, scope="function")]
"""The snapshot of a request; it ends before the response is sent, so that slow clients hold no read transaction."""
