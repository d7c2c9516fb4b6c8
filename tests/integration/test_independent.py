"""`verify --independent`: another client and another fold come to the same book, and name what differs."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.book.definitions import own_tables
from ledger.independent.tables import RECOMPUTED
from ledger.independent.verify import verify_independently
from ledger.posting.rows import COLUMNS_OF
from tests.processes import Installation

NOT_RECOMPUTED = {"amendment", "carried", "constant", "currency", "industry", "industry_rule", "meta"}


def test_each_table_is_recomputed_or_named() -> None:
    assert set(COLUMNS_OF) <= set(RECOMPUTED)
    assert set(own_tables()) == {*RECOMPUTED, *NOT_RECOMPUTED}


def test_a_log_of_all_kinds_of_records_gives_the_same_book(loaded: Installation) -> None:
    done = loaded.run("verify", "--independent", "--json")
    assert done.code in (0, 1), done.err
    assert (done.json["verdict"], done.json["differences"]) == ("equal", [])
    assert set(done.json["not_recomputed"]) == NOT_RECOMPUTED
    assert done.json["tables"]["record"] == done.json["records"] >= 600


CHANGES = {
    "record": "UPDATE record SET hash = zeroblob(32) WHERE topic = 1 AND \"offset\" = 20",
    "rejection": "DELETE FROM rejection WHERE \"offset\" = (SELECT max(\"offset\") FROM rejection)",
    "position": "UPDATE position SET gap = gap + 1, duplicate = duplicate - 1 WHERE topic = 1 AND partition = 1",
    "tile": "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE topic = 1 AND partition = 2",
    "posting": "UPDATE posting SET low = low + 1 WHERE topic = 1 AND currency != 0",
    "waiting": "DELETE FROM waiting",
    "total": "UPDATE total SET recorded_events = recorded_events + 1 WHERE year = 2022",
    "stock": "DELETE FROM stock WHERE kind = 101",
    "summary": "UPDATE summary SET corrected_low = corrected_low + 1 WHERE currency != 0",
    "pledge_state": "UPDATE pledge_state SET minor = minor + 1 WHERE minor IS NOT NULL",
    "pledge": "INSERT INTO pledge SELECT partition, entity + 100000, basis, \"offset\" + 100000, registered_on, region,"
    " registration_no, deal_id, amount_status, \"right\", currency, minor, debt_from, debt_to, pledgors, pledgees,"
    " debtor, consent, waivers FROM pledge LIMIT 1",
}  # fmt: skip


def test_each_change_of_a_book_is_found_in_its_table(loaded: Installation, tmp_path: Path) -> None:
    found = {}
    cluster = loaded.cluster
    for table, sql in CHANGES.items():
        shutil.copy(loaded.book, tmp_path / "book.db")
        with closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            assert connection.execute(sql).rowcount > 0, sql
        report = verify_independently(cluster.kafka_python(), cluster.prefix, tmp_path / "book.db")
        found[table] = (report.verdict, [one.table for one in report.differences])
    assert found == {table: ("different", [table]) for table in CHANGES}


@pytest.mark.parametrize("arguments", [("--continuous",), ("--sample", "2"), ("--processes", "2")])
def test_it_is_the_whole_or_nothing(loaded: Installation, arguments: tuple[str, ...]) -> None:
    assert loaded.run("verify", "--independent", *arguments).code == 2
