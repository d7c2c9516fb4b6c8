"""A figure from a real log, proven by the commands and checked by the file alone: with transactions, an aborted one,
events in binary mode, corrections, and records that are refused."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import confluent_kafka
import pytest

from ledger.audit.replay import replay
from ledger.audit.verify import verify
from ledger.book.book import Book
from ledger.book.trees import leaves_of, tree_of
from ledger.proof.audit_file import audit_path
from tests.events import PLEDGE, Event, corrected, partition, registered, value_of
from tests.processes import Installation

NAME = "ledger.example.org/log"
EVENTS: list[Event] = [registered(f"r{number}", f"P{number}") for number in range(12)]


def _publish(installation: Installation, *, commit: bool, events: list[Event]) -> None:
    """Publish events in one transaction, every third of them in binary mode; commit or abort it."""
    cluster = installation.cluster
    producer = confluent_kafka.Producer(cluster.librdkafka(**{"transactional.id": f"{cluster.prefix}proof"}))
    producer.init_transactions()
    producer.begin_transaction()
    for number, event in enumerate(events):
        subject = event["subject"]
        value, headers = value_of(event), []
        if number % 3 == 0:
            value = value_of(event["data"])
            headers = [(f"ce_{name}", str(content)) for name, content in event.items() if name != "data"]
            headers += [("content-type", "application/json"), ("traceparent", "00-1-1-01")]
        producer.produce(cluster.topic(PLEDGE), value, subject.encode(), partition(subject), headers=headers)
    if commit:
        producer.commit_transaction()
    else:
        producer.flush(30)
        producer.abort_transaction()


@pytest.fixture
def proven(installation: Installation) -> Installation:
    """Return an installation with a book, a key and a checkpoint."""
    cluster = installation.cluster
    _publish(installation, commit=True, events=EVENTS[:8])
    _publish(installation, commit=False, events=EVENTS[8:10])
    plain = confluent_kafka.Producer(cluster.librdkafka())
    for content in (b"{", value_of(EVENTS[1])):
        plain.produce(cluster.topic(PLEDGE), content, b"P1", partition("P1"))
    assert plain.flush(30) == 0
    _publish(installation, commit=True, events=[corrected(EVENTS[1], region="CN-BJ"), *EVENTS[10:]])
    replay(cluster, installation.book)
    assert installation.run("audit", "keygen", "--key", "key", "--name", NAME).code == 0
    assert installation.run("audit", "checkpoint", "--key", "key").code == 0
    return installation


def check(installation: Installation, *words: str) -> tuple[int, str]:
    """Run the checker alone, in the directory of the book."""
    command = [sys.executable, "-I", "check_proof.py", "pack", "--key", "key.pub", *words]
    done = subprocess.run(command, cwd=installation.book.parent, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_a_figure_is_proven_from_the_log(proven: Installation) -> None:
    directory = proven.book.parent
    done = proven.run("prove", "--kind", "pledges", "--year", "2023", "--out", "pack", "--checker", "check_proof.py")
    assert (done.code, "with 11 events" in done.err) == (0, True), done.err
    code, found = check(proven, "--figure", "pledges 2023 ALL")
    assert code == 0, found
    assert "corrected: events: 10, with an amount: 10, sum: 1,000,000 minor units of CNY" in found
    pack = json.loads((directory / "pack").read_text())
    assert sum("attributes" in event for event in pack["events"]) == 4
    assert any(event["index"] != event["offset"] for event in pack["events"]), "there are gaps"
    pack["events"][0]["value"]["text"] += " "
    (directory / "pack").write_text(json.dumps(pack))
    assert check(proven)[0] == 1
    again = proven.run("prove", "--kind", "pledges", "--year", "2023", "--out", "pack")
    assert (again.code, "is not replaced" in again.err) == (2, True)
    assert proven.run("prove", "--kind", "plegdes", "--year", "2023", "--out", "other").code == 2
    assert proven.run("prove", "--kind", "pledges", "--year", "1999", "--out", "other").code == 65


def test_trees_export_and_witness_of_a_real_log(proven: Installation) -> None:
    with Book(proven.book) as book:
        for state in book.positions():
            leaves = list(leaves_of(book, state.topic, state.partition))
            covered = sum(leaf.offsets for leaf in leaves)
            assert covered + state.gap == state.next
            assert tree_of(book, state.topic, state.partition).size == len(leaves)
    other = proven.book.with_name("other.db")
    replay(proven.cluster, other, processes=2)
    for name, book_path in (("one", proven.book), ("two", other)):
        done = proven.run("audit", "export", name, "--audit", str(audit_path(proven.book)), LEDGER_BOOK=str(book_path))
        assert done.code == 0, done.err
    directory = proven.book.parent
    files = {file.relative_to(directory / "one") for file in (directory / "one").rglob("*") if file.is_file()}
    assert files
    assert all((directory / "one" / file).read_bytes() == (directory / "two" / file).read_bytes() for file in files)
    words = ("audit", "witness", "one", "--log-key", "key.pub", "--state", "seen")
    assert proven.run(*words).code == 0
    assert proven.run("audit", "keygen", "--key", "mine", "--name", "w.example", "--witness").code == 0
    cosigned = proven.run(*words, "--key", "mine")
    assert cosigned.out.count("— ") == 2
    assert proven.run(*words, "--key", "key").code == 65
    _publish(proven, commit=True, events=[registered("late", "P99")])
    replay(proven.cluster, directory / "later.db")
    signing = ("audit", "checkpoint", "--key", "key", "--no-digest", "--audit", "book.db.audit")
    assert proven.run(*signing, LEDGER_BOOK="later.db").code == 0
    assert proven.run("audit", "export", "one", "--audit", "book.db.audit", LEDGER_BOOK="later.db").code == 0
    assert proven.run(*words).code == 0
    assert proven.run(*signing).code == 70, "the book is now behind the checkpoint"
    refused = proven.run("audit", "witness", "two", *words[3:])
    assert (refused.code, "ForkSeen" in refused.err) == (70, True)


@pytest.mark.parametrize(
    ("statement", "errors"),
    [
        ("UPDATE record SET timestamp = timestamp + 1 WHERE topic = 1", ["JournalDiffers", "TreesDiffer"]),
        (
            "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE topic = 1",
            ["LeavesDiffer", "TreesDiffer", "CheckpointsDiffer"],
        ),
        ("UPDATE posting SET low = low + 1 WHERE topic = 1", ["PostingsDiffer", "CheckpointsDiffer"]),
        ("UPDATE total SET corrected_low = corrected_low + 1", ["TotalsDiffer"]),
    ],
)
def test_verify_names_what_was_changed(proven: Installation, statement: str, errors: list[str]) -> None:
    assert verify(proven.cluster, proven.book).verdict == "equal"
    with closing(sqlite3.connect(proven.book)) as connection, connection:
        connection.execute(statement)
    done = proven.run("verify", "--json")
    assert (done.code, done.json["verdict"]) == (1, "different")
    assert [one["error"] for one in done.json["differences"]] == errors


def test_verify_checks_the_file_of_checkpoints(proven: Installation) -> None:
    assert proven.run("verify", "--json", "--log-key", "key.pub").code == 0
    assert proven.run("verify", "--json", "--log-key", "key").code == 65
    with closing(sqlite3.connect(audit_path(proven.book))) as connection, connection:
        connection.execute("UPDATE figure SET entry = CAST(replace(CAST(entry AS TEXT), '1', '2') AS BLOB)")
    done = proven.run("verify", "--json")
    assert [(one["table"], one["error"]) for one in done.json["differences"]] == [("checkpoint", "CheckpointsDiffer")]
