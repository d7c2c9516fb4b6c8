"""A lake has the tables of a book of the same log, and the root of its digest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from ledger.audit.replay import replay
from ledger.book.book import Book
from ledger.book.digest import digest_of
from ledger.book.share import Share
from ledger.spark.advancing import LakeChoice, take_step
from ledger.spark.commits import publish_commit, required_commit
from ledger.spark.errors import CommitLost, OtherChoice
from ledger.spark.verifying import verify_lake
from schemas.topics import TOPICS
from streams.reader import Reader
from tests.processes import Installation
from tests.spark.drivers import require_same


@pytest.fixture(scope="module")
def lake(spark: Any, market: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a lake of the whole log, in two commits."""
    path = tmp_path_factory.mktemp("lake") / "lake"
    with Reader(market.cluster) as reader:
        half = {
            topic_partition: (bound.first + bound.end) // 2 for topic_partition, bound in reader.bounds(TOPICS).items()
        }
    first = take_step(spark, market.cluster, path, half)
    second = take_step(spark, market.cluster, path)
    assert (first.commit.number, second.commit.number, second.is_new) == (1, 2, True)
    assert not take_step(spark, market.cluster, path).is_new
    return path


def test_its_tables_and_its_root_are_those_of_a_book(market: Installation, lake: Path) -> None:
    require_same(lake, required_commit(lake), market.book)


def test_an_open_transaction_is_left_out(market: Installation, lake: Path) -> None:
    with Reader(market.cluster) as reader:
        bounds = reader.bounds(TOPICS)
    assert sum(bound.waiting for bound in bounds.values()) > 0
    assert {topic_partition: end for topic_partition, (_, end) in required_commit(lake).positions.items()} == {
        topic_partition: bound.end for topic_partition, bound in bounds.items()
    }


def test_it_is_verified(spark: Any, market: Installation, lake: Path) -> None:
    report = verify_lake(spark, market.cluster, lake)
    assert (report.verdict, report.differences) == ("equal", [])
    assert report.root == report.root_of_log
    assert report.records > 2000


def test_each_difference_has_a_name(spark: Any, market: Installation, lake: Path) -> None:
    commit = required_commit(lake)
    kept = {table: lake / commit.files_of(table)[0] for table in ("posting", "total")}
    before = {table: path.read_bytes() for table, path in kept.items()}
    try:
        for path, column in ((kept["posting"], "events"), (kept["total"], "recorded_events")):
            rows = parquet.read_table(path)
            more = [value + 1 for value in rows[column].to_pylist()]
            parquet.write_table(rows.set_column(rows.schema.get_field_index(column), column, [more]), path)
        found = verify_lake(spark, market.cluster, lake)
        assert found.verdict == "different"
        assert {(one.error, one.table) for one in found.differences} == {
            ("PostingsDiffer", "posting"),
            ("TotalsDiffer", "total"),
        }
        assert all(one.commit == one.log != one.files for one in found.differences)
        kept["posting"].unlink()
        reasons = {one.reason for one in verify_lake(spark, market.cluster, lake).differences if one.table == "posting"}
        assert len(reasons) == 1
        assert kept["posting"].name in reasons.pop()
    finally:
        for table, path in kept.items():
            path.write_bytes(before[table])


def test_a_commit_of_another_program_is_never_replaced(spark: Any, market: Installation, lake: Path) -> None:
    commit = required_commit(lake)
    with pytest.raises(CommitLost):
        publish_commit(lake, commit)
    assert required_commit(lake) == commit
    assert [path.name for path in sorted((lake / "commits").iterdir())] == ["000000001.json", "000000002.json"]


def test_a_lake_of_a_share_keeps_it(spark: Any, market: Installation, tmp_path: Path) -> None:
    share = Share.parse("ip.pledge.v1:1,ip.patent.v1:0")
    made = take_step(spark, market.cluster, tmp_path / "lake", None, LakeChoice(share=share))
    replay(market.cluster, tmp_path / "book.db", share=share)
    with Book(tmp_path / "book.db") as book:
        assert made.commit.root == digest_of(book)
    with pytest.raises(OtherChoice):
        take_step(spark, market.cluster, tmp_path / "lake", None, LakeChoice(share=Share.parse("1/2")))
