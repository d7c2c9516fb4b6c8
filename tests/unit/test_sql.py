"""SQL as code: a long statement is a file with a comment, and a view reads it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ledger.views import VIEWS
from ledger.views.rules import GIVEN
from tests.each_case import each_case

LEDGER = Path(__file__).parents[2] / "ledger"
FILES = sorted(LEDGER.rglob("*.sql"))
VIEW_FILES = {file.stem: file for file in LEDGER.joinpath("views", "sql").iterdir()}
LONGEST_FILE, LONGEST_IN_PYTHON = 80, 15
TABLES = ("schema.sql", "entities.sql")
"""The definitions of all tables: two files, each table with its comment."""


@each_case("file", FILES)
def test_a_file_of_sql_begins_with_a_comment(file: Path) -> None:
    assert re.match(r"-- [A-Z]\w*", file.read_text("utf-8")), "a comment, which says what a row is"


@each_case("file", [file for file in FILES if file.name not in TABLES])
def test_a_statement_fits_on_a_page(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= LONGEST_FILE


def test_each_file_is_read_by_a_view() -> None:
    used = {name for view in VIEWS.values() for name in (view.name, *view.uses)}
    narrowed = {file for view in VIEWS.values() for files in view.narrowed.values() for file in files.values()}
    assert sorted(VIEW_FILES) == sorted(used.union(narrowed, GIVEN.values()))


def test_long_sql_is_not_in_python() -> None:
    assert [*_long_statements()] == []


def _long_statements() -> Iterator[tuple[str, str]]:
    """Yield (Python file, name at its top level) of each string with a long SELECT."""
    for file in sorted(LEDGER.rglob("*.py")):
        for node in ast.parse(file.read_text("utf-8")).body:
            if any(_lines_of_sql(part) > LONGEST_IN_PYTHON for part in ast.walk(node)):
                yield str(file.relative_to(LEDGER)), _name(node)


def _lines_of_sql(node: ast.AST) -> int:
    if isinstance(node, ast.JoinedStr):
        texts = [part.value for part in node.values if isinstance(part, ast.Constant)]
    else:
        texts = [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
    text = "".join(map(str, texts))
    return text.count("\n") + 1 if re.search(r"\bSELECT\b", text) else 0


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return ast.unparse(target)
    return str(getattr(node, "name", "(text)"))
