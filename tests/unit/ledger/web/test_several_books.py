"""A server of several books of one log answers like a server of the whole."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from ledger.book.book import Book
from ledger.book.share import Share
from ledger.book.sink import BookSink
from ledger.book.union import UnionBook
from ledger.figures.reconcile import compared
from ledger.web.app import create_app
from schemas.events import EVENT_TYPES
from schemas.topics import TopicPartition, partition_of
from streams.batch import Batch, Record
from streams.synthetic.market import generate_all
from tests.books import new_book, opened
from tests.events import LOG, granted, timestamp, value_of
from tests.shanghai import published
from tests.unit.ledger.web.conftest import running, settings_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
SHARES = ("all", "1/2", "2/2")
Log = dict[TopicPartition, list[Record]]


def post(path: Path, log: Log, topic_partitions: Sequence[TopicPartition]) -> None:
    """Post what a book does not have of these partitions."""
    with opened(path) as book:
        ends = book.next_offsets()
        for topic_partition in topic_partitions:
            if records := log.get(topic_partition, [])[ends[topic_partition] :]:
                BookSink(book).post(
                    Batch(*topic_partition, ends[topic_partition], ends[topic_partition] + len(records), records)
                )


@pytest.fixture
def log() -> Log:
    """Return a log of synthetic events."""
    found: Log = {}
    for line in (*generate_all(300, 7), *published()[:9]):
        add(found, line)
    return found


def add(log: Log, line: bytes) -> TopicPartition:
    """Add an event to a log; return its partition."""
    event = json.loads(line)
    key = event["subject"].encode()
    topic = EVENT_TYPES[event["type"]].topic
    topic_partition = topic, partition_of(key, LOG.partitions[topic])
    records = log.setdefault(topic_partition, [])
    records.append(Record(len(records), timestamp(len(records)), key, line))
    return topic_partition


async def test_two_shares_answer_like_the_whole(log: Log, tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.db" for number in range(3)]
    topic_partitions = [Share.parse(share).topic_partitions(LOG.partitions) for share in SHARES]
    for path, share, held in zip(paths, SHARES, topic_partitions, strict=True):
        new_book(path, share=Share.parse(share))
        post(path, log, held)
    whole, parts = create_app(settings_of(paths[0])), create_app(settings_of(paths[0]), several=paths[1:])
    async with running(whole) as one, running(parts) as several:
        for asked in (
            "/totals?by=industry,year",
            "/growth?kind=pledges",
            "/views/pledge_stock?as_of=2023-12-31",
            "/views/journal?limit=50",
            "/diff?since=start",
            "/views/positions?sort=topic,partition",
            "/reconcile",
            f"/entities/{json.loads(log[topic_partitions[2][0]][0].value or b'')['subject']}",
        ):
            wanted, found = (await one.get(f"/api/v1{asked}")).json(), await several.get(f"/api/v1{asked}")
            assert found.status_code == 200, found.text
            assert found.json() == wanted, asked
        for asked in ("/", "/pledges", "/operations"):
            assert (await several.get(asked)).status_code == 200
        assert "needs a single one" in (await several.get("/ask?sql=SELECT+1")).text

        with UnionBook(paths[1:]) as union, Book(paths[0]) as book:
            assert compared(union, "corrected").rows == compared(book, "corrected").rows != []
        parts.state.cluster = "a cluster"
        proof = await several.get("/api/v1/proof?kind=pledges&year=2023")
        assert (proof.status_code, proof.json()["title"]) == (422, "One book only")
        parts.state.cluster = None

        topic_partition = add(log, value_of(granted()))
        behind = f"{topic_partition[0]}:{topic_partition[1]}={len(log[topic_partition])}"
        post(paths[1], log, [topic_partition] if topic_partition in topic_partitions[1] else [])
        post(paths[2], log, [topic_partition] if topic_partition in topic_partitions[2] else [])
        reached = await several.get(f"/api/v1/totals?kind=grants&min_position={behind}")
        assert reached.status_code == 200, reached.text
        (size,) = re.findall(r"^ip_ledger_book_bytes (.+)$", (await several.get("/metrics")).text, re.MULTILINE)
        assert float(size) == sum(path.stat().st_size for path in paths[1:])
