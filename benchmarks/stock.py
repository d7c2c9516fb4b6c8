"""Stock Faust agents: one that does the worker's work one event at a time, and one that does nothing.

Settings here are required, or cost nothing per event; all others are Faust's defaults: at-least-once,
`read_uncommitted`, commits every 2.8 s, a buffer of 4,096 events, its monitor. The topics have raw bytes, because
`schemas` decodes and validates bytes itself: Faust's JSON codec would decode every event twice.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Callable
from typing import Any

import faust

from benchmarks.measure import Spent, Stopwatch, Task
from benchmarks.one_by_one import TRANSACTION_SECONDS, OneByOne
from benchmarks.rows import make
from ledger.book.book import Book
from streams.batch import Record
from streams.cluster import Cluster

STOP_SECONDS = 5.0


def stock_faust(task: Task) -> Spent:
    """Run an agent that does the worker's work, one event at a time."""
    make(task)
    with Book(task.book, writable=True) as book:
        keeper, cluster = OneByOne(book), task.cluster

        def keep(message: Any) -> None:
            record = Record(message.offset, round(message.timestamp * 1000), message.key, message.value)
            keeper.post(cluster.plain(message.topic) or "", message.partition, record)

        return asyncio.run(_work(task, keep, keeper.commit))


def stock_idle(task: Task) -> Spent:
    """Run an agent that ignores the events, to measure the transport alone."""
    return asyncio.run(_work(task, lambda message: None, lambda: None))


async def _work(task: Task, keep: Callable[[Any], None], commit: Callable[[], None]) -> Spent:
    """Run an agent through the log; return the seconds from its first event to its last commit."""
    app, done = _app(task.cluster), asyncio.get_running_loop().create_future()
    left = sum(task.ends.values())
    watch = Stopwatch()

    async def agent(stream: Any) -> None:
        nonlocal left
        async for event in stream.events():
            watch.start()
            try:
                keep(event.message)
                left -= 1
                if not left:
                    commit()
            except Exception as error:  # Faust would restart the agent forever
                done.set_exception(error)
                return
            if not left:
                watch.stop()
                done.set_result(None)

    async def flush() -> None:
        commit()

    topics = [task.cluster.topic(name) for name in sorted({topic for topic, _ in task.ends})]
    app.agent(app.topic(*topics, value_type=bytes, value_serializer="raw", key_type=bytes, key_serializer="raw"))(agent)
    app.timer(TRANSACTION_SECONDS)(flush)
    started = asyncio.ensure_future(app.start())
    await done
    await asyncio.wait([asyncio.ensure_future(app.stop()), started], timeout=STOP_SECONDS)
    return watch.spent


def _app(cluster: Cluster) -> Any:
    return faust.App(
        f"bench-{secrets.token_hex(4)}",
        broker=cluster.broker_url(),
        store="memory://",  # no tables; the default needs RocksDB
        datadir=tempfile.gettempdir(),
        autodiscover=False,  # no modules to search for agents
        topic_allow_declare=False,  # the topics exist, with their partitions
        topic_disable_leader=True,  # no leader topic to create first
        web_enabled=False,  # no HTTP port
    )
