"""The table of faults in the docs and the tests of faults name the same faults."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "faults.md"


@pytest.mark.slow
def test_every_tested_fault_has_a_row_in_the_docs() -> None:
    rows = re.findall(r"^\| (?!fault \|)(\S.*?) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert Counter(rows) == Counter(_tried())


def _tried() -> Iterator[str]:
    """Yield the first line of the docstring of each test that uses the fixture `fault`, or of each function over which
    it is parametrized."""
    for file in sorted(TESTS.rglob("test_*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        lists = {node.targets[0]: node.value for node in tree.body if isinstance(node, ast.Assign)}
        named = {target.id: value for target, value in lists.items() if isinstance(target, ast.Name)}
        for name, node in functions.items():
            if name.startswith("test_") and _takes_fault(node):
                over = [functions[n] for n in _names(node.decorator_list, named) if n in functions]
                yield from ((ast.get_docstring(one) or "").partition("\n")[0] for one in over or [node])


def _names(nodes: Iterable[ast.AST], lists: dict[str, ast.expr]) -> Iterator[str]:
    """Yield the names in these expressions and in the lists that they name."""
    for name in (part.id for node in nodes for part in ast.walk(node) if isinstance(part, ast.Name)):
        yield name
        if name in lists:
            yield from _names([lists[name]], {})


def _takes_fault(function: ast.FunctionDef) -> bool:
    return any(argument.arg == "fault" for argument in function.args.args)
