"""No checkpoint is signed of a journal that is not the one of its trees, however old the changed record is."""

from __future__ import annotations

import pytest

from ledger.book.book import Book
from ledger.book.trees import leaf_at
from ledger.merkle.hashes import HASH_BYTES, leaf_hash
from ledger.merkle.tiles import WIDTH
from ledger.proof import signing
from ledger.proof.audit_file import AuditFile
from ledger.proof.errors import JournalRewritten
from tests.acceptance.fault import Fault
from tests.each_case import each_case
from tests.unit.ledger.proof.conftest import Ledger

pytestmark = pytest.mark.slow

TOPIC_PARTITION = ("ip.patent.v1", 1)
HERE = "topic = 2 AND partition = 1"
FIRST = f'{HERE} AND "offset" = (SELECT min("offset") FROM record WHERE {HERE})'
LAST = f'{HERE} AND "offset" = (SELECT max("offset") FROM record WHERE {HERE})'
COPY = """INSERT INTO record SELECT topic, partition, "offset" {} 1000, outcome, {} FROM record WHERE {}"""
CHANGES = [
    change.format(where)
    for where in (FIRST, LAST)
    for change in (
        "UPDATE record SET timestamp = timestamp + 1 WHERE {}",
        "UPDATE record SET hash = zeroblob(32) WHERE {}",
        "UPDATE record SET hash = x'00' WHERE {}",
        "UPDATE record SET subject = 'other' WHERE {}",
        "UPDATE record SET outcome = 2 WHERE {}",
        'UPDATE record SET "offset" = "offset" + 1000 WHERE {}',
        'UPDATE record SET "offset" = "offset" - 1000 WHERE {}',
        "DELETE FROM record WHERE {}",
    )
]


def sign_often(ledger: Ledger, times: int) -> None:
    """Sign a number of times."""
    for _ in range(times):
        ledger.sign()


@each_case("change", CHANGES)
def test_an_older_record_that_was_changed_is_not_signed(signed: Ledger, fault: Fault, change: str) -> None:
    """A row of the journal changed, moved, added or deleted, and then signed"""
    kept = signed.path.read_bytes()
    signed.run(change)
    for digest in (False, True):
        with pytest.raises(JournalRewritten, match=r"ip.patent.v1:1 and its tree differ from offset"):
            signed.sign(digest=digest)
    with AuditFile(signed.audit) as file:
        assert file.size() == 1
    signed.path.write_bytes(kept)
    fault.ended("not signed: `JournalRewritten`", len(CHANGES))


def test_each_older_record_has_its_turn(signed: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "OLDER", 50)
    begun = set()
    for _ in range(2 * 600 // 50):
        signed.sign()
        with AuditFile(signed.audit) as file:
            begun.add(file.older_part())
    assert len(begun) == 12, "600 records in turns of 50, and then the same turns again"
    signed.run(f"UPDATE record SET timestamp = timestamp + 1 WHERE {LAST}")
    with pytest.raises(JournalRewritten):
        sign_often(signed, 600 // 50)
    with pytest.raises(JournalRewritten):
        signed.sign(digest=True)


def test_a_book_that_grows_is_compared_as_far_as_it_was_signed(signed: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "OLDER", 100)
    for start in range(600, 900, 30):
        signed.grow(start, start + 30)
        signed.sign()
    signed.grow(0, 10)
    signed.run(f"UPDATE record SET timestamp = timestamp + 1 WHERE {LAST}")
    with pytest.raises(JournalRewritten):
        signed.sign()


def test_a_record_that_was_changed_with_its_tile_is_not_signed(signed: Ledger) -> None:
    signed.repeat(TOPIC_PARTITION, 2 * WIDTH)
    signed.sign()
    signed.run(f"UPDATE record SET timestamp = timestamp + 1 WHERE {FIRST}")
    with Book(signed.path) as book:
        leaf = leaf_at(book, *TOPIC_PARTITION, min(signed.log[TOPIC_PARTITION]))
    assert leaf is not None
    changed = leaf_hash(leaf.entry())
    signed.run(
        f"UPDATE tile SET hashes = CAST(? || substr(hashes, {HASH_BYTES + 1}) AS BLOB) "
        f"WHERE {HERE} AND level = 0 AND number = 0",
        changed,
    )
    with pytest.raises(JournalRewritten):
        signed.sign()
