"""The Shanghai example, posted to a book without a broker."""

from __future__ import annotations

import json
import runpy
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ledger.book.book import Book, create_book
from ledger.book.sink import BookSink
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from streams.batch import Batch, Record
from tests.events import LOG, TOPIC_PARTITIONS, timestamp

HERE = Path(__file__).parents[1] / "examples" / "shanghai"
BATCH = 4000


def constructed() -> Iterator[bytes]:
    """Yield the constructed events of the generator."""
    for line in runpy.run_path(str(HERE / "make_events.py"))["events"]():
        yield line.encode()


def published() -> list[bytes]:
    """Return the real events: populations, rates, published figures."""
    return [line for file in sorted(HERE.glob("*.ndjson")) for line in file.read_bytes().splitlines()]


def post(path: Path, values: Iterable[bytes]) -> None:
    """Create a book and post these events to it."""
    create_book(path, LOG, dict.fromkeys(TOPIC_PARTITIONS, 0))
    records: dict[tuple[str, int], list[Record]] = defaultdict(list)
    for value in values:
        event: dict[str, Any] = json.loads(value)
        topic, key = EVENT_TYPES[event["type"]].topic, event["subject"].encode()
        log = records[topic, partition_of(key, TOPICS[topic].partitions)]
        log.append(Record(len(log), timestamp(len(log)), key, value))
    with Book(path, writable=True) as book:
        sink = BookSink(book)
        for (topic, partition), log in records.items():
            for start in range(0, len(log), BATCH):
                batch = log[start : start + BATCH]
                sink.post(Batch(topic, partition, start, start + len(batch), batch))
