"""The digest in parts: a part depends on its own partition alone, and the root on every part."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ledger.audit.diff import Compared
from ledger.book.book import Book
from ledger.book.digest import Part, root
from ledger.book.parts import SUMS, TOPIC_OF, condition_of, partition_reader
from ledger.book.share import Share
from ledger.book.sink import BookSink
from ledger.posting.rows import COLUMNS_OF
from schemas.topics import TopicPartition
from streams.batch import Batch, Record
from streams.synthetic.market import generate_all
from tests.acceptance.load import noisy_records
from tests.books import compared, new_book, opened
from tests.events import LOG, TOPIC_PARTITIONS


@pytest.fixture(scope="module")
def log() -> Mapping[TopicPartition, list[Record]]:
    records: dict[TopicPartition, list[Record]] = {stored: [] for stored in TOPIC_PARTITIONS}
    for topic, partition, key, value in noisy_records(700, 3, generate_all):
        stored = records[topic, partition]
        stored.append(Record(len(stored), 1_700_000_000_000 + len(stored), key, value))
    return records


def book_of(path: Path, log: Mapping[TopicPartition, list[Record]], share: str = "all") -> Compared:
    """Post a log to a new book at `path`, and return its digest."""
    held = Share.parse(share)
    new_book(path, share=held)
    with opened(path) as book:
        sink = BookSink(book)
        for topic, partition in held.topic_partitions(LOG.partitions):
            records = log[topic, partition]
            sink.post(Batch(topic, partition, 0, len(records), records))
    return compared(path, path)


def by_part(parts: list[Part]) -> dict[tuple[str, str | None, int | None], str]:
    return {part[:3]: part.digest for part in parts}


@pytest.mark.slow
def test_the_parts_of_a_share_are_those_of_the_whole_book(
    tmp_path: Path, log: Mapping[TopicPartition, list[Record]]
) -> None:
    whole = by_part(book_of(tmp_path / "whole.db", log).parts)
    found: dict[tuple[str, str | None, int | None], str] = {}
    for number in (1, 2, 3):
        parts = by_part(book_of(tmp_path / f"{number}.db", log, f"{number}/3").parts)
        found |= {key: digest for key, digest in parts.items() if key[0] not in SUMS}
    assert found == {key: digest for key, digest in whole.items() if key[0] not in SUMS}
    assert {key[0] for key in whole} >= {"record", "posting", "pledge_state", "position", "total", "constant"}
    assert {key[1:] for key in whole if key[0] in SUMS} == {(None, None)}


def test_each_row_counts_once(tmp_path: Path, log: Mapping[TopicPartition, list[Record]]) -> None:
    found = book_of(tmp_path / "book.db", log)
    with Book(tmp_path / "book.db") as book:
        identities = "name IN ('book_id', 'cluster_id', 'share') OR name LIKE 'topic_id:%'"
        (left_out,) = book.connection.execute(f"SELECT count(*) FROM meta WHERE {identities}").fetchone()
    rows = dict.fromkeys(found.tables, 0)
    for part in found.parts:
        rows[part.table] += part.rows
    assert rows | {"meta": rows["meta"] + left_out} == found.tables


def test_the_root_depends_on_every_part_and_on_their_order() -> None:
    parts = [Part("record", "ip.pledge.v1", 0, 2, "ab"), Part("total", None, None, 1, "cd")]
    others = [parts[::-1], parts[:1], [parts[0]._replace(rows=3), parts[1]], [parts[0]._replace(partition=1), parts[1]]]
    assert root(parts) not in {root(other) for other in others}


def test_every_table_of_entities_has_a_topic() -> None:
    assert TOPIC_OF.keys() == COLUMNS_OF.keys()


def test_a_row_belongs_to_a_partition_or_to_none() -> None:
    assert partition_reader("record", ["topic", "partition", "offset"])((1, 3, 7)) == ("ip.pledge.v1", 3)
    assert partition_reader("loan", ["partition", "entity"])((2, 9)) == ("ip.loan.v1", 2)
    assert partition_reader("total", ["kind", "year"])((1, 2023)) is None
    assert condition_of("loan", ["partition", "entity"], [("ip.loan.v1", 2), ("ip.pledge.v1", 1)]) == "partition IN (2)"
    assert (
        condition_of("record", ["topic", "partition"], [("ip.loan.v1", 2)]) == "(topic, partition) IN (VALUES (5, 2))"
    )
    assert condition_of("currency", ["number"], []) == "1"
