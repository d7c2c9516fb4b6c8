"""Putting the worker together: the log is recognised, the book made or opened, and Faust set to feed its sink."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from ledger import logs
from ledger.book import book as books
from ledger.book.book import Book
from ledger.book.connection import faults_named
from ledger.book.recognition import firsts, recognise
from ledger.book.sink import BookSink, rare_collections
from ledger.book.wal import WalWatch
from schemas.errors import LedgerError
from schemas.topics import TOPICS
from streams.batch import Batch, Outcome
from streams.cluster import BrokerUnavailable, Cluster, identity
from streams.reader import Reader
from streams.worker import Group, Worker

ATTEMPTS = 4
"""A broker that restarts is asked again, each time for as long as the cluster's timeout."""
log = structlog.get_logger()


def work(cluster: Cluster, path: Path, *, from_earliest: bool = False, session_seconds: float = 10.0) -> None:
    """Post what the log brings to the book at `path`, until SIGTERM. Raises what stopped it otherwise."""
    logs.configure()
    open_or_create(cluster, path, from_earliest=from_earliest)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    with Book(path, writable=True) as book, rare_collections():
        recognise_log(cluster, book, attempts=1)
        worker = Worker(
            cluster,
            Group(f"ip-ledger.{book.id}", session_seconds),
            WatchedSink(book),
            recognise=lambda: recognise_log(cluster, book),
            same_log=lambda: same_topics(book, identities),
        )
        log.info("worker started", book=str(path), brokers=cluster.brokers, group=f"ip-ledger.{book.id}")
        try:
            # not asyncio.run, which would wait for tasks of Faust that may wait for a broker that is gone
            loop.run_until_complete(worker.run())
        except LedgerError:
            raise
        except Exception:
            recognise_log(cluster, book)  # says it by name, if it is the log that changed
            raise
        log.info("worker stopped", book=str(path))


class WatchedSink:
    """The book's sink, and after each batch a look at the file that readers can keep from shrinking."""

    def __init__(self, book: Book) -> None:
        self._path, self._sink, self._watch = book.path, BookSink(book), WalWatch(book.connection, book.path)

    def next_offset(self, topic: str, partition: int) -> int:
        """As the book's sink."""
        with faults_named(self._path):
            return self._sink.next_offset(topic, partition)

    def post(self, batch: Batch) -> Outcome:
        """As the book's sink."""
        outcome = self._sink.post(batch)
        with faults_named(self._path):
            self._watch.look()
        return outcome


def open_or_create(cluster: Cluster, path: Path, *, from_earliest: bool) -> None:
    """Make the book if there is none. Raises LogIncomplete, BrokerUnavailable, TopicMissing."""
    if books.exists(path):
        return
    with Reader(cluster) as reader:
        beginnings = firsts(reader.bounds(TOPICS), from_earliest=from_earliest)
    books.create(path, identity(cluster), beginnings)
    log.info("book made", book=str(path))


def recognise_log(cluster: Cluster, book: Book, attempts: int = ATTEMPTS) -> None:
    """Raises the named error if the book must not go on from the log that the cluster holds now."""
    for attempt in range(attempts):
        try:
            with Reader(cluster) as reader:
                positions = book.positions()
                return recognise(book, positions, identity(cluster), reader.bounds(TOPICS), reader.record)
        except BrokerUnavailable:
            if attempt == attempts - 1:
                raise
    return None
