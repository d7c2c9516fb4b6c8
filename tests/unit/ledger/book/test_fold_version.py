"""A fold version: one log gives one digest."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from ledger.book.book import Book, create_book
from ledger.book.sink import BookSink
from ledger.independent.fold import TopicPartition
from ledger.posting.constants import FOLD_VERSION
from streams.batch import Batch, Record
from streams.synthetic.market import generate_all
from tests.acceptance.load import noisy_records
from tests.books import compared
from tests.events import LOG, TOPIC_PARTITIONS

DIGESTS = {7: "45556ebc64d6c46d2345e80329ccdb23d28f00774493a57988692b3253212e4a"}
"""Fold version -> digest of the book below. Another digest means another fold version: raise it, so that no worker
continues a book that it would not have created (docs/decisions/0007-one-fold-version.md)."""


def test_a_fold_version_has_one_digest_of_a_log(tmp_path: Path) -> None:
    path = tmp_path / "book.db"
    create_book(path, LOG, dict.fromkeys(TOPIC_PARTITIONS, 0))
    records: dict[TopicPartition, list[Record]] = defaultdict(list)
    for topic, partition, key, value in noisy_records(900, 1, generate_all):
        stored = records[topic, partition]
        stored.append(Record(len(stored), 1_700_000_000_000 + len(stored), key, value))
    with Book(path, writable=True) as book:
        sink = BookSink(book)
        for (topic, partition), posted in sorted(records.items()):
            sink.post(Batch(topic, partition, 0, len(posted), posted))
    assert {FOLD_VERSION: compared(path, path)[1]} == {FOLD_VERSION: DIGESTS[FOLD_VERSION]}
