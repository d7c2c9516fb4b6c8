"""The table of faults in the docs and the tests that make them name the same faults."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "faults.md"


def test_every_fault_that_is_tried_has_its_row_in_the_docs() -> None:
    rows = re.findall(r"^\| (?!fault \|)(\S.*?) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert Counter(rows) == Counter(_tried())


def _tried() -> Iterator[str]:
    """The first line of the docstring of each test that uses the fixture `fault`."""
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and _takes_fault(node):
                yield (ast.get_docstring(node) or "").partition("\n")[0]


def _takes_fault(function: ast.FunctionDef) -> bool:
    return any(argument.arg == "fault" for argument in function.args.args)
