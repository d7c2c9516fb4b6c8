"""`verify --continuous` while a worker runs: it follows, reports the verified position, and ends at a difference."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from ledger.audit import continuous
from ledger.audit.diff import Difference
from ledger.audit.following import Stopped
from ledger.book.book import Book
from ledger.book.connection import columns_of
from ledger.book.position import parse_position
from ledger.book.verified import Verified, verified_path
from streams.producer import Producer, publish_lines
from streams.synthetic.market import generate_all
from tests.acceptance.fault import Fault
from tests.processes import Installation, Worker, wait_until
from tests.unit.ledger.proof.conftest import NAME


def rounds(installation: Installation, count: int) -> list[Verified | None]:
    """Verify for some rounds, which must find no difference."""
    found: list[Verified | None] = []
    stop = Event()

    def note(verified: Verified | None) -> None:
        found.append(verified)
        if len(found) == count:
            stop.set()

    with pytest.raises(Stopped):
        continuous.verify_continuously(installation.cluster, installation.book, 1.0, note, stop)
    return found


def difference(installation: Installation) -> Difference:
    """Verify until something differs, which must be in the first two rounds."""
    left = iter((None, None))
    found, _ = continuous.verify_continuously(
        installation.cluster, installation.book, 1.0, lambda verified: next(left), Event()
    )
    return found


def status(installation: Installation) -> dict[str, Any]:
    whole: dict[str, Any] = installation.run("status", "--json").json
    return whole


def wait_until_a_round_ended(verifier: Worker) -> None:
    wait_until(lambda: "round ended" in verifier.output, lambda: verifier.output)


def publish(installation: Installation, start: int, end: int) -> None:
    with Producer(installation.cluster) as producer:
        for _ in publish_lines(producer, islice(generate_all(4000, seed=5), start, end)):
            pass


@pytest.fixture
def copied(loaded: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """Return a copy of a book, to be verified without pauses and in small pages."""
    monkeypatch.setattr(continuous, "_REST_SECONDS", 0.0)
    monkeypatch.setattr(continuous, "_PAGE", 7)
    shutil.copy(loaded.book, tmp_path / "book.db")
    return Installation(loaded.cluster, tmp_path / "book.db")


def change(installation: Installation, sql: str) -> None:
    with closing(sqlite3.connect(installation.book, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        assert connection.execute(sql).rowcount > 0, sql


def test_it_follows_the_worker_and_ends_at_a_difference(installation: Installation) -> None:
    publish(installation, 0, 300)
    worker = installation.worker()
    installation.wait_until_posted(worker)
    assert status(installation)["verified"] is None
    verifier = installation.service("verify", "--continuous", "--load", "1", "--json")

    def verified_now() -> bool:
        verifier.require_alive()
        found = status(installation)["verified"]
        return bool(found and parse_position(found["position"]) == installation.next_offsets())

    wait_until(verified_now, lambda: f"{status(installation)}\n{verifier.output}")
    assert installation.run("audit", "keygen", "--key", "key", "--name", NAME).code == 0
    assert installation.run("audit", "checkpoint", "--key", "key", "--no-digest").code == 0
    publish(installation, 300, 400)
    installation.wait_until_posted(worker)
    wait_until(verified_now, lambda: verifier.output)
    found = status(installation)["verified"]
    assert (found["by"], found["checkpoint"], found["digest"]) == ("verify --continuous", 0, None)
    change(installation, "UPDATE total SET corrected_events = corrected_events + 1 WHERE year = 2022")
    assert verifier.wait() == 1
    assert '"error": "TotalsDiffer"' in verifier.output
    assert '"verdict": "different"' in verifier.output


def test_sigterm_ends_it_and_the_next_one_continues(installation: Installation) -> None:
    publish(installation, 0, 50)
    assert installation.run("replay", "--book", str(installation.book)).code == 0
    for _ in range(2):
        verifier = installation.service("verify", "--continuous")
        wait_until_a_round_ended(verifier)
        assert verifier.stop() == 0
    assert installation.run("verify", "--continuous", "--sample", "1").code == 2


@pytest.mark.parametrize("table", ["record", "tile", "posting", "total", "pledge_state"])
def test_a_missing_row_is_found_whatever_page_it_is_on(copied: Installation, table: str) -> None:
    with Book(copied.book) as book:
        _, keys = columns_of(book.connection, table)
    key = ", ".join(f'"{name}"' for name in keys)
    change(copied, f"DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} ORDER BY {key} LIMIT 1 OFFSET 7)")
    found = difference(copied)
    assert (found.table, found.book) == (table, None)


@pytest.mark.parametrize("sql", ["UPDATE total SET corrected_events = corrected_events + 1", "DELETE FROM posting"])
def test_a_change_of_both_books_is_found_when_the_second_one_is_renewed(
    copied: Installation, sql: str, fault: Fault
) -> None:
    """A book and the second book of `verify --continuous` changed alike"""
    rounds(copied, 1)
    for book in (copied, Installation(copied.cluster, continuous.second_path(copied.book))):
        change(book, f"{sql} WHERE kind = 1")
    found = difference(copied)
    assert found.table == sql.split()[1 if "UPDATE" in sql else 2]
    assert not copied.book.with_name("book.db.third").exists()
    fault.ended("found once the second one is renewed", 1)


def test_the_second_book_is_renewed_more_than_once(copied: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(continuous, "_RENEWAL_SECONDS", 0.0)
    made: set[int] = set()
    stop = Event()

    def note(verified: Verified | None) -> None:
        made.add(continuous.second_path(copied.book).stat().st_ino)
        if len(made) == 3:
            stop.set()

    with pytest.raises(Stopped):
        continuous.verify_continuously(copied.cluster, copied.book, 1.0, note, stop)


def test_a_partition_missing_from_the_book_is_found_even_if_it_is_empty(copied: Installation) -> None:
    change(
        copied,
        "DELETE FROM position WHERE next = 0 AND partition = 1 AND topic = (SELECT max(topic) - 1 FROM position)",
    )
    found = difference(copied)
    assert (found.table, found.book) == ("position", None)


def test_a_book_that_was_put_back_counts_as_not_verified_until_it_is_verified_again(
    installation: Installation, tmp_path: Path
) -> None:
    publish(installation, 0, 60)
    position = ",".join(f"{t}:{p}={n // 2}" for (t, p), n in installation.ends().items())
    assert installation.run("replay", "--book", "old.db", "--to", position).code == 0
    assert installation.run("replay", "--book", str(installation.book)).code == 0
    rounds(installation, 1)
    assert status(installation)["verified"]
    old = installation.book.with_name("old.db")
    installation.book.write_bytes(old.read_bytes())
    assert status(installation)["verified"] is None
    assert rounds(installation, 1)[0]
    assert parse_position(status(installation)["verified"]["position"]) == installation.next_offsets()


def test_a_rewritten_tree_counts_as_not_verified(copied: Installation) -> None:
    done = copied.run("verify", "--json")
    assert done.code == 0
    found = status(copied)["verified"]
    assert (found["by"], found["digest"], found["position"]) == ("verify", done.json["digest"], done.json["position"])
    change(copied, "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND topic = 1")
    assert status(copied)["verified"] is None


def test_a_file_that_is_damaged_says_nothing(copied: Installation) -> None:
    assert copied.run("verify").code == 0
    for content in (b"", b"{}", b"[1]", b'{"partitions": [{"topic": 1}]}'):
        verified_path(copied.book).write_bytes(content)
        assert status(copied)["verified"] is None
