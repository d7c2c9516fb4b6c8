"""Logs: one line per event, JSON without a terminal, and a library's repetitions only once."""

from __future__ import annotations

import ast
import json
import logging
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from ledger import logs

LOGGING = re.compile(r"(?:self\._)?(?:log|structlog\.get_logger\(\))\.(?:info|warning|error|log)|self\._warn")
"""A call that logs an event; `streams` uses Python's own logging, as a library does."""


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    structlog.reset_defaults()
    logging.captureWarnings(False)
    root.handlers = handlers
    root.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == "", "data goes to stdout, logs do not"
    return [json.loads(line) for line in captured.err.splitlines()]


def test_an_event_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger().info("book made", book="账本.db\nsecond line")
    (line,) = lines(capsys)
    assert (line["event"], line["book"], line["level"]) == ("book made", "账本.db\nsecond line", "info")


@pytest.mark.parametrize("terminal", [True, False])
def test_text_of_others_does_not_control_the_terminal(
    terminal: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: terminal)
    logs.configure()
    structlog.get_logger().info("book made", book="\u202e\x9b2J\udcff", path=Path("\x1b]0;x\x07"), number=7)
    logging.getLogger("a.library").warning("\x9b2J \u202e")
    printed = capsys.readouterr().err
    assert r"\u202e\u009b2J\udcff" in printed
    assert r"\u001b]0;x\u0007" in printed
    assert not re.search("[\x80-\x9f\u202e\udcff]", printed)
    assert printed.replace("\x1b[", "").isprintable() or not re.search("\x1b[^[]", printed), "colours alone"


def test_repetitions_of_a_library_are_logged_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    for node in range(1000):
        logging.getLogger("a.library").error("no node %s\nand a long trace", node)
    logging.getLogger("a.library").error("something else")
    assert [line["message"] for line in lines(capsys)] == ["no node 0", "something else"]


def test_a_library_is_logged_again_after_a_while(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.configure()
    for moment in (1000.0, 1000.0 + logs.QUIET_SECONDS):
        monkeypatch.setattr("ledger.logs.time.monotonic", lambda moment=moment: moment)
        for _ in range(3):
            logging.getLogger("a.library").warning("still away")
    first, again = lines(capsys)
    assert "repeated" not in first
    assert again["repeated"] == 2, "suppressed lines are counted"


def test_info_of_libraries_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logging.getLogger("a.library").info("joined")
    assert lines(capsys) == []


def test_an_error_keeps_its_level_and_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    try:
        raise OSError("no route")
    except OSError:
        logging.getLogger("somebody.nobody.knows").exception("connection lost")
    (line,) = lines(capsys)
    assert {name: line[name] for name in ("event", "level", "name", "message", "error")} == {
        "event": "library",
        "level": "error",
        "name": "somebody.nobody.knows",
        "message": "connection lost",
        "error": "OSError('no route')",
    }


def test_a_warning_of_python_is_a_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("old ways", UserWarning, stacklevel=1)
    assert "old ways" in lines(capsys)[0]["message"]


def test_every_event_is_described() -> None:
    """docs/operators.md lists each of our events with its level."""
    root = Path(__file__).parents[3]
    page = (root / "docs" / "operators.md").read_text("utf-8")
    logged: set[str] = set()
    for file in (root / "ledger").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and LOGGING.fullmatch(ast.unparse(node.func)):
                logged |= {_pattern(word) for word in node.args if isinstance(word, ast.Constant | ast.JoinedStr)}
    described = re.findall(r"^\| `([a-z ]+)` \| (?:info|warning|error)\b", page, re.MULTILINE)
    assert [pattern for pattern in logged if not any(re.fullmatch(pattern, event) for event in described)] == []
    assert [event for event in described if not any(re.fullmatch(pattern, event) for pattern in logged)] == []


def _pattern(word: ast.Constant | ast.JoinedStr) -> str:
    """Return the pattern of an event; in `f"{what} stopped"`, `what` is a word."""
    if isinstance(word, ast.Constant):
        return re.escape(str(word.value))
    return "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z]+" for part in word.values)
