"""Crashes of the signer, at every statement that it sends to SQLite: no signed head is ever inconsistent with a later
one, and the next checkpoint is made as if nothing had happened."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ledger.merkle.hashes import is_consistent
from ledger.merkle.tree import Head
from ledger.proof.audit_file import MASTER, AuditFile
from ledger.proof.export import export
from ledger.proof.memory import memory_path
from ledger.proof.note import opened_note
from ledger.proof.published import Published
from ledger.proof.witness import witness
from tests.acceptance.fault import Fault
from tests.effort import EFFORT
from tests.unit.ledger.proof.conftest import Ledger

KILLED = 9
MOST = 10_000
STEP = round(3 / EFFORT)
"""Each third statement with EFFORT=1."""


def sign_and_die(ledger: Ledger, statements: int) -> bool:
    """Sign in a process that dies before its n-th statement to the file of checkpoints. Return whether it died."""
    child = os.fork()
    if child == 0:
        try:
            left = [statements]
            opened_before = AuditFile.__init__

            def initialised(file: AuditFile, path: Path, *, writable: bool = False) -> None:
                opened_before(file, path, writable=writable)
                file.connection.set_trace_callback(lambda sql: count())

            def count() -> None:
                left[0] -= 1
                if left[0] < 0:
                    os._exit(KILLED)

            setattr(AuditFile, "__init__", initialised)  # noqa: B010 - in this process alone
            ledger.sign()
            os._exit(0)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, KILLED), code
    return code == KILLED


def heads_of(ledger: Ledger) -> list[Head]:
    """Return all heads of the master log that were signed."""
    with AuditFile(ledger.audit) as file:
        notes = [note for tree, _, note in file.notes() if tree == MASTER]
    return sorted(opened_note(note.encode(), [ledger.public], "it").head for note in notes)


@pytest.mark.slow
def test_a_signer_may_die_at_any_statement(signed: Ledger, tmp_path: Path, fault: Fault) -> None:
    """The signer of checkpoints killed before any of its statements to SQLite"""
    signed.grow(600, 640)
    files = (signed.path, signed.audit, memory_path(signed.key))
    before = {file: tmp_path / f"{file.name}.before" for file in files}
    for file, copy in before.items():
        shutil.copy(file, copy)
    assert not sign_and_die(signed, MOST)
    whole = heads_of(signed)
    died = 0
    for statements in range(0, MOST, STEP):
        for file, copy in before.items():
            shutil.copy(copy, file)
            for other in tmp_path.glob(f"{file.name}-*"):
                other.unlink()
        if not sign_and_die(signed, statements):
            break
        died += 1
        heads = heads_of(signed)
        assert heads == whole[: len(heads)]
        signed.sign()
        assert heads_of(signed) == whole
    assert died > 60 / STEP
    with AuditFile(signed.audit) as kept:
        assert is_consistent(*whole[0], *whole[1], kept.tree().consistency(whole[0].size))
    export(signed.path, signed.audit, tmp_path / "export")
    witnessed = witness(Published(str(tmp_path / "export")), [signed.public], tmp_path / "seen", None)
    assert witnessed.checkpoint.head == whole[1]
    fault.ended(
        "no signed head is inconsistent with a later one; the next checkpoint is as if nothing had happened", died
    )
