"""An unprovable figure is named, and a changed book or file of checkpoints makes no pack."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.book.errors import BookDamaged
from ledger.proof.audit_file import AuditFile
from ledger.proof.errors import (
    AuditFileDamaged,
    BytesGone,
    FigureRewritten,
    HistoryRewritten,
    NoCheckpoint,
    NothingToProve,
)
from ledger.proof.figure import figure_key
from ledger.proof.pack import record_proof
from schemas.errors import LedgerError
from streams.batch import Record
from tests.unit.ledger.proof.conftest import Ledger, largest


def test_what_cannot_be_proven_is_named(signed: Ledger, tmp_path: Path) -> None:
    with pytest.raises(NothingToProve, match="pledges 1950 AI"):
        signed.prove(figure_key("pledges", 1950, "AI"))
    with pytest.raises(BytesGone):
        signed.prove(largest(signed), lambda topic_partition, offsets: [])
    with pytest.raises(BytesGone):
        signed.prove(largest(signed), lambda p, o: [Record(one, 0, b"", b"") for one in o])
    with pytest.raises(NoCheckpoint):
        signed.prove(largest(signed), audit=tmp_path / "none")


@pytest.mark.parametrize(
    ("change", "refusal", "words"),
    [
        ("UPDATE tile SET hashes = zeroblob(length(hashes))", HistoryRewritten, "and [0-9a-f]{64} was signed"),
        ("DELETE FROM tile", HistoryRewritten, "tile 0 of level 0 has no hash"),
        ("UPDATE record SET outcome = 2", BookDamaged, "does not have the record that the journal has at"),
        ("UPDATE posting SET low = low + 1", FigureRewritten, "are not those that were signed"),
        ("DELETE FROM posting", FigureRewritten, "are not those that were signed"),
    ],
)
def test_a_changed_book_proves_nothing(signed: Ledger, change: str, refusal: type[LedgerError], words: str) -> None:
    key = largest(signed)
    signed.run(change)
    with pytest.raises(refusal, match=words):
        signed.prove(key)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE figure SET entry = x'00' WHERE kind != 2", "its figures are not those of the last statement"),
        ("DELETE FROM figure WHERE kind != 2", "its figures are not those of the last statement"),
        ("UPDATE tile SET hashes = zeroblob(length(hashes))", "statement 0 is not the one in its tree"),
        ("DELETE FROM tile", "statement 0 is not the one in its tree"),
    ],
)
def test_a_changed_file_of_checkpoints_proves_nothing(signed: Ledger, change: str, words: str) -> None:
    key = largest(signed)
    with AuditFile(signed.audit, writable=True) as file:
        file.connection.execute(change)
    with pytest.raises(AuditFileDamaged, match=words):
        signed.prove(key)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [("UPDATE record SET timestamp = 1", BookDamaged), ("DELETE FROM tile", HistoryRewritten)],
)
def test_a_changed_book_proves_no_record(signed: Ledger, change: str, refusal: type[LedgerError]) -> None:
    topic_partition, records = next(
        (topic_partition, records) for topic_partition, records in signed.log.items() if records
    )
    signed.run(change)
    with pytest.raises(refusal):
        record_proof(signed.path, signed.audit, topic_partition, min(records))
