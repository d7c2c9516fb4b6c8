"""Erase names of persons from archive and topic: leaves and figures stay, and the output names the law."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.archive import writing
from ledger.archive.erasing import erase
from ledger.archive.errors import NotErasable
from ledger.archive.manifest import read_manifest
from ledger.archive.restoring import restore_book
from ledger.archive.writing import archive, check_archive
from ledger.book.book import Book
from ledger.book.verified import heads_of
from ledger.proof.check_proof import check_pack
from schemas.topics import TOPICS
from streams.batch import Record
from streams.copy import Sender
from streams.producer import Producer
from tests.books import compared
from tests.events import PLEDGE, Event, example_event, partition, registered, value_of
from tests.integration.test_archive import trim
from tests.processes import Installation

LAW = "GDPR Art. 17(1)(b)"
NAME = "Zhang San"
TOPIC_PARTITION = (PLEDGE, partition("P7"))
NEIGHBOUR = next(name for name in map("Q{}".format, range(99)) if partition(name) == TOPIC_PARTITION[1])
"""Another pledge in the same partition."""


@pytest.fixture(autouse=True)
def _short_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SEGMENT", 4)


def publish(installation: Installation, *events: Event) -> None:
    with Producer(installation.cluster) as producer:
        for event in events:
            producer.publish(value_of(event))


def pledge(subject: str = "P7") -> Event:
    return registered(subject, pledgors=[{"name": NAME, "country": "CN", "id": "ID-1"}]) | {"id": f"of {subject}"}


def erasure(topic_partition: tuple[str, int], offset: int, value_hash: str, number: int = 1) -> Event:
    record = {"topic": topic_partition[0], "partition": topic_partition[1], "offset": offset, "value_hash": value_hash}
    return example_event("reference.erased", f"erasure {number}", f"erasure/court/{number}", law=LAW, records=[record])


def hash_of(installation: Installation, offset: int) -> str:
    ((found,),) = installation.query(
        'SELECT value_hash FROM journal WHERE topic = ? AND partition = ? AND "offset" = ?', *TOPIC_PARTITION, offset
    )
    return str(found)


@pytest.fixture
def demanded(installation: Installation) -> Installation:
    """Return a log and book in which an event demands that the first of three pledges of a partition is erased."""
    publish(installation, *(pledge() | {"id": f"e{number}"} for number in range(3)))
    assert installation.run("replay", "--book", str(installation.book)).code == 0
    value_hash = hash_of(installation, 0)
    installation.book.unlink()
    publish(installation, erasure(TOPIC_PARTITION, 0, value_hash))
    assert installation.run("replay", "--book", str(installation.book)).code == 0
    return installation


def names_in(directory: Path) -> list[str]:
    import gzip

    return [file.name for file in directory.rglob("*.gz") if NAME.encode() in gzip.decompress(file.read_bytes())]


def test_an_erased_record_keeps_its_leaf_and_what_it_counts(demanded: Installation, tmp_path: Path) -> None:
    path = tmp_path / "archive"
    before = archive(demanded.cluster, path)
    erased = demanded.run("archive", str(path), "--erase", "--json")
    assert erased.code == 0, erased.err
    (note,) = erased.json["erased"]
    assert (note["topic"], note["partition"], note["offsets"]) == (*TOPIC_PARTITION, [0])
    assert note["events"] == ["ip.reference.v1:0=0"]
    assert note["sha256_before"] in {one.sha256 for one in before.segments}
    after = check_archive(path)
    assert note["sha256"] in {one.sha256 for one in after.segments}
    assert erase(path) == after == read_manifest(path), "nothing is left to do"
    restore_book(path, tmp_path / "new.db")
    with Book(tmp_path / "new.db") as new, Book(demanded.book) as old:
        assert heads_of(new) == heads_of(old)
        (parties,) = new.connection.execute('SELECT pledgors FROM pledge WHERE "offset" = 0').fetchone()
    assert json.loads(parties) == [{"name": "erased", "country": "CN"}]
    differing = {one.table for one in compared(tmp_path / "new.db", demanded.book).differences}
    assert differing == {"record", "pledge"}, "the facts and the names, and no figure"
    archive(demanded.cluster, path)
    assert check_archive(path) == after, "the log still has the names, and the archive does not take them again"


def test_the_log_is_gone_and_the_book_is_verified_with_the_archive(demanded: Installation, tmp_path: Path) -> None:
    path = tmp_path / "archive"
    publish(demanded, pledge() | {"subject": NEIGHBOUR})
    archive(demanded.cluster, path)
    erase(path)
    trim(demanded.cluster, {TOPIC_PARTITION: 1})
    old = demanded.run("verify", "--archive", str(path), "--json")
    assert (old.code, old.json["verdict"]) == (1, "different"), "the book has the names still"
    assert {one["table"] for one in old.json["differences"]} == {"record", "pledge"}
    demanded.book.unlink()
    restore_book(path, demanded.book)
    plain = demanded.run("verify", "--json")
    assert (plain.code, plain.json["verdict"]) == (1, "incomplete")
    done = demanded.run("verify", "--archive", str(path), "--json")
    assert (done.code, done.json["verdict"]) == (0, "equal"), done.json["differences"]
    place = f"{TOPIC_PARTITION[0]}:{TOPIC_PARTITION[1]}=0"
    assert done.json["erased"] == [{"place": place, "law": LAW, "event": "ip.reference.v1:0=0"}]
    traced = demanded.run("trace", place, "--json")
    assert traced.code == 0, traced.err
    bytes_: dict[str, Any] = traced.json["records"][0]["bytes"]
    assert (bytes_["verdict"], bytes_["law"], bytes_["event"]) == ("erased", LAW, "ip.reference.v1:0=0")
    trim(demanded.cluster, {TOPIC_PARTITION: 2})
    for words in (
        ["audit", "keygen", "--key", "key", "--name", "log.example"],
        ["audit", "checkpoint", "--key", "key"],
    ):
        assert demanded.run(*words).code == 0
    trim(demanded.cluster, {TOPIC_PARTITION: 4})
    figure = ["prove", "--kind", "pledges", "--year", "2023", "--out", "pack"]
    assert demanded.run(*figure).code == 70, "the log lost another record, too"
    proven = demanded.run(*figure, "--archive", str(path))
    assert proven.code == 0, proven.err
    directory = demanded.book.parent
    pack, key = json.loads((directory / "pack").read_bytes()), (directory / "key.pub").read_text()
    assert f'   erased: {place}, by "{LAW}"; demanded by ip.reference.v1:0=0' in check_pack(pack, key, None, None)
    gone = demanded.run("trace", f"{TOPIC_PARTITION[0]}:{TOPIC_PARTITION[1]}=1", "--json")
    assert (gone.code, gone.json["records"][0]["bytes"]["verdict"]) == (1, "gone"), "no event names that record"


def test_bytes_that_are_gone_without_an_event_are_a_difference(demanded: Installation, tmp_path: Path) -> None:
    path = tmp_path / "archive"
    archive(demanded.cluster, path)
    erase(path)
    voided = example_event("reference.erased", "void", "erasure/court/1")
    voided |= {"type": "ip.reference.erased.voided.v1", "data": {"target": "erasure 1", "reason": "a mistake"}}
    publish(demanded, voided)
    demanded.book.unlink()
    assert demanded.run("replay", "--book", str(demanded.book)).code == 0
    found = demanded.run("verify", "--archive", str(path), "--json")
    assert found.json["verdict"] == "different"
    assert "ErasedWithoutLaw" in {one["error"] for one in found.json["differences"]}


def test_what_cannot_be_erased_is_refused_and_the_archive_stays(installation: Installation, tmp_path: Path) -> None:
    publish(installation, pledge(), erasure(TOPIC_PARTITION, 0, "0" * 64))
    path = tmp_path / "archive"
    archived = archive(installation.cluster, path)
    with pytest.raises(NotErasable, match="its hash is"):
        erase(path)
    assert check_archive(path) == archived
    assert names_in(path)
    assert installation.run("archive", str(path), "--erase").code == 70
    assert installation.run("archive", str(path), "--erase", "--check").code == 2
    assert set(TOPICS) >= {PLEDGE}


def test_the_fold_says_what_is_erased(installation: Installation, tmp_path: Path) -> None:
    publish(installation, *(pledge() | {"id": f"e{number}"} for number in range(4)))
    assert installation.run("replay", "--book", str(installation.book)).code == 0
    hashes = [hash_of(installation, offset) for offset in range(4)]
    installation.book.unlink()
    refused, corrected, voided = (erasure(TOPIC_PARTITION, number, hashes[number], number + 1) for number in range(3))
    right = erasure(TOPIC_PARTITION, 3, hashes[3], 2)["data"]
    correction = corrected | {"id": "right", "type": "ip.reference.erased.corrected.v1"}
    correction["data"] = {"target": corrected["id"], "reason": "it is another record", "data": right}
    void = voided | {"id": "void", "type": "ip.reference.erased.voided.v1"}
    void["data"] = {"target": voided["id"], "reason": "a mistake"}
    with Sender(installation.cluster) as sender:
        record = Record(0, 0, b"the key of somebody else", value_of(refused))
        sender.send("ip.reference.v1", 0, record, "a misrouted event")
    publish(installation, corrected, correction, void, voided)
    path = tmp_path / "archive"
    archive(installation.cluster, path)
    (note,) = erase(path).erased
    assert (note.offsets, note.events) == ((3,), ("ip.reference.v1:0=1",))
    publish(installation, erasure(TOPIC_PARTITION, 3, "0" * 64, 9))
    archive(installation.cluster, path)
    assert len(erase(path).erased) == 1
    restore_book(path, installation.book)
    found = installation.run("verify", "--archive", str(path), "--json")
    assert (found.code, [one["place"] for one in found.json["erased"]]) == (
        0,
        [f"{TOPIC_PARTITION[0]}:{TOPIC_PARTITION[1]}=3"],
    )
