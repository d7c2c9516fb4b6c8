"""The fast look-up of the book's path agrees with the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.book_path import quick_book_path
from ledger.settings import Settings


@pytest.mark.parametrize(
    "given",
    [{}, {"LEDGER_BOOK": "a/b.db"}, {"ledger_book": "c.db"}, {"Ledger_Book": "/d.db"}, {"LEDGER_BOOK": ""}],
    ids=str,
)
def test_the_path_is_that_of_the_settings(
    given: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LEDGER_BOOK", raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert quick_book_path() == Settings().book


def test_a_file_env_may_set_the_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("LEDGER_BOOK=x.db", encoding="utf-8")
    assert quick_book_path() is None
