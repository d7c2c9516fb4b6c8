"""A file of checkpoints from elsewhere: it is read only if it has the tables of one, and sound pages."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pysqlite3 as sqlite3
import pytest

from ledger.audit.signed import first_checkpoint_difference
from ledger.book.book import Book
from ledger.proof.audit_file import AuditFile
from ledger.proof.errors import AuditFileDamaged
from tests.unit.ledger.book.test_soundness import multiply
from tests.unit.ledger.proof.conftest import Ledger

WITHOUT_END = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n)"
HOSTILE = {
    "view statement": f"""DROP TABLE statement;
      CREATE VIEW statement AS {WITHOUT_END} SELECT i AS number, zeroblob(1000) AS entry FROM n""",
    "trigger quiet": "CREATE TRIGGER quiet AFTER INSERT ON note BEGIN DELETE FROM note; END",
    "table loot": "CREATE TABLE loot (content BLOB)",
    "table tile": "DROP TABLE tile; CREATE TABLE tile (level, number, hashes AS (zeroblob(100000000)))",
}
"""A foreign object in the file -> SQL that makes it."""


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("writable", [False, True])
def test_other_tables_are_refused(signed: Ledger, what: str, writable: bool) -> None:
    with closing(sqlite3.connect(str(signed.audit))) as connection:
        connection.executescript(HOSTILE[what])
    with pytest.raises(AuditFileDamaged, match=f"its {what} does not belong there"):
        AuditFile(signed.audit, writable=writable)


def test_a_page_with_many_parents_is_a_difference_and_is_not_copied(tmp_path: Path, signed: Ledger) -> None:
    hostile = tmp_path / "hostile.audit"
    AuditFile(hostile, writable=True).connection.close()
    multiply(hostile, "note")
    with AuditFile(hostile) as file, pytest.raises(AuditFileDamaged, match="2nd reference to page"):
        file.copy_to(tmp_path / "copy")
    with Book(signed.path) as book:
        (difference,) = first_checkpoint_difference(book, hostile, tmp_path)
    assert "2nd reference to page" in str(difference.book)
    assert not (tmp_path / "copy").exists()
