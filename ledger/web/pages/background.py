"""Slow parts of pages, computed in the background: a page never waits for them for long."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from threading import Lock
from typing import Generic, TypeVar

from ledger.queries import Book
from ledger.web.pages.address import Address
from ledger.web.pages.parts import Block, Link, Loading, Notice
from ledger.web.pages.translator import Translator
from ledger.web.reading import Books
from schemas.errors import LedgerError
from streams.cluster import Cluster

T = TypeVar("T")
COST = 20
"""A result is kept for this many times as long as it took, so a question costs at most 5 % of a processor."""
MOST_KEPT = 256
MOST_WAITING = 64
"""Results that are computed or wait for a thread; the next page asks for what was not taken."""
_AT_ONCE = 2
_PATIENCE_SECONDS = 0.4
"""The longest that a page waits for all of its slow parts."""
OLD_SECONDS = 3.0
"""A part older than this shows its age."""


@dataclass(frozen=True)
class Computed(Generic[T]):
    """A result, and when it was computed (monotonic seconds)."""

    result: T
    at: float
    until: float

    @property
    def age(self) -> float:
        """Seconds since it was computed."""
        return time.monotonic() - self.at


class Background:
    """Results by key. Threads compute them on their own snapshots of the book."""

    def __init__(self, books: Books, patience: float = _PATIENCE_SECONDS) -> None:
        self.books = books
        self.patience = patience
        self._pool = ThreadPoolExecutor(_AT_ONCE, "pages")
        self._lock = Lock()
        self._kept: OrderedDict[str, Computed[object]] = OrderedDict()
        self._running: dict[str, Future[object]] = {}

    def get(self, key: str, compute: Callable[[Book], T], seconds: float) -> Computed[T | LedgerError] | None:
        """Return the newest result, or the error that ended it; None if there is none within these seconds."""
        with self._lock:
            kept = self._kept.get(key)
            future = self._running.get(key)
            due = kept is None or time.monotonic() > kept.until
            if future is None and due and len(self._running) < MOST_WAITING:
                future = self._running[key] = self._pool.submit(self._run, key, compute)
        if future is not None:
            wait([future], max(0.0, seconds))
            if future.done():
                future.result()  # raises what is not a LedgerError: a fault of ours
            with self._lock:
                kept = self._kept.get(key, kept)
        return kept  # type: ignore[return-value]  # what this key's compute returned

    def close(self) -> None:
        """Forget what waits, and end the threads after what runs."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, key: str, compute: Callable[[Book], object]) -> None:
        began = time.monotonic()
        try:
            with self.books.snapshot() as taken:
                result: object = compute(taken.book)
        except LedgerError as error:
            result = error
        finally:
            with self._lock:
                del self._running[key]
        ended = time.monotonic()
        with self._lock:
            self._kept[key] = Computed(result, ended, ended + COST * (ended - began))
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


class Slow:
    """The slow parts of one page; they share its patience."""

    def __init__(self, background: Background, at: Address, t: Translator, cluster: Cluster | None = None) -> None:
        self.background, self.at, self.t, self.cluster = background, at, t, cluster
        self._deadline = time.monotonic() + background.patience

    def value(self, key: str, compute: Callable[[Book], T], otherwise: T) -> T:
        """Return a value; another one until it is known."""
        kept = self.background.get(key, compute, self._deadline - time.monotonic())
        return otherwise if kept is None or isinstance(kept.result, LedgerError) else kept.result

    def block(
        self,
        id: str,  # noqa: A002
        title: str,
        compute: Callable[[Book], Block],
        *,
        span: int = 12,
        link: Link | None = None,
    ) -> Block:
        """Return a block; a loading one until it is known, a notice if it failed."""
        at, t = self.at, self.t
        key = f"{id} {t.lang} {at.link(theme=None, slide=None, wall=None)}"
        kept = self.background.get(key, compute, self._deadline - time.monotonic())
        if kept is None:
            text = t("This takes some seconds on a large book. The page reloads by itself.")
            return Loading(id=id, title=title, span=span, link=link, href=at.link(), text=text)
        if isinstance(kept.result, LedgerError):
            return Notice(id=id, title=title, span=span, link=link, tone="warn", text=t.error(kept.result))
        if kept.age < OLD_SECONDS:
            return kept.result
        return replace(kept.result, aged=t("computed {span} ago", span=t.span(kept.age)))
