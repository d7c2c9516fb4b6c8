"""The commands `fields`, `map` and `compare-maps`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ledger.commands import app
from ledger.commands.context import BadMap, settings
from schemas.ipc import ipc_symbol
from tests.books import new_book, opened
from tests.events import granted
from tests.maps import ROBOTS
from tests.posting import post

EXAMPLES = Path(__file__).parents[4] / "examples" / "classifications"
ROBOT, AI, VISION = (ipc_symbol(text) for text in ("B25J 9/16", "G06N 3/08", "G06V 10/82"))

Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    path = tmp_path / "book.db"
    new_book(path)
    with opened(path) as book:
        post(
            book,
            granted("g1", "US9000001B2", ipc=[ROBOT, AI]),
            granted("g2", "US9000002B2", ipc=[AI, ROBOT, VISION]),
            granted("g3", "US9000003B2", ipc=[VISION]),
            granted("g4", "US9000004S1", ipc=[], right="design"),
        )
    monkeypatch.setenv("LEDGER_BOOK", str(path))
    monkeypatch.setenv("COLUMNS", "120")
    settings.cache_clear()
    yield lambda *words: CliRunner().invoke(app, list(words))
    settings.cache_clear()


@pytest.fixture
def robots(tmp_path: Path) -> str:
    """Return the path of an industry map in which robots are AI."""
    path = tmp_path / "robots.csv"
    path.write_text(ROBOTS, "utf-8")
    return str(path)


def test_patents_are_counted_by_field_and_the_answer_says_how(run: Run) -> None:
    found = run("fields", "--table")
    assert found.exit_code == 0, found.output
    assert (
        "grants by wipo35 2019.7.10+b06ef1a846ee, whole: each patent once, in the class of its first symbol"
        in found.output
    )
    assert ["6", "Electrical", "engineering", "Computer", "technology", "2023", "1"] in [
        line.split() for line in found.output.splitlines()
    ]
    assert "symbols without a class: 1: G06V 10/82" in found.output


def test_fractional_counts_are_decimals_next_to_exact_fractions(run: Run) -> None:
    found = json.loads(run("fields", "--symbols", "parts", "--by", "field", "--json").stdout)
    assert found["count"] == "fractional: each of n symbols has 1/n of a patent"
    assert [(row["field"], row["patents"], row["exact"]) for row in found["rows"]] == [
        ("6", "0.833333", "5/6"),
        ("25", "0.833333", "5/6"),
        (None, "1.333333", "4/3"),
        (None, "1.000000", "1"),
    ]


def test_a_map_is_a_file(run: Run) -> None:
    found = json.loads(run("fields", "--map", str(EXAMPLES / "gbt4754.csv"), "--by", "field", "--json").stdout)
    assert [(row["field"], row["group"], row["name_zh"], row["patents"]) for row in found["rows"]] == [
        ("C39", "C", "计算机、通信和其他电子设备制造业", 2),
        ("I65", "I", "软件和信息技术服务业", 2),
        (None, None, "", 1),
        (None, None, "", 1),
    ]
    assert found["classification"].startswith("gbt4754 0.1.0+")


def test_a_map_is_checked_and_listed(run: Run, tmp_path: Path) -> None:
    listed = json.loads(run("map", "wipo35", "--json").stdout)
    assert (len(listed["rows"]), sum(row["prefixes"] for row in listed["rows"])) == (35, 764)
    assert json.loads(run("map", "book", "--json").stdout)["classification"] == "industries 1.0.0"
    shown = run("map", str(EXAMPLES / "strategic-industries.csv"), "--table")
    assert "Strategic emerging industries (a small example of the format; not an official table)" in shown.output
    bad = tmp_path / "bad.csv"
    bad.write_text("# classification: demo\n# version: 1.0.0\nprefix,class\nG06N,AI\nG06N,AI\n", "utf-8")
    refused = run("map", str(bad))
    assert isinstance(refused.exception, BadMap)
    assert "line 5: its prefix is there already, in this class" in str(refused.exception)
    assert isinstance(run("fields", "--map", str(bad)).exception, BadMap)


def test_the_counts_that_would_differ_under_another_map(run: Run, robots: str) -> None:
    found = run("compare-maps", "book", robots, "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["rows"] == [
        {"field": "AI", "year": 2023, "a_patents": 2, "b_patents": 3, "difference": 1},
        {"field": "ADVMFG", "year": 2023, "a_patents": 1, "b_patents": 0, "difference": -1},
    ]
    moved = run("compare-maps", "book", robots, "--moves", "--json")
    assert json.loads(moved.stdout)["rows"] == [{"a_field": "ADVMFG", "b_field": "AI", "year": 2023, "patents": 1}]
    same = run("compare-maps", "book", "book")
    assert same.exit_code == 0
    assert "nothing differs" in run("compare-maps", "wipo35", "wipo35", "--table").output


def test_classes_of_two_schemes_are_crossed(run: Run) -> None:
    found = run("compare-maps", "wipo35", str(EXAMPLES / "strategic-industries.csv"), "--moves", "--json")
    assert [tuple(row.values()) for row in json.loads(found.stdout)["rows"]] == [
        ("6", "1.5", 2023, 1),
        ("25", "2.1", 2023, 1),
        (None, "1.5", 2023, 1),
    ]


def test_amounts_of_pledges_are_summed_by_field(run: Run) -> None:
    found = run("pledge-amounts", "--json")
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["rows"] == []
    assert "pledges registered by industries" in run("pledge-amounts", "--map", "book", "--table").output
