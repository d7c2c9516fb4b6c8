"""Fragments: rows go from a book to files and back unchanged, in one step or in many; without Spark or a broker."""

from __future__ import annotations

from pathlib import Path

import pysqlite3 as sqlite3
import pytest

from ledger.book.digest import Part
from ledger.book.sink import BookSink
from ledger.spark import fragment as fragments
from ledger.spark.commits import Files
from ledger.spark.fragment import LakeSource, dump, fragment, load, parts_of
from schemas.industry import SHIPPED
from schemas.topics import UNPACKED_BYTES
from streams.batch import Batch, Record
from streams.cluster import Cluster
from tests.events import LOG, Event, cancelled, corrected, modified, partition, record, registered, voided

UUID = "0B8F1A52-96C7-4E1D-9D55-6E9C7A7C0001"
TOPIC_PARTITION = ("ip.pledge.v1", partition("P1"))
EVENTS: list[Event | bytes] = [
    registered(),
    modified(UUID),
    registered(),  # a duplicate
    registered(deal_id="another"),  # a conflict
    corrected(registered(), amount_status="undisclosed"),
    b"no event",
    cancelled(),
    voided(cancelled()),
]
RECORDS = [record(offset, EVENTS[offset % 8], b"P1") for offset in range(len(EVENTS))]
RECORDS += [record(offset, modified(f"m{offset}")) for offset in range(len(EVENTS), 10)]


def stepped(lake: Path, steps: list[list[Record]]) -> tuple[list[Part], Files]:
    """Return the parts and files of a partition after these steps, each upon the files of the one before."""
    source = LakeSource(Cluster("127.0.0.1:1"), LOG, SHIPPED, UNPACKED_BYTES, lake)
    parts: list[Part] = []
    files: Files = {}
    for records in steps:
        start, end = records[0].offset, records[-1].offset + 1
        with fragment(source, TOPIC_PARTITION, 0, lake) as book:
            if files:
                load(lake, book, files)
                assert parts_of(book, TOPIC_PARTITION) == parts, "what was written is read"
            BookSink(book).post(Batch(*TOPIC_PARTITION, start, end, records))
            parts, files = dump(source, book, TOPIC_PARTITION, start, files)
            assert parts_of(book, TOPIC_PARTITION) == parts
    return parts, files


def test_many_steps_give_the_parts_of_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MOST_FILES", 7)
    (tmp_path / "one").mkdir()
    (tmp_path / "many").mkdir()
    once, whole = stepped(tmp_path / "one", [RECORDS])
    parts, files = stepped(tmp_path / "many", [[one] for one in RECORDS])
    assert parts == once
    tables = {part.table for part in parts}
    assert {"record", "rejection", "posting", "position", "tile", "pledge", "amendment"} <= tables
    assert {"total_of_partition", "summary_of_partition", "stock_of_partition"} <= tables
    assert {table: len(paths) for table, paths in whole.items()} == dict.fromkeys(whole, 1)
    assert set(files) == set(whole)
    assert len(files["record"]) == 10 - 7, "a file replaced the first ones"
    assert len(files["position"]) == 1


def test_the_rows_of_a_file_count_once(tmp_path: Path) -> None:
    _, files = stepped(tmp_path, [RECORDS])
    source = LakeSource(Cluster("127.0.0.1:1"), LOG, SHIPPED, UNPACKED_BYTES, tmp_path)
    with fragment(source, TOPIC_PARTITION, 0, tmp_path) as book, pytest.raises(sqlite3.IntegrityError):
        load(tmp_path, book, files | {"record": files["record"] * 2})
