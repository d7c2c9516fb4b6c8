"""CONTRIBUTING.md is true: a copy of the package follows its walk-throughs to the letter."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from textwrap import dedent

import pytest

from tests.books import compared
from tests.processes import PROGRAM, without_settings

ROOT = Path(__file__).parents[2]
MAKE_BOOK = """
import sys
from pathlib import Path
from tests.books import new_book, opened
from tests.events import money
from tests.posting import event_on, post

path = Path(sys.argv[1])
new_book(path, views=True)
with opened(path) as book:
    paid = [("2023-03-01", 3, "900.00"), ("2023-03-02", 4, "1200.50"), ("2023-06-01", 5, "1200.00")]
    for day, year, amount in paid:
        post(book, event_on("patent.fee_paid", f"CN{year % 2}B", day, fee_year=year, amount=money(amount)))
    post(book, event_on("patent.fee_paid", "CN2B", "2023-05-01", fee_year=3, amount=money("0.99")))
"""


class Clone:
    """A changed copy of `ledger` with unchanged copies of the other rooms."""

    def __init__(self, path: Path) -> None:
        self.path = path
        shutil.copytree(ROOT / "ledger", path / "ledger", ignore=shutil.ignore_patterns("__pycache__"))

    def book(self, name: str) -> Path:
        """Return the book that this program creates of a fixed log."""
        self._run(MAKE_BOOK, str(self.path / name))
        return self.path / name

    def ip_ledger(self, *words: str, book: Path) -> subprocess.CompletedProcess[str]:
        """Run the command on a book."""
        return self._run(PROGRAM, *words, LEDGER_BOOK=str(book))

    def _run(self, script: str, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = without_settings() | settings | {"PYTHONPATH": f"{self.path}:{ROOT}"}
        command = [sys.executable, "-c", script, *words]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=self.path, check=False)
        assert done.returncode == 0, done.stderr
        return done


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def block(walk: str, language: str) -> str:
    """Return the code of a language in a walk-through."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (section,) = re.findall(rf"^## {walk}$(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    (code,) = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", section, re.MULTILINE | re.DOTALL)
    return dedent(code[1])


@pytest.mark.slow
def test_a_view_is_two_files_and_no_replay(clone: Clone) -> None:
    before = clone.book("before.db")
    family = clone.path / "ledger/views/stock.py"
    source = family.read_text("utf-8")
    code = block("Add a view", "python")
    assert "\nVIEWS = (" in source
    family.write_text(source.replace("\nVIEWS = (", f"\n{code}\nVIEWS = (FEES_PAID, "), "utf-8")
    (clone.path / "ledger/views/sql/fees_paid.sql").write_text(block("Add a view", "sql"), "utf-8")

    listed = json.loads(clone.ip_ledger("views", "--json", book=before).stdout)["views"]
    assert ["fee_year", "currency", "fees", "amount", "amount_minor"] in [
        [column["name"] for column in view["columns"]] for view in listed if view["name"] == "fees_paid"
    ]
    answer = clone.ip_ledger("view", "fees_paid", "--as-of", "2023-05-31", "--json", book=before)
    assert [tuple(row.values()) for row in json.loads(answer.stdout)["rows"]] == [
        (3, "CNY", 2, "900.99", 90099),
        (4, "CNY", 1, "1200.50", 120050),
    ]

    after = clone.book("after.db")
    assert compared(before, after)[2] == []
    with closing(sqlite3.connect(after)) as client:
        in_sql = client.execute("SELECT fee_year, fees FROM fees_paid_recorded").fetchall()
    assert in_sql == [(3, 2), (4, 1), (5, 1)]


@pytest.mark.slow
def test_an_output_format_is_one_file(clone: Clone) -> None:
    (clone.path / "ledger/commands/formats/ndjson.py").write_text(block("Add an output format", "python"), "utf-8")
    book = clone.book("book.db")
    for command in (["totals"], ["view"], ["rejections", "list"], ["compare"], ["reconcile"]):
        assert "--ndjson" in clone.ip_ledger(*command, "--help", book=book).stdout
    rows = json.loads(clone.ip_ledger("view", "journal", "--json", book=book).stdout)["rows"]
    printed = clone.ip_ledger("view", "journal", "--ndjson", book=book)
    assert [json.loads(line) for line in printed.stdout.splitlines()] == rows
    assert len(rows) == 4
    assert printed.stderr.startswith("position: 4 offsets; ")
