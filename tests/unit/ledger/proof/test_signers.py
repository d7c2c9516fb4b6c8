"""Two signers at once: they take turns, and no two heads of a log contradict each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.audit.signed import first_checkpoint_difference
from ledger.book.book import Book
from ledger.proof.audit_file import MASTER, AuditFile
from ledger.proof.errors import ExportDiffers, KeySignedOther, NotExported
from ledger.proof.export import export
from ledger.proof.keys import private_key
from ledger.proof.memory import memory_path
from ledger.proof.note import Signer, opened_note, parsed
from ledger.proof.published import Published
from ledger.proof.signing import sign
from ledger.proof.witness import witness
from tests.acceptance.fault import Fault
from tests.unit.ledger.proof.conftest import NAME, Ledger

pytestmark = pytest.mark.slow


class Interrupted(Signer):
    """A key with which something happens before its first signature."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__(NAME, Ed25519PrivateKey.from_private_bytes(bytes(32)))
        self._happens = [happens]

    def line(self, text: str, seconds: int = 0) -> str:
        """Return the signature line of a text."""
        while self._happens:
            self._happens.pop()()
        return super().line(text, seconds)


def require_consistent(ledger: Ledger, directory: Path) -> None:
    """Require that each statement has its heads, and that all heads are those of one log."""
    with Book(ledger.path) as book:
        assert first_checkpoint_difference(book, ledger.audit, directory) == []
    with AuditFile(ledger.audit) as file:
        assert file.unsigned() == []
        for name, size, note in file.notes():
            if name == MASTER:
                assert parsed(note.encode(), name).head == (size, file.tree().root(size))


def test_a_signer_who_is_overtaken_signs_its_own_statement(signed: Ledger, tmp_path: Path) -> None:
    signed.grow(600, 700)

    def overtake() -> None:
        signed.grow(700, 800)
        assert signed.sign().number == 2

    slow = Interrupted(overtake)
    found = sign(signed.path, signed.audit, [slow])
    assert found.number == 1
    assert opened_note(found.note.encode(), [slow.verifier], "it").head.size == 2
    require_consistent(signed, tmp_path)
    assert signed.sign().number == 2


def test_signers_at_once_take_turns(signed: Ledger, tmp_path: Path, fault: Fault) -> None:
    """Signers at once, with one file of checkpoints and one key"""
    with ThreadPoolExecutor(4) as threads:
        for start in range(600, 900, 100):
            signed.grow(start, start + 100)
            numbers = {one.result().number for one in [threads.submit(signed.sign) for _ in range(4)]}
            assert len(numbers) == 1, "nobody states the same twice"
    require_consistent(signed, tmp_path)
    with AuditFile(signed.audit) as file:
        assert file.size() == 4
    fault.ended("they take turns; no two heads contradict each other", 3)


def test_a_key_refuses_an_older_and_another_file_of_checkpoints(signed: Ledger, tmp_path: Path) -> None:
    older = signed.audit.read_bytes()
    signed.grow(600, 700)
    note = signed.sign().note
    assert memory_path(signed.key).read_text() == note
    with pytest.raises(KeySignedOther, match="only 0 statements"):
        sign(signed.path, tmp_path / "another.audit", [signed.signer])
    signed.audit.write_bytes(older)
    with pytest.raises(KeySignedOther, match="only 1 statements"):
        signed.sign()
    memory_path(signed.key).write_text("x")
    with pytest.raises(Exception, match=r"key.signed is not a valid checkpoint"):
        signed.sign()


def test_what_a_crash_left_is_signed_before_the_next_statement(
    signed: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed.grow(600, 700)
    with monkeypatch.context() as patched:
        patched.setattr("ledger.proof.signing.remember", None)
        with pytest.raises(TypeError):
            signed.sign()
    with AuditFile(signed.audit) as file:
        assert file.unsigned() == [1]
        assert file.left_unsigned() == 1
    with Book(signed.path) as book, TemporaryDirectory() as directory:
        assert first_checkpoint_difference(book, signed.audit, Path(directory)) == []
    signed.grow(700, 800)
    assert signed.sign().number == 2
    require_consistent(signed, tmp_path)


def test_two_exports_at_once_publish_one_log(signed: Ledger, tmp_path: Path) -> None:
    (tmp_path / "machine").mkdir()
    other = Ledger(tmp_path / "machine" / "book.db")
    other.key.write_bytes(signed.key.read_bytes())
    other.grow(300, 900)
    sign(other.path, other.audit, [private_key(other.key)])
    directory = tmp_path / "public"
    with ThreadPoolExecutor(2) as threads:
        done = [threads.submit(export, one.path, one.audit, directory) for one in (signed, other)]
        failed = [error for one in done if (error := one.exception())]
    assert [type(error) for error in failed] == [ExportDiffers]
    witness(Published(str(directory)), [signed.public], tmp_path / "seen", None, every=True)
    with pytest.raises(NotExported):
        export(signed.path, signed.audit, signed.path)
