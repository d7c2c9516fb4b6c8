"""Tamperings with book, file of checkpoints and export, each with the command that notices it; and those that only
`verify` notices, as docs/auditors.md says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ledger.audit.signed import first_checkpoint_difference, first_leaf_difference
from ledger.book.book import Book
from ledger.merkle.hashes import leaf_hash
from ledger.proof.audit_file import AuditFile
from ledger.proof.export import export
from ledger.proof.moments import moment_of
from ledger.proof.pack import record_proof
from ledger.proof.published import Published
from ledger.proof.witness import witness
from schemas.errors import LedgerError
from tests.acceptance.fault import Fault
from tests.books import opened
from tests.each_case import each_case
from tests.events import TOPIC_PARTITIONS
from tests.unit.ledger.proof.conftest import Ledger, largest

pytestmark = pytest.mark.slow

Command = Callable[[Ledger], object]
KIND = "kind = 2"
OLD = 'topic = 2 AND partition = 1 AND "offset" = (SELECT min("offset") FROM record WHERE topic = 2 AND partition = 1)'


def check(ledger: Ledger) -> None:
    """Compare the book with itself and with the file of checkpoints, as `verify` does: raise the first difference."""
    with Book(ledger.path) as book, TemporaryDirectory() as directory:
        found = first_leaf_difference(book, TOPIC_PARTITIONS)
        found += first_checkpoint_difference(book, ledger.audit, Path(directory), [ledger.public])
    if found:
        raise LedgerError


def publish(ledger: Ledger) -> Path:
    """Export, and let a witness look at all of it."""
    directory = ledger.path.with_name("export")
    shutil.rmtree(directory, ignore_errors=True)
    export(ledger.path, ledger.audit, directory)
    witness(Published(str(directory)), [ledger.public], ledger.path.with_name("seen"), None, every=True)
    return directory


def sign(ledger: Ledger) -> None:
    """Make a checkpoint."""
    ledger.sign()


def prove(ledger: Ledger) -> None:
    """Prove a figure."""
    ledger.prove(largest(ledger))


def prove_record(ledger: Ledger) -> None:
    """Prove the first record of a partition."""
    topic_partition = ("ip.patent.v1", 1)
    record_proof(ledger.path, ledger.audit, topic_partition, min(ledger.log[topic_partition]))


def ask(ledger: Ledger) -> None:
    """Look up the position of the first checkpoint."""
    moment_of(ledger.path, "checkpoint:1")


IN_THE_BOOK: list[tuple[str, list[Command]]] = [
    (f"UPDATE record SET timestamp = timestamp + 1 WHERE {OLD}", [sign, check, publish, prove_record]),
    (f"UPDATE record SET hash = zeroblob(32) WHERE {OLD}", [sign, check, publish, prove_record]),
    (f"UPDATE record SET outcome = 4 WHERE {OLD}", [sign, check, publish, prove_record]),
    (f"UPDATE record SET subject = 'other' WHERE {OLD}", [sign, check, publish, prove_record]),
    (f"DELETE FROM record WHERE {OLD}", [sign, check, publish, prove_record]),
    ("UPDATE tile SET hashes = zeroblob(length(hashes)) WHERE topic = 2", [sign, check, publish, prove_record]),
    ("DELETE FROM tile WHERE topic = 2 AND partition = 1", [sign, check, publish, prove_record]),
    ("UPDATE position SET leaves = leaves - 1 WHERE topic = 2 AND partition = 1", [sign, check, publish]),
    ("UPDATE position SET leaves = leaves + 1 WHERE topic = 2 AND partition = 1", [sign, check]),
    ("UPDATE position SET next = next - 1 WHERE topic = 2 AND partition = 1", [sign]),
    ("UPDATE position SET next = next + 1 WHERE topic = 2 AND partition = 1", [sign]),
    ("UPDATE position SET accepted = accepted + 1 WHERE topic = 2 AND partition = 1", [sign]),
    (f"UPDATE posting SET low = low + 1 WHERE {KIND}", [check, prove]),
    (f"UPDATE posting SET date = date + 1 WHERE {KIND}", [check, prove]),
    (f"DELETE FROM posting WHERE {KIND}", [check, prove]),
    (f"UPDATE total SET corrected_events = corrected_events + 1 WHERE {KIND}", [sign]),
    (f"DELETE FROM total WHERE {KIND}", [sign]),
    (f"UPDATE summary SET recorded_low = recorded_low + 1 WHERE {KIND} AND period < 10000", [sign]),
    (f"UPDATE total SET year = year + 100 WHERE {KIND}", [sign]),
    ("UPDATE meta SET value = 'x' WHERE name = 'cluster_id'", [sign]),
    ("UPDATE meta SET value = 'x' WHERE name LIKE 'topic_id:%'", [sign]),
    ("UPDATE meta SET value = '9.9.9' WHERE name = 'industry_map'", [sign]),
]
ONLY_BY_VERIFY = [
    "UPDATE record SET facts = NULL WHERE type % 10 = 0",
    "UPDATE record SET type = type + 1",
    "UPDATE pledge SET registration_no = 'x'",
    "UPDATE stock SET corrected_events = corrected_events + 1",
    "UPDATE summary SET corrected_events = corrected_events + 1 WHERE period > 9999",
    "UPDATE industry_rule SET industry = 2",
]
"""Noticed by the comparison with the log alone."""
IN_THE_CHECKPOINTS: list[tuple[str, list[Command]]] = [
    ("UPDATE statement SET entry = CAST(entry || x'0a' AS BLOB) WHERE number = 0", [check, publish, ask]),
    ("UPDATE statement SET entry = CAST(entry || x'0a' AS BLOB) WHERE number = 1", [sign, check, publish, prove]),
    ("DELETE FROM statement WHERE number = 0", [check, publish, ask]),
    ("DELETE FROM statement WHERE number = 1", [sign, check]),
    ("UPDATE tile SET hashes = zeroblob(length(hashes))", [sign, check, publish, prove, ask]),
    ("DELETE FROM tile", [sign, check, publish, prove, ask]),
    ("UPDATE figure SET entry = x'00'", [sign, check, publish, prove]),
    (f"DELETE FROM figure WHERE {KIND}", [sign, check, publish]),
    (f"UPDATE figure SET sums = '[]' WHERE {KIND}", [sign, check]),
    (f"UPDATE figure_tree SET roots = zeroblob(length(roots)) WHERE {KIND}", [check]),
    ("DELETE FROM note WHERE tree = '' AND size = 1", [sign, check]),
    ("DELETE FROM note WHERE tree = '' AND size = 2", [check, publish, prove]),
    ("DELETE FROM note WHERE tree LIKE '%/ip.patent.v1/1'", [check, publish]),
    ("UPDATE note SET note = replace(note, 'ledger.', 'other.')", [check, publish]),
    ("UPDATE note SET note = (SELECT note FROM note WHERE tree = '' AND size = 1) WHERE tree = ''", [check, prove]),
    ("UPDATE note SET note = replace(note, '— ', '— x')", [check, publish]),
]


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """Return a ledger with two checkpoints."""
    ledger = Ledger(tmp_path_factory.mktemp("twice") / "book.db")
    ledger.grow(0, 400)
    ledger.sign()
    ledger.grow(400, 500)
    ledger.sign()
    for command in (sign, check, publish, prove, prove_record, ask):
        command(ledger)
    return ledger


def notices(ledger: Ledger, commands: list[Command]) -> None:
    """Require that each command refuses the ledger."""
    assert [command.__name__ for command in commands if not refuses(command, ledger)] == []


def refuses(command: Command, ledger: Ledger) -> bool:
    """Return whether a command ends with an error."""
    try:
        command(ledger)
    except LedgerError:
        return True
    return False


@pytest.fixture
def files(twice: Ledger) -> dict[Path, bytes]:
    """Return the content of the files of the ledger, as it is after the first test, too."""
    return {twice.path.with_name(name): content for name, content in _content(twice.path.parent).items()}


@cache
def _content(directory: Path) -> dict[str, bytes]:
    return {name: (directory / name).read_bytes() for name in ("book.db", "book.db.audit", "key.signed")}


def tamper(ledger: Ledger, change: str) -> None:
    """Change the book, also against its constraints."""
    with opened(ledger.path) as book:
        book.connection.execute("PRAGMA ignore_check_constraints = ON")
        assert book.connection.execute(change).rowcount > 0, change


def restore(files: dict[Path, bytes]) -> None:
    """Write the content of files, and delete what SQLite keeps next to them."""
    for file, content in files.items():
        for other in file.parent.glob(f"{file.name}-*"):
            other.unlink()
        file.write_bytes(content)


@each_case(("change", "commands"), IN_THE_BOOK)
def test_a_changed_book_is_noticed(
    twice: Ledger, files: dict[Path, bytes], fault: Fault, change: str, commands: list[Command]
) -> None:
    """Book, trees, totals, statements, figures and heads changed by hand"""
    restore(files)
    tamper(twice, change)
    notices(twice, commands)
    fault.ended("refused by the commands that compare it", len(IN_THE_BOOK))


@each_case("change", ONLY_BY_VERIFY)
def test_what_follows_from_the_log_alone_is_left_to_verify(
    twice: Ledger, files: dict[Path, bytes], change: str
) -> None:
    restore(files)
    tamper(twice, change)
    sign(twice)
    check(twice)


@each_case(("change", "commands"), IN_THE_CHECKPOINTS)
def test_a_changed_file_of_checkpoints_is_noticed(
    twice: Ledger, files: dict[Path, bytes], change: str, commands: list[Command]
) -> None:
    restore(files)
    with AuditFile(twice.audit, writable=True) as file:
        assert file.connection.execute(change).rowcount > 0, change
    notices(twice, commands)


def test_a_statement_that_was_replaced_with_its_tree_is_noticed(twice: Ledger, files: dict[Path, bytes]) -> None:
    restore(files)
    with AuditFile(twice.audit, writable=True) as file:
        entries = file.entries(0, 2)
        entries[1] += b"\n"
        file.connection.execute("UPDATE statement SET entry = ? WHERE number = 1", (entries[1],))
        file.connection.execute("UPDATE tile SET hashes = ?", (b"".join(map(leaf_hash, entries)),))
    notices(twice, [sign, check, publish, prove])
