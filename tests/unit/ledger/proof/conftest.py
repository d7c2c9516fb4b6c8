"""A book of a synthetic market, a key, and what is signed with it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.proof.audit_file import AuditFile, audit_path
from ledger.proof.figure import FigureKey
from ledger.proof.keys import generate_key, private_key
from ledger.proof.note import Signer
from ledger.proof.pack import Pack, ReadRecords, prove
from ledger.proof.signing import Signed, sign
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, TopicPartition, partition_of
from streams.batch import Batch, Record
from streams.synthetic.market import generate_all
from tests.books import new_book, opened
from tests.events import Event, record

NAME = "ledger.example.org/log"


@cache
def events(count: int) -> list[dict[str, Any]]:
    """Return synthetic events."""
    return [json.loads(line) for line in generate_all(count, 7)]


class Ledger:
    """A book that grows and is signed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.public = generate_key(self.key, NAME)
        self.log: dict[TopicPartition, dict[int, Record]] = defaultdict(dict)
        self.ends: dict[TopicPartition, int] = defaultdict(int)
        new_book(path)

    @property
    def audit(self) -> Path:
        """The file of checkpoints, next to the book."""
        return audit_path(self.path)

    @property
    def key(self) -> Path:
        """The file of the private key, next to the book."""
        return self.path.with_name("key")

    @property
    def signer(self) -> Signer:
        """The key."""
        return private_key(self.key)

    def grow(self, start: int, end: int) -> None:
        """Publish some of the synthetic events to the log, with a gap before each in the partitions with odd numbers;
        post them to the book."""
        added: dict[TopicPartition, list[Record]] = defaultdict(list)
        for one in events(900)[start:end]:
            topic = EVENT_TYPES[str(one["type"])].topic
            subject = str(one["subject"])
            number = partition_of(subject.encode(), TOPICS[topic].partitions)
            offset = self.ends[topic, number] + number % 2
            self.ends[topic, number] = offset + 1
            added[topic, number].append(record(offset, one))
        with opened(self.path) as book:
            sink, begins = BookSink(book), book.next_offsets()
            for topic_partition, records in added.items():
                sink.post(Batch(*topic_partition, begins[topic_partition], self.ends[topic_partition], records))
                self.log[topic_partition] |= {one.offset: one for one in records}

    def repeat(self, topic_partition: TopicPartition, count: int) -> None:
        """Publish the first record of a partition more times: as duplicates."""
        begin = self.ends[topic_partition]
        first = self.log[topic_partition][min(self.log[topic_partition])]
        records = [first._replace(offset=offset) for offset in range(begin, begin + count)]
        with opened(self.path) as book:
            BookSink(book).post(Batch(*topic_partition, begin, begin + count, records))
        self.ends[topic_partition] += count
        self.log[topic_partition] |= {one.offset: one for one in records}

    def publish(self, event: Event) -> None:
        """Publish an event to the log, and post it to the book."""
        topic = EVENT_TYPES[str(event["type"])].topic
        topic_partition = topic, partition_of(str(event["subject"]).encode(), TOPICS[topic].partitions)
        one = record(self.ends[topic_partition], event)
        with opened(self.path) as book:
            BookSink(book).post(Batch(*topic_partition, one.offset, one.offset + 1, [one]))
        self.ends[topic_partition], self.log[topic_partition][one.offset] = one.offset + 1, one

    def records(self, topic_partition: TopicPartition, offsets: Sequence[int]) -> list[Record]:
        """Return records of the log."""
        return [self.log[topic_partition][offset] for offset in offsets]

    def run(self, sql: str, *values: object) -> None:
        """Change the book behind the ledger's back."""
        with opened(self.path) as book:
            book.connection.execute(sql, values)

    def prove(self, key: FigureKey, records: ReadRecords | None = None, audit: Path | None = None) -> Pack:
        """Prove a figure."""
        with Book(self.path) as book:
            return prove(book, audit or self.audit, key, records or self.records)

    def sign(self, *, digest: bool = False) -> Signed:
        """Make a checkpoint."""
        return sign(self.path, self.audit, [self.signer], digest=digest)


def largest(ledger: Ledger) -> FigureKey:
    """Return the figure of pledges with the most postings."""
    with AuditFile(ledger.audit) as file:
        figures = [(entry.count(b"tree"), key) for key, entry in file.figures() if key.text.startswith("pledges")]
    return max(figures)[1]


@cache
def _first() -> tuple[Ledger, dict[str, bytes]]:
    """Return a ledger of 600 events with a checkpoint, and the content of its files."""
    with TemporaryDirectory() as directory:
        ledger = Ledger(Path(directory) / "book.db")
        ledger.grow(0, 600)
        ledger.sign()
        return ledger, {file.name: file.read_bytes() for file in Path(directory).iterdir()}


@pytest.fixture
def signed(tmp_path: Path) -> Ledger:
    """Return a ledger of 600 events with a checkpoint: a copy of one, because to post and sign takes long."""
    first, files = _first()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    ledger = copy(first)
    ledger.path = tmp_path / "book.db"
    ledger.key.chmod(0o600)
    ledger.log = defaultdict(dict, {topic_partition: records.copy() for topic_partition, records in first.log.items()})
    ledger.ends = first.ends.copy()
    return ledger
