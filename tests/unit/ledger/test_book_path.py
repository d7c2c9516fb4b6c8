"""The fast look-up of the book's path agrees with the settings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ledger.book_path import default_broker_dir, only_book_is_set, quick_book_path
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


@pytest.mark.parametrize(
    ("given", "only"),
    [({"LEDGER_BOOK": "c.db"}, True), ({"Ledger_Brokers": "a:1"}, False), ({"LEDGER_BROKER_DIR": "x"}, False)],
    ids=str,
)
def test_other_settings_are_noticed(
    given: dict[str, str], only: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.upper().startswith("LEDGER_")]:
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert only_book_is_set() is only
    defaults = not Settings().brokers and Settings().broker_dir == default_broker_dir()
    assert defaults is only
    Path(".env").touch()
    assert not only_book_is_set()
