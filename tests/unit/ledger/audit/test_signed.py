"""A book against itself and against what was signed: every change of journal, trees and checkpoints is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.audit.diff import Difference
from ledger.audit.signed import (
    copied_audit,
    first_checkpoint_difference,
    first_leaf_difference,
    unsigned_statement,
)
from ledger.book.book import Book
from ledger.book.connection import snapshot
from ledger.proof.audit_file import AuditFile
from ledger.proof.keys import generate_key
from ledger.proof.signing import sign
from ledger.proof.statement import Statement
from tests.events import TOPIC_PARTITIONS
from tests.unit.ledger.proof.conftest import Ledger, signed

__all__ = ["signed"]


_SWAPPED = """UPDATE note SET note = (SELECT replace(n.note, '/1' || char(10), '/0' || char(10)) FROM note AS n
  WHERE n.tree = 'v7/ip.patent.v1/1'), size = (SELECT size FROM note WHERE tree = 'v7/ip.patent.v1/1')
  WHERE tree = 'v7/ip.patent.v1/0'"""
"""A head of one partition instead of another one's."""


def leaf(ledger: Ledger) -> Difference | None:
    with Book(ledger.path) as book:
        return next(iter(first_leaf_difference(book, TOPIC_PARTITIONS)), None)


def checkpoint(ledger: Ledger, directory: Path) -> Difference | None:
    with Book(ledger.path) as book:
        return next(iter(first_checkpoint_difference(book, ledger.audit, directory)), None)


def test_a_book_as_it_was_posted_is_right(signed: Ledger, tmp_path: Path) -> None:
    signed.grow(600, 900)  # ahead of the checkpoint
    assert leaf(signed) is None
    assert checkpoint(signed, tmp_path) is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE record SET outcome = 2",
        "UPDATE record SET timestamp = timestamp + 1",
        "UPDATE record SET hash = zeroblob(32)",
        "UPDATE record SET hash = x'00'",
        "UPDATE record SET subject = 'other'",
        "UPDATE record SET subject = NULL",
        'UPDATE record SET "offset" = "offset" + 1000',
        'UPDATE record SET "offset" = -1',
        "DELETE FROM record",
    ],
)
def test_a_changed_record_is_found_at_its_place(signed: Ledger, change: str) -> None:
    home = "topic = 2 AND partition = 1"
    where = f'{home} AND "offset" = (SELECT max("offset") FROM record WHERE {home})'
    with Book(signed.path) as book:
        (last,) = book.connection.execute(f'SELECT "offset" FROM record WHERE {where}').fetchone()
    signed.run(f"{change} WHERE {where}")
    found = leaf(signed)
    assert found is not None
    assert found.error == "TreesDiffer"
    assert (found.key["topic"], found.key["partition"]) == ("ip.patent.v1", 1)
    if '"offset" =' not in change and "DELETE" not in change:
        assert found.key["offset"] == last
        assert found.book != found.log


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE topic = 2",
        "UPDATE tile SET hashes = CAST(hashes || zeroblob(32) AS BLOB) WHERE topic = 2 AND partition = 1",
        "DELETE FROM tile WHERE topic = 2 AND partition = 1",
        "INSERT INTO tile VALUES (2, 1, 3, 0, zeroblob(32))",
        "UPDATE position SET leaves = leaves + 1 WHERE topic = 2 AND partition = 1",
    ],
)
def test_a_changed_tree_is_found(signed: Ledger, change: str) -> None:
    signed.run(change)
    found = leaf(signed)
    assert found is not None
    assert found.key["topic"] == "ip.patent.v1"


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE statement SET entry = CAST(replace(CAST(entry AS TEXT), 'fold', 'gold') AS BLOB)", "book.db.audit"),
        ("UPDATE tile SET hashes = zeroblob(length(hashes))", "book.db.audit"),
        ("DELETE FROM statement", "the head of 1 statements"),
        ("UPDATE note SET size = size + 1", "the size of a signed head"),
        ("UPDATE note SET note = 'x'", "book.db.audit"),
        ("UPDATE figure SET entry = x'00' WHERE kind = 2", "the view"),
        ("DELETE FROM figure WHERE kind = 2", "the view"),
        ("UPDATE figure SET sums = '[]' WHERE kind = 2", "the sums and trees of the figure (2,"),
        ("UPDATE figure_tree SET roots = zeroblob(length(roots)) WHERE kind = 2", "the sums and trees of"),
        ("DELETE FROM figure_tree WHERE kind = 2", "the sums and trees of the figure (2,"),
        ("UPDATE figure_tree SET kind = 9999 WHERE kind = 2", "the sums and trees of the figure (2,"),
        ("UPDATE tile SET hashes = CAST(hashes || x'00' AS BLOB)", "the tile (0, 0) of the master log"),
        ("INSERT INTO tile VALUES (1, 0, zeroblob(32))", "the tile (1, 0) of the master log"),
        ("UPDATE statement SET number = number + 1", "book.db.audit"),
        ("UPDATE note SET tree = 'v7/ip.patent.v1/9' WHERE tree = 'v7/ip.patent.v1/0'", "the name in a signed head"),
        ("DELETE FROM note WHERE tree = 'v7/ip.patent.v1/0'", "the heads that were signed with statement 0"),
        ("DELETE FROM note WHERE tree = ''", "the name in a signed head"),
        (_SWAPPED, "the signed head of v7/ip.patent.v1/0"),
    ],
)
def test_a_changed_file_of_checkpoints_is_found(signed: Ledger, tmp_path: Path, change: str, what: str) -> None:
    with AuditFile(signed.audit, writable=True) as file:
        file.connection.execute(change)
    found = checkpoint(signed, tmp_path)
    assert found is not None
    assert found.error == "CheckpointsDiffer"
    assert what in found.key["what"]


def test_a_statement_that_a_crash_left_unsigned_is_named_and_no_difference(signed: Ledger, tmp_path: Path) -> None:
    assert unsigned_statement(signed.audit) is None
    signed.grow(600, 601)  # one partition grows: the heads of the others are those of statement 0
    signed.sign()
    with AuditFile(signed.audit, writable=True) as file:
        before = Statement.parse(file.entries(0, 1)[0])
        after = Statement.parse(file.entries(1, 2)[0])
        (grown,) = {(one.tree, one.head.size) for one in after.partitions} - {
            (one.tree, one.head.size) for one in before.partitions
        }
        file.connection.execute("DELETE FROM note WHERE tree = '' AND size = 2")
        assert file.left_unsigned() is None, "the head of the partition that grew is there: somebody deleted the other"
        assert checkpoint(signed, tmp_path) is not None
        file.connection.execute("DELETE FROM note WHERE (tree, size) = (?, ?)", grown)
    assert unsigned_statement(signed.audit) == 1
    assert checkpoint(signed, tmp_path) is None
    with AuditFile(signed.audit, writable=True) as file:
        file.connection.execute("DELETE FROM note WHERE tree = '' AND size = 1")
    assert unsigned_statement(signed.audit) is None, "an earlier one is missing: no crash does that"
    assert checkpoint(signed, tmp_path) is not None


def test_a_signer_who_goes_on_disturbs_no_verification(
    signed: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert copied_audit(tmp_path / "none", tmp_path) == tmp_path / "none"
    (tmp_path / "copy").mkdir()
    copied = copied_audit(signed.audit, tmp_path / "copy")
    old = tmp_path / "old.db"
    snapshot(signed.path, old)
    signed.grow(600, 700)
    signed.sign()
    with Book(old) as book:
        assert first_checkpoint_difference(book, copied, tmp_path) == []
        assert first_checkpoint_difference(book, signed.audit, tmp_path) != []
    monkeypatch.setattr("ledger.audit.signed._SIGNING_SECONDS", 0.0)
    with AuditFile(signed.audit, writable=True) as file:
        file.connection.execute("DELETE FROM note WHERE tree = '' AND size = 2")
    with AuditFile(copied_audit(signed.audit, tmp_path / "copy")) as file:
        assert file.unsigned() == [1], "its heads are lost"


def test_a_signature_is_checked_with_the_key_of_the_log(signed: Ledger, tmp_path: Path) -> None:
    other = generate_key(tmp_path / "other", signed.public.name)
    with Book(signed.path) as book:
        assert first_checkpoint_difference(book, signed.audit, tmp_path, [signed.public]) == []
        (found,) = first_checkpoint_difference(book, signed.audit, tmp_path, [other])
    assert "none of the given keys signed it" in (found.book or {})["found"]


def test_a_rewritten_book_is_not_the_one_that_was_signed(signed: Ledger, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Ledger(tmp_path / "other" / "book.db")
    other.grow(1, 900)
    other.audit.write_bytes(signed.audit.read_bytes())
    assert leaf(other) is None
    found = checkpoint(other, tmp_path)
    assert found is not None
    assert found.key["what"].startswith("statement 0, v7/ip.")


def test_changed_postings_are_not_the_figures_that_were_signed(signed: Ledger, tmp_path: Path) -> None:
    signed.run("UPDATE posting SET low = low + 1 WHERE kind = 2")
    found = checkpoint(signed, tmp_path)
    assert found is not None
    assert found.key["what"].startswith("pledges ")


def test_a_book_of_another_version_is_compared_with_its_own_statements(signed: Ledger, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Book, "require_own_version", lambda book: None)
        signed.run("UPDATE meta SET value = '9' WHERE name = 'fold_version'")
        sign(signed.path, signed.audit, [signed.signer], other_version=True)
    assert checkpoint(signed, tmp_path) is None
    signed.audit.unlink()
    assert checkpoint(signed, tmp_path) is None
