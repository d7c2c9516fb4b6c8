"""The server's producer: one thread that publishes the events of all requests and gives each its receipts."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

import structlog

from ledger.logs import traceback_of
from schemas.errors import LedgerError, Unavailable
from streams.cluster import Cluster
from streams.producer import ExtraHeaders, Producer, Receipt
from streams.retention import require_uncompacted

WAITING = 1_000
"""Requests that wait for the thread."""
_PATIENCE_SECONDS = 30.0
"""An event that the brokers have not accepted after this time is not delivered."""
_STOP_SECONDS = 5.0
_POLL_SECONDS = 0.02

log = structlog.get_logger()


class NoBrokers(Unavailable):
    """This server publishes nothing, as it has no brokers: LEDGER_BROKERS is not set and no embedded broker runs. Set
    it and start the server again."""


class TooBusy(Unavailable):
    """{waiting:,} requests wait to be published, the most that the server keeps. This one was not published. Try again
    later."""


class _Job:
    def __init__(self, values: list[bytes], headers: ExtraHeaders) -> None:
        self.values, self.headers = values, headers
        self.receipts: list[Receipt | None] = [None] * len(values)
        self.left = len(values)
        self.done: Future[list[Receipt]] = Future()

    def receive(self, index: int, receipt: Receipt) -> None:
        self.receipts[index] = receipt
        self.left -= 1


class Publisher:
    """Publishes valid events with `acks=all`. It connects with the first event, and again after a failure."""

    def __init__(self, cluster: Cluster | None, headers: Callable[[], ExtraHeaders] = tuple) -> None:
        """Call `headers` for the headers of the records of the current request."""
        self._cluster, self._headers = cluster, headers
        self._jobs: queue.Queue[_Job | None] = queue.Queue(WAITING)
        self._thread: threading.Thread | None = None

    async def publish(self, values: list[bytes]) -> list[Receipt]:
        """Return the receipt of each event, once all are in the log. Raise NoBrokers, TooBusy, NotDelivered,
        BrokerUnavailable, NotAuthorized, TopicMissing, TopicCompacted, LogShapeDiffers."""
        if self._cluster is None:
            raise NoBrokers
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, args=(self._cluster,), name="publisher", daemon=True)
            self._thread.start()
        job = _Job(values, self._headers())
        try:
            self._jobs.put_nowait(job)
        except queue.Full as error:
            raise TooBusy(waiting=WAITING) from error
        return await asyncio.wrap_future(job.done)

    def close(self) -> None:
        """Publish what waits, and stop."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(_STOP_SECONDS)

    def _run(self, cluster: Cluster) -> None:
        running = True
        while running:
            first = self._jobs.get()
            if first is None:
                return
            waiting = deque([first])
            try:
                require_uncompacted(cluster)
                with Producer(cluster, _PATIENCE_SECONDS) as producer:
                    running = self._publish(producer, waiting)
            except Exception as error:
                if not isinstance(error, LedgerError):
                    log.error("publisher failed", error=repr(error), traceback=traceback_of(error))
                for job in waiting:
                    if not job.done.cancelled():
                        job.done.set_exception(error)

    def _publish(self, producer: Producer, waiting: deque[_Job]) -> bool:
        """Publish until the server stops. `waiting` are the jobs without all receipts, those not yet sent last."""
        _send(producer, waiting[0])
        while True:
            while waiting:
                self._take(producer, waiting, block=False)
                producer.wait(_POLL_SECONDS)
                while waiting and not waiting[0].left:
                    done = waiting.popleft()
                    if not done.done.cancelled():
                        done.done.set_result([receipt for receipt in done.receipts if receipt is not None])
            if not self._take(producer, waiting, block=True):
                return False

    def _take(self, producer: Producer, waiting: deque[_Job], *, block: bool) -> bool:
        """Send the next job, if there is one; return False if the server stops."""
        try:
            job = self._jobs.get(block)
        except queue.Empty:
            return True
        if job is None:
            if waiting:
                self._jobs.put(None)  # first those that wait
            return False
        waiting.append(job)
        _send(producer, job)
        return True


def _send(producer: Producer, job: _Job) -> None:
    for index, value in enumerate(job.values):
        received = partial(job.receive, index)
        producer.publish(value, received, job.headers)
