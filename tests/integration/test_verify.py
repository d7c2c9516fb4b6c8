"""Verify finds any change of the book, and reports an unchanged book as equal."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import confluent_kafka
import pytest

from ledger.audit.replay import replay
from ledger.audit.verify import VerifyReport, verify
from ledger.book.definitions import own_tables
from ledger.book.errors import NotABook, OtherLog
from ledger.book.installed_views import installed_version, views_version
from ledger.book.position import parse_position
from ledger.independent.fold import BASES
from schemas.catalogue import example_of
from schemas.events import EVENT_TYPES
from schemas.industry import read_map
from streams import topics
from streams.cluster import Cluster
from streams.producer import Producer, publish_lines
from streams.synthetic.market import generate_all
from tests.acceptance.load import Load
from tests.books import compared
from tests.events import PLEDGE, granted, partition, registered, value_of
from tests.maps import ROBOTS
from tests.processes import Installation, wait_until

TABLES = tuple(sorted(own_tables()))
PLAIN = ("meta", "position", "pledge_state", "record", "total")
"""Tables in which `make test` removes and adds rows for a whole `verify` to find; `make faults` covers all tables."""

FILLED = tuple(name for name in TABLES if name != "carried")
"""Tables in which a short log has rows: totals are carried forward after 32768 offsets."""
TAMPERED = [name if name in PLAIN else pytest.param(name, marks=pytest.mark.long) for name in FILLED]


class PostedLog(NamedTuple):
    """A log, and its book with rows in every table but `carried`."""

    cluster: Cluster
    book: Path


@pytest.fixture(scope="module")
def posted(brokers: str, tmp_path_factory: pytest.TempPathFactory) -> PostedLog:
    cluster = Cluster(brokers, f"v{secrets.token_hex(3)}-")
    topics.create(cluster)
    with Producer(cluster) as producer:
        for _ in publish_lines(producer, islice(generate_all(4000, seed=11), 600)):
            pass
        for name in EVENT_TYPES:
            producer.publish(value_of(example_of(name)))
        producer.publish(value_of(registered("twice")))
        producer.publish(value_of(registered("twice", region="CN-BJ")))
        producer.publish(value_of(granted(backward_cites=["US10000000B2"])))
    client = confluent_kafka.Producer(cluster.librdkafka())
    client.produce(cluster.topic(PLEDGE), b"{", b"P1", partition("P1"))
    assert client.flush(30) == 0
    book = tmp_path_factory.mktemp("kept") / "book.db"
    replay(cluster, book)
    return PostedLog(cluster, book)


@pytest.fixture
def copy(posted: PostedLog, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a copy of the book, open for changes."""
    yield from _copied(posted.book, tmp_path)


@pytest.fixture(scope="module")
def bare(posted: PostedLog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the book without views, which each connection would parse, and with one to ten rows in every table."""
    path = Path(shutil.copy(posted.book, tmp_path_factory.mktemp("bare")))
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall():
            connection.execute(f"DROP VIEW {name}")
        cell = 'kind, industry, region, "right", currency, year'
        sums = ", ".join(f"{side}_{name}" for side in BASES for name in ("events", "with_amount", "high", "low"))
        connection.execute(f"INSERT INTO carried SELECT 1, 0, 32768, {cell}, {sums} FROM total LIMIT 1")
        for table in set(TABLES) - {"meta"}:
            key = Table(connection, table).key
            connection.execute(f"DELETE FROM {table} WHERE ({key}) NOT IN (SELECT {key} FROM {table} LIMIT 10)")
        connection.commit()
        connection.execute("VACUUM")
    return path


@pytest.fixture
def bare_copy(bare: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Yield a copy of the book without views, open for changes."""
    yield from _copied(bare, tmp_path)


def _copied(book: Path, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    shutil.copy(book, tmp_path / "book.db")
    with closing(sqlite3.connect(tmp_path / "book.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        yield connection


def path_of(connection: sqlite3.Connection) -> Path:
    return Path(connection.execute("PRAGMA database_list").fetchone()[2])


def judged(posted: PostedLog, connection: sqlite3.Connection) -> VerifyReport:
    return verify(posted.cluster, path_of(connection))


def found_in(verdict: VerifyReport) -> set[str]:
    return {difference.table for difference in verdict.differences}


class Table:
    """A table, and one row of it (the last; in meta, one that is not part of an identity)."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self.connection, self.name = connection, name
        described = connection.execute(f"PRAGMA table_info({name})").fetchall()
        self.columns = {row[1]: row[2] for row in described}
        self.key = ", ".join(f'"{row[1]}"' for row in described if row[5])
        picked = "WHERE name = 'industry_map'" if name == "meta" else ""
        self.row = f"({self.key}) = (SELECT {self.key} FROM {name} {picked} ORDER BY {self.key} DESC LIMIT 1)"

    def execute(self, statement: str) -> None:
        assert self.connection.execute(statement).rowcount == 1, statement

    def change(self, column: str) -> None:
        text = f"""iif(json_valid("{column}"), json_array("{column}"), "{column}" || 'x')"""  # an index may read JSON
        new = {"INTEGER": f'"{column}" + 1000', "TEXT": text, "BLOB": "x'00'", "ANY": "'x'"}
        value = f"coalesce({new[self.columns[column]]}, 1)"
        self.execute(f'UPDATE {self.name} SET "{column}" = {value} WHERE {self.row}')


def test_all_tables_are_changed_here(copy: sqlite3.Connection) -> None:
    found = copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    assert tuple(name for (name,) in found) == TABLES
    for table in FILLED:
        assert copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0], f"{table} is empty"


def test_an_unchanged_book_is_equal(posted: PostedLog, copy: sqlite3.Connection) -> None:
    verdict = judged(posted, copy)
    assert (verdict.verdict, verdict.differences) == ("equal", [])
    assert verdict.records == 600 + len(EVENT_TYPES) + 4
    counted = {table: copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}
    assert verdict.tables == counted


@pytest.mark.parametrize("table", TAMPERED)
def test_a_change_in_any_table_is_found_and_named(posted: PostedLog, copy: sqlite3.Connection, table: str) -> None:
    changed = Table(copy, table)
    changed.change(list(changed.columns)[-1])
    verdict = judged(posted, copy)
    assert verdict.verdict == "different"
    (difference,) = [found for found in verdict.differences if found.table == table]
    assert difference.book is not None
    assert difference.log is not None
    assert difference.book != difference.log
    assert difference.key.items() <= difference.log.items()


@pytest.mark.parametrize("column", ["topic", "partition", "first", "next", "last_offset", "last_hash"])
def test_verify_handles_any_position(posted: PostedLog, copy: sqlite3.Connection, column: str) -> None:
    Table(copy, "position").change(column)
    verdict = judged(posted, copy)
    assert verdict.verdict == "different"
    assert "position" in found_in(verdict)


@pytest.mark.parametrize("name", ["fold_version", "industry_map", "book_id"])
def test_verify_handles_missing_metadata_of_the_book(posted: PostedLog, copy: sqlite3.Connection, name: str) -> None:
    copy.execute("DELETE FROM meta WHERE name = ?", (name,))
    assert found_in(judged(posted, copy)) == {"meta"}


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_compared(bare: Path, bare_copy: sqlite3.Connection, table: str) -> None:
    unchanged = compared(bare, bare).digest
    for column in Table(bare_copy, table).columns:
        Table(bare_copy, table).change(column)
        _, digest, differences, _ = compared(path_of(bare_copy), bare)
        assert table in {found.table for found in differences}, f"{table}.{column} was changed unnoticed"
        assert digest != unchanged, f"{table}.{column} is not in the digest"
        bare_copy.execute("ATTACH ? AS honest", (str(bare),))
        bare_copy.execute(f"DELETE FROM {table}")
        bare_copy.execute(f"INSERT INTO {table} SELECT * FROM honest.{table}")
        bare_copy.execute("DETACH honest")


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_or_extra_row(bare: Path, bare_copy: sqlite3.Connection, table: str) -> None:
    gone = Table(bare_copy, table)
    gone.execute(f"DELETE FROM {table} WHERE {gone.row}")
    (missing,) = compared(path_of(bare_copy), bare)[2]
    assert (missing.table, missing.book) == (table, None)
    (extra,) = compared(bare, path_of(bare_copy))[2]
    assert (extra.table, extra.log) == (table, None)


@pytest.mark.parametrize("table", TAMPERED)
def test_verify_finds_a_missing_and_an_extra_row(posted: PostedLog, copy: sqlite3.Connection, table: str) -> None:
    gone = Table(copy, table)
    copy.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM {table} WHERE {gone.row}")
    gone.execute(f"DELETE FROM {table} WHERE {gone.row}")
    verdict = judged(posted, copy)
    (missing,) = [found for found in verdict.differences if found.table == table]
    assert (verdict.verdict, missing.book) == ("different", None)

    last = gone.key.split(", ")[-1]
    more = "|| 'x'" if table == "meta" else "+ 1009"
    copy.execute(f"INSERT INTO {table} SELECT * FROM kept")
    copy.execute(f"UPDATE kept SET {last} = {last} {more}")
    copy.execute(f"INSERT INTO {table} SELECT * FROM kept")
    verdict = judged(posted, copy)
    (extra,) = [found for found in verdict.differences if found.table == table]
    assert (verdict.verdict, extra.log) == ("different", None)


def test_a_partition_missing_from_the_book_is_found_even_if_it_is_empty(installation: Installation) -> None:
    replay(installation.cluster, installation.book)
    with closing(sqlite3.connect(installation.book)) as connection, connection:
        connection.execute("DELETE FROM position WHERE topic = 1 AND partition = 2")
    verdict = verify(installation.cluster, installation.book)
    assert [(found.table, found.book) for found in verdict.differences] == [("position", None)]


def test_only_the_first_difference_of_a_table_is_reported(posted: PostedLog, copy: sqlite3.Connection) -> None:
    copy.execute("UPDATE posting SET low = low + 1")
    (difference,) = compared(path_of(copy), posted.book)[2]
    first = copy.execute('SELECT topic, partition, "offset" FROM posting ORDER BY 1, 2, 3').fetchone()
    assert tuple(difference.key.values())[:3] == first


@pytest.mark.parametrize("change", ["CREATE VIEW totals AS SELECT 1 AS fine", "CREATE VIEW more AS SELECT 1 AS x", ""])
def test_views_of_another_version_are_named_but_no_difference(
    posted: PostedLog, copy: sqlite3.Connection, change: str
) -> None:
    if "more" not in change:
        copy.execute("DROP VIEW totals")
    if change:
        copy.execute(change)
    verdict = judged(posted, copy)
    assert (verdict.verdict, verdict.differences) == ("equal", [])
    assert verdict.views == installed_version(copy) != views_version()


def test_an_unchanged_book_has_the_views_of_this_program(posted: PostedLog) -> None:
    assert verify(posted.cluster, posted.book).views == ""


@pytest.mark.parametrize("drop", ["INDEX record_by_subject", "TABLE waiting"])
def test_a_book_that_lacks_something_is_refused(posted: PostedLog, copy: sqlite3.Connection, drop: str) -> None:
    copy.execute(f"DROP {drop}")
    with pytest.raises(NotABook, match=f"its schema lacks {drop.split()[1]}"):
        judged(posted, copy)


def test_another_book_of_the_same_log_is_equal(posted: PostedLog, copy: sqlite3.Connection) -> None:
    copy.execute("UPDATE meta SET value = 'another' WHERE name = 'book_id'")
    verdict = judged(posted, copy)
    assert verdict.verdict == "equal"
    assert verdict.digest == verify(posted.cluster, posted.book).digest


def test_a_book_with_another_industry_map_is_verified_by_that_map(posted: PostedLog, tmp_path: Path) -> None:
    book = tmp_path / "robots.db"
    replay(posted.cluster, book, industry_map=read_map(ROBOTS))
    verdict = verify(posted.cluster, book)
    assert (verdict.verdict, verdict.differences) == ("equal", [])
    assert found_in(verify(posted.cluster, book)) < {found.table for found in compared(posted.book, book)[2]}
    with closing(sqlite3.connect(book)) as connection, connection:
        connection.execute("UPDATE industry_rule SET industry = 4 WHERE prefix = 'B25J' AND layer = 'override'")
    assert "meta" in found_in(verify(posted.cluster, book)), "its rules are not those of the map that it cites"


def test_a_book_of_another_log_is_refused(posted: PostedLog, copy: sqlite3.Connection) -> None:
    copy.execute("UPDATE meta SET value = 'another' WHERE name = 'cluster_id'")
    with pytest.raises(OtherLog, match=r"of the book (?!\S+ip-ledger-verify-)\S+: the cluster id was another"):
        judged(posted, copy)


@pytest.mark.parametrize("name", ["cluster_id", "topic_id:ip.pledge.v1", "partitions:ip.patent.v1"])
def test_a_book_without_the_identity_of_its_log_is_refused(
    posted: PostedLog, copy: sqlite3.Connection, name: str
) -> None:
    copy.execute("DELETE FROM meta WHERE name = ?", (name,))
    with pytest.raises(OtherLog):
        judged(posted, copy)


def test_a_book_that_has_more_than_the_log(posted: PostedLog, copy: sqlite3.Connection) -> None:
    copy.execute("UPDATE position SET next = next + 1, gap = gap + 1 WHERE topic = 1 AND partition = 0")
    assert found_in(judged(posted, copy)) == {"position"}


def test_a_worker_may_continue_meanwhile(posted: PostedLog, copy: sqlite3.Connection) -> None:
    copy.execute("BEGIN IMMEDIATE")
    copy.execute("DELETE FROM total")
    assert judged(posted, copy).verdict == "equal"
    copy.execute("ROLLBACK")


def test_a_book_is_verified_while_a_worker_posts_to_it(installation: Installation) -> None:
    load = Load(installation.cluster, seed=11)
    load.produce(300)
    worker = installation.worker()
    wait_until(lambda: installation.posted() > 0, lambda: "nothing is posted")
    for _ in range(3):
        before = installation.posted()
        load.produce(100)
        done = installation.run("verify", "--json")
        assert (done.code, done.json["verdict"]) == (0, "equal"), done.out[:3000]
        assert before <= sum(parse_position(done.json["position"]).values()) <= sum(installation.ends().values())
    worker.require_alive()


def test_the_command_names_the_differences_and_exits_with_1(posted: PostedLog, copy: sqlite3.Connection) -> None:
    copy.execute("UPDATE total SET corrected_events = corrected_events + 1 WHERE industry = 0 AND year = 2015")
    done = Installation(posted.cluster, path_of(copy)).run("verify", "--json")
    assert (done.code, done.json["verdict"]) == (1, "different")
    (found,) = done.json["differences"]
    assert (found["table"], found["key"]["year"]) == ("total", 2015)
    assert found["book"]["corrected_events"] == found["log"]["corrected_events"] + 1
