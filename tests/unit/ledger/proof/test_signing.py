"""Checkpoints: what is stated of a book, and that nothing is signed that contradicts an earlier one."""

from __future__ import annotations

import errno
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from ledger.book.book import Book
from ledger.book.digest import digest_of
from ledger.book.errors import BookFault, BookUnavailable
from ledger.book.trees import tree_of
from ledger.independent.merkle import tree_hash
from ledger.merkle.hashes import is_consistent
from ledger.posting.cells import LOW
from ledger.proof.audit_file import AuditFile
from ledger.proof.errors import (
    AuditFileDamaged,
    BookBehindCheckpoint,
    FigureDiffers,
    HistoryRewritten,
    KeySignedOther,
    NoCheckpoint,
    OtherLogSigned,
    OtherName,
    OtherVersionSigned,
    StatementTooLong,
)
from ledger.proof.figure import FigureKey
from ledger.proof.keys import generate_key, private_key
from ledger.proof.note import opened_note
from ledger.proof.signing import sign
from ledger.proof.statement import PartitionHead, Statement
from tests.acceptance.fault import Fault
from tests.each_case import each_case
from tests.unit.ledger.proof.conftest import NAME, Ledger

pytestmark = pytest.mark.slow


def test_a_statement_is_what_the_book_holds(signed: Ledger) -> None:
    found = signed.sign(digest=True)
    statement = found.statement
    assert Statement.parse(statement.entry) == statement
    assert opened_note(found.note.encode(), [signed.public], "it").head.size == 2
    with Book(signed.path) as book:
        posted = [one for one in book.positions() if one.next]
        assert [one.topic_partition for one in statement.partitions] == [(one.topic, one.partition) for one in posted]
        for one, position in zip(statement.partitions, posted, strict=True):
            assert (one.first, one.next) == (position.first, position.next)
            assert one.head == tree_of(book, *one.topic_partition).head()
        assert statement.digest == digest_of(book)
        assert statement.fold_version == book.fold_version


def test_the_view_has_every_posting(signed: Ledger) -> None:
    """Computed here from the table alone, with the naive trees."""
    with Book(signed.path) as book:
        rights, kinds, topics = (
            dict(book.connection.execute("SELECT number, name FROM constant WHERE family = ?", (family,)))
            for family in ("right", "kind", "topic")
        )
        codes = dict(book.connection.execute("SELECT number, code FROM currency"))
        industries = dict(book.connection.execute("SELECT number, code FROM industry"))
        rows = book.connection.execute(
            'SELECT kind, date / 10000, industry, topic, partition, "offset", date, region, "right", currency, basis,'
            ' events, with_amount, high, low FROM posting ORDER BY "offset", date, region, "right", currency, basis'
        ).fetchall()
    trees: dict[tuple[int, ...], dict[tuple[int, int], list[bytes]]] = defaultdict(lambda: defaultdict(list))
    sums: dict[tuple[int, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0]))
    for *key, topic, partition, offset, date, region, right, currency, basis, events, known, high, low in rows:
        on = {1: "recorded", 2: "corrected", 3: "both"}[basis]
        code, amount = codes.get(currency, "-"), high * LOW + low
        line = f"{offset} {date} {region or '-'} {rights.get(right, '-')} {code} {on} {events} {known} {amount}"
        trees[tuple(key)][topic, partition].append(line.encode())
        for side in ("recorded", "corrected") if basis == 3 else (on,):
            sums[tuple(key)][f"sum {side} {code}"] = [
                one + more
                for one, more in zip(sums[tuple(key)][f"sum {side} {code}"], (events, known, amount), strict=True)
            ]
    entries = []
    for key, by_partition in sorted(trees.items()):
        kind, year, industry = key
        lines = ["ip-ledger figure v1", f"{kinds[kind]} {year} {industries[industry]}"]
        lines += sorted(f"{head} {a} {b} {c}" for head, (a, b, c) in sums[key].items() if (a, b, c) != (0, 0, 0))
        for (topic, partition), leaves in sorted(by_partition.items()):
            lines.append(f"tree {topics[topic]} {partition} {len(leaves)} {tree_hash(leaves).hex()}")
        entries.append("".join(f"{line}\n" for line in lines).encode())
    with AuditFile(signed.audit) as file:
        assert [entry for _, entry in file.figures()] == entries
        last = file.last()
        assert last is not None
        assert last.statement.view == (len(entries), tree_hash(entries))


def test_a_book_that_grows_in_steps_is_stated_as_one_that_grew_at_once(signed: Ledger, tmp_path: Path) -> None:
    signed.grow(600, 620)
    signed.sign()
    signed.grow(620, 900)
    once = Ledger(_directory(tmp_path, "once") / "book.db")
    once.grow(0, 600)
    once.grow(600, 620)
    once.grow(620, 900)
    assert signed.sign().statement == once.sign().statement


def test_heads_are_consistent_and_a_book_that_stands_still_is_stated_once(signed: Ledger) -> None:
    heads = [opened_note(signed.sign().note.encode(), [signed.public], "it").head for _ in range(2)]
    assert heads[0] == heads[1]
    for start in range(600, 900, 100):
        signed.grow(start, start + 100)
        signed.sign()
    with AuditFile(signed.audit) as file:
        tree = file.tree()
        assert tree.size == 4
        assert is_consistent(*heads[0], *tree.head(), tree.consistency(heads[0].size))


def test_an_old_copy_is_not_signed(signed: Ledger, tmp_path: Path, fault: Fault) -> None:
    """Yesterday's book restored next to today's file of checkpoints"""
    shutil.copy(signed.path, tmp_path / "yesterday.db")
    signed.grow(600, 700)
    signed.sign()
    shutil.copy(tmp_path / "yesterday.db", signed.path)
    with pytest.raises(BookBehindCheckpoint):
        signed.sign()
    fault.ended("not signed: `BookBehindCheckpoint`", 1)


def test_a_rewritten_history_is_not_signed(signed: Ledger, tmp_path: Path) -> None:
    other = Ledger(_directory(tmp_path, "other") / "book.db")
    other.grow(1, 900)
    shutil.copy(other.path, signed.path)
    with pytest.raises((HistoryRewritten, BookBehindCheckpoint)):
        signed.sign()


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        ("UPDATE tile SET hashes = zeroblob(length(hashes))", HistoryRewritten),
        ("DELETE FROM tile", HistoryRewritten),
        ("UPDATE position SET leaves = 1 WHERE leaves > 1", HistoryRewritten),
        ("UPDATE meta SET value = 'other' WHERE name = 'cluster_id'", OtherLogSigned),
        ("UPDATE meta SET value = 'other' WHERE name LIKE 'topic_id:%'", OtherLogSigned),
        ("UPDATE meta SET value = '9.9.9' WHERE name = 'industry_map'", OtherVersionSigned),
        ("UPDATE summary SET corrected_events = corrected_events + 1 WHERE kind = 2 AND period = 2021", FigureDiffers),
        ("DELETE FROM summary WHERE kind = 2 AND period = 2021", FigureDiffers),
    ],
)
def test_a_changed_book_is_not_signed(signed: Ledger, damage: str, error: type[Exception]) -> None:
    signed.run(damage)
    with pytest.raises(error):
        signed.sign()


def test_a_total_that_is_not_the_sum_of_its_postings_is_not_signed(signed: Ledger) -> None:
    signed.run("UPDATE summary SET corrected_events = corrected_events + 1")
    signed.grow(600, 700)
    with pytest.raises(FigureDiffers):
        signed.sign()
    with AuditFile(signed.audit) as file:
        assert file.size() == 1


def test_another_map_is_signed_when_it_is_meant(signed: Ledger) -> None:
    signed.run("UPDATE meta SET value = '9.9.9' WHERE name = 'industry_map'")
    found = sign(signed.path, signed.audit, [signed.signer], other_version=True)
    assert (found.number, found.statement.industry_map) == (1, "9.9.9")


def test_keys_rotate_and_keep_the_name(signed: Ledger, tmp_path: Path) -> None:
    old, new = signed.public, generate_key(tmp_path / "new", NAME)
    both = sign(signed.path, signed.audit, [private_key(tmp_path / "new"), signed.signer])
    for key in (old, new):
        assert opened_note(both.note.encode(), [key], "it").origin == NAME
    alone = sign(signed.path, signed.audit, [private_key(tmp_path / "new")])
    assert opened_note(alone.note.encode(), [new], "it") == opened_note(both.note.encode(), [old], "it")
    generate_key(tmp_path / "third", "elsewhere.example")
    with pytest.raises(OtherName):
        sign(signed.path, signed.audit, [private_key(tmp_path / "third")])


def test_nothing_is_signed_of_a_book_that_cannot_be_synced(signed: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    signed.grow(600, 700)

    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", fail)
        with pytest.raises(BookFault, match="the disk is broken"):
            signed.sign()
    with AuditFile(signed.audit) as file:
        assert file.size() == 1
    assert signed.sign().number == 1


def test_a_statement_that_was_not_signed_is_signed_next_time(signed: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash between statement and signature: the statement stays, and nothing was signed before it was durable."""
    signed.grow(600, 700)
    with monkeypatch.context() as patched:
        patched.setattr("ledger.proof.signing.Checkpoint", None)
        with pytest.raises(TypeError):
            signed.sign()
    with AuditFile(signed.audit) as file:
        assert file.size() == 2
        with pytest.raises(NoCheckpoint):
            file.signed()
    assert signed.sign().number == 1
    with AuditFile(signed.audit) as file:
        assert (file.size(), file.signed().number) == (2, 1)


@each_case(
    "damage",
    [
        "DELETE FROM note WHERE tree = '' AND size = 1",
        "UPDATE note SET size = 3 WHERE tree = '' AND size = 1",
        "DELETE FROM statement WHERE number = 1",
        "UPDATE statement SET entry = (SELECT entry FROM statement WHERE number = 0) WHERE number = 1",
        "UPDATE figure SET entry = x'00' WHERE kind = 2",
        "UPDATE figure SET sums = '[]' WHERE kind = 2",
        "UPDATE figure_tree SET roots = zeroblob(length(roots)) WHERE kind = 2",
        "DELETE FROM figure_tree WHERE kind = 2",
    ],
)
def test_nothing_is_signed_with_a_changed_file_of_checkpoints(twice: Ledger, damage: str) -> None:
    kept = twice.audit.read_bytes()
    with AuditFile(twice.audit, writable=True) as file:
        assert file.connection.execute(damage).rowcount > 0
        notes = file.notes()
    with pytest.raises((AuditFileDamaged, KeySignedOther)):
        twice.sign()
    with AuditFile(twice.audit) as file:
        assert file.notes() == notes
    twice.audit.write_bytes(kept)


@pytest.fixture
def twice(signed: Ledger) -> Ledger:
    """Return a ledger with two checkpoints, and more events since."""
    signed.grow(600, 700)
    signed.sign()
    signed.grow(700, 800)
    return signed


def test_a_damaged_file_of_checkpoints_is_refused(signed: Ledger) -> None:
    with AuditFile(signed.audit, writable=True) as file:
        file.connection.execute("UPDATE statement SET entry = x'00'")
    with pytest.raises(AuditFileDamaged):
        signed.sign()
    signed.audit.write_bytes(b"not SQLite at all" * 100)
    with pytest.raises(AuditFileDamaged):
        signed.sign()
    signed.audit.unlink()
    with pytest.raises(NoCheckpoint):
        AuditFile(signed.audit)


def test_without_a_book_there_is_no_file_of_checkpoints(tmp_path: Path) -> None:
    generate_key(tmp_path / "key", NAME)
    with pytest.raises(BookUnavailable):
        sign(tmp_path / "none.db", tmp_path / "none.db.audit", [private_key(tmp_path / "key")])
    assert not (tmp_path / "none.db.audit").exists()


def test_a_statement_about_too_many_partitions_is_refused(signed: Ledger) -> None:
    statement = signed.sign().statement
    part = statement.partitions[0]
    many = [PartitionHead(part.topic, number, *part[2:]) for number in range(1000)]
    with pytest.raises(StatementTooLong, match="1000 partitions"):
        _ = statement._replace(partitions=many).entry


def test_a_figure_is_named_in_words() -> None:
    assert FigureKey(2, 2023, 1).text.startswith("pledges 2023 ")


def _directory(parent: Path, name: str) -> Path:
    (parent / name).mkdir()
    return parent / name
