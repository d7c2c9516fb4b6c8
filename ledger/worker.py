"""Assembly of the worker: recognise the log, create or open the book, and let Faust feed its sink."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pysqlite3 as sqlite3
import structlog

from ledger.book import book as books
from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.book.errors import BookReplaced, OtherLog, OtherShare
from ledger.book.installed_views import bring_views_up_to_date, views_version
from ledger.book.recognition import firsts, recognise, same_topics
from ledger.book.share import WHOLE, Share
from ledger.book.sink import BookSink, rare_collections
from ledger.book.wal import WalWatch, empty
from ledger.book.write_lock import WriteLock
from ledger.log_watch import LogWatch
from ledger.processes import Member
from ledger.publishing import publishing
from schemas.errors import LedgerError
from schemas.topics import TOPICS
from streams.batch import Batch, PostResult
from streams.cluster import Cluster, TopicMissing
from streams.group import CLIENT, require_ours
from streams.log_identity import Identities, identity
from streams.reader import Reader
from streams.shape import log_in_shape, read_shape
from streams.worker import Group, Worker

if TYPE_CHECKING:
    from ledger.worker_metrics import WorkerMetrics
    from ledger.worker_traces import WorkerTraces

log = structlog.get_logger()


def work(
    cluster: Cluster,
    path: Path,
    *,
    from_earliest: bool = False,
    share: Share | None = None,
    session_seconds: float = 10.0,
    group_id: str | None = None,
    publish_rejections: bool = False,
    member: Member | None = None,
    metrics: WorkerMetrics | None = None,
    traces: WorkerTraces | None = None,
) -> None:
    """Post the log, or a `share` of it, to the book at `path` until SIGTERM, and publish rejections if
    `publish_rejections`. Raise any error that stops it. A `member` is one process of several. `metrics` and `traces`
    observe each transaction."""
    log_watch = LogWatch(cluster)
    open_or_create(cluster, path, log_watch, from_earliest=from_earliest, share=share)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    with Book(path, writable=True) as book, Identities(cluster) as identities, rare_collections():
        lock = WriteLock(member.write_lock) if member else None
        sink = WatchedSink(cluster, book, identities, log_watch, lock, metrics, traces)
        sink.recognise()
        _bring_views_up_to_date(book)
        group = _group(book, group_id, session_seconds, member)
        # long enough for a member that has just died to expire
        require_ours(cluster, group.id, group.client, seconds=2 * session_seconds)

        def recognise_all() -> None:
            require_ours(cluster, group.id, group.client)
            sink.recognise()

        unpacked = book.shape.unpacked_bytes
        worker = Worker(cluster, group, sink, recognise=recognise_all, idle=sink.idle, unpacked_bytes=unpacked)
        published = (
            publishing(cluster, path, group.id, lambda: worker.assigned) if publish_rejections else nullcontext()
        )
        try:
            with published:
                _run(loop, worker, {"book": str(path), "brokers": cluster.brokers, "group": group.id})
        except BookReplaced:
            with suppress(sqlite3.Error):  # so that the opened file is complete, and the new one gets no foreign -wal
                empty(book.connection)
            raise
        except LedgerError:
            raise
        except Exception:
            recognise_all()  # raises the specific error if the log changed or a right was revoked
            raise


def _group(book: Book, group_id: str | None, session_seconds: float, member: Member | None) -> Group:
    name = member.name if member else None
    return Group(group_id or book.group, session_seconds, CLIENT + book.id, name, frozenset(book.next_offsets()))


def prepare(cluster: Cluster, path: Path, *, from_earliest: bool = False, share: Share | None = None) -> None:
    """Create or open the book at `path` and recognise the log, once for all processes of a worker. Raise any error that
    would stop each of them."""
    open_or_create(cluster, path, LogWatch(cluster), from_earliest=from_earliest, share=share)
    with Book(path, writable=True) as book:
        recognise_log(cluster, book)
        _bring_views_up_to_date(book)


def _bring_views_up_to_date(book: Book) -> None:
    with translated_errors(book.path):
        if bring_views_up_to_date(book.connection):
            log.info("views brought up to date", book=str(book.path), version=views_version())


def _run(loop: asyncio.AbstractEventLoop, worker: Worker, facts: Mapping[str, str]) -> None:
    """Run the worker to its end. Log the start once it handles signals.

    Do not use asyncio.run, which would wait for tasks of Faust that may wait for an unreachable broker.
    """

    def started() -> None:
        log.info("worker started", **facts)

    running = loop.create_task(worker.run())
    loop.call_soon(started)
    loop.run_until_complete(running)


class WatchedSink:
    """The book's sink with checks. Before each transaction: that nobody has recreated the topics of its batches. Before
    and after it, and while idle: that the book's files are still the opened ones, that readers do not keep the -wal
    from shrinking, and the state of the log."""

    def __init__(
        self,
        cluster: Cluster,
        book: Book,
        identities: Identities,
        log_watch: LogWatch,
        lock: WriteLock | None = None,
        metrics: WorkerMetrics | None = None,
        traces: WorkerTraces | None = None,
    ) -> None:
        self._metrics, self._traces = metrics, traces
        self._book, self._path, self._identities = book, book.path, identities
        self._cluster, self._log_watch = cluster, log_watch
        self._sink, self._watch = BookSink(book, lock), WalWatch(book.connection, book.path)

    def recognise(self) -> None:
        """Raise an error of `recognise_log` or TopicCompacted if the book must not continue from the cluster's log."""
        recognise_log(self._cluster, self._book)
        with _gone_is_another(self._book):
            self._log_watch.require_uncompacted()

    def next_offset(self, topic: str, partition: int) -> int:
        """Return the partition's next offset: see BookSink."""
        with translated_errors(self._path):
            return self._sink.next_offset(topic, partition)

    def post_all(self, batches: Sequence[Batch]) -> list[PostResult]:
        """Post batches: see BookSink. Also raise OtherLog, BrokerUnavailable, BookReplaced."""
        with _gone_is_another(self._book):
            same_topics(self._book, *self._identities.topics())
        with translated_errors(self._path):
            self._book.files.require_same()
            began, since = time.perf_counter(), time.time_ns()
            results = self._sink.post_all(batches, before_commit=self._book.files.require_same)
        if self._metrics:
            self._metrics.observe(self._sink.posted, results.count(PostResult.BEHIND), time.perf_counter() - began)
        if self._traces:
            self._traces.observe(self._sink.posted, since)
        self.idle()
        return results

    def idle(self) -> None:
        """Check the book's files and its log between two batches. Raise BookReplaced, BookFault, BookDamaged,
        TopicCompacted, OtherLog."""
        with translated_errors(self._path):
            self._book.files.require_same()
            self._watch.look()
        with _gone_is_another(self._book):
            self._log_watch.look(self._book.next_offsets)


def open_or_create(
    cluster: Cluster, path: Path, log_watch: LogWatch, *, from_earliest: bool, share: Share | None = None
) -> None:
    """Create the book if there is none; log its full path and the number of records to read. Raise LogIncomplete,
    LogShapeDiffers, TopicCompacted, BrokerUnavailable, TopicMissing, BadShare; OtherShare if there is a book of another
    share."""
    if books.exists(path):
        if share is not None:
            with Book(path) as book:
                if share != book.share:
                    raise OtherShare(path=path, found=book.share.text, wanted=share.text)
        return
    share = share or WHOLE
    log_watch.require_uncompacted()
    identified, shape = log_in_shape(cluster)
    topic_partitions = share.topic_partitions(shape.partitions)
    with Reader(cluster) as reader:
        bounds = reader.bounds(TOPICS)
    beginnings = firsts(
        {topic_partition: bounds[topic_partition] for topic_partition in topic_partitions}, from_earliest=from_earliest
    )
    books.create_book(path, identified, beginnings, unpacked_bytes=shape.unpacked_bytes, share=share)
    records = sum(bounds[topic_partition].end - first for topic_partition, first in beginnings.items())
    log.info("book made", book=str(path.resolve()), records=records)


def recognise_log(cluster: Cluster, book: Book) -> None:
    """Raise an error of `recognise`, or OtherLog, if the book must not continue from the cluster's present log."""
    with _gone_is_another(book), Reader(cluster, book.shape.unpacked_bytes) as reader:
        positions = book.positions()
        recognise(book, positions, identity(cluster), read_shape(cluster), reader.bounds(TOPICS), reader.record)


@contextmanager
def _gone_is_another(book: Book) -> Iterator[None]:
    try:
        yield
    except TopicMissing as error:  # its advice, to create the topic, would not restore the book's records
        raise OtherLog(path=book.path, what=f"the topic {error.facts['topic']}", known="there", found="gone") from error
