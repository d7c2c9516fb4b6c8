"""Logs: one line a fact, JSON where nobody watches, and what a library repeats is said once."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from ledger import logs


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in logs.LIBRARIES]
    kept = [(logger.handlers, logger.propagate, logger.level) for logger in loggers]
    yield
    structlog.reset_defaults()
    for logger, (handlers, propagate, level) in zip(loggers, kept, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    captured = capsys.readouterr()
    assert captured.out == "", "data goes to stdout, logs do not"
    return [json.loads(line) for line in captured.err.splitlines()]


def test_a_fact_is_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    structlog.get_logger().info("book made", book="账本.db\nsecond line")
    (line,) = lines(capsys)
    assert (line["event"], line["book"], line["level"]) == ("book made", "账本.db\nsecond line", "info")


def test_a_library_that_repeats_itself_is_heard_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    for node in range(1000):
        logging.getLogger("aiokafka.client").error("no node %s\nand a long trace", node)
    logging.getLogger("aiokafka.client").error("something else")
    assert [line["message"] for line in lines(capsys)] == ["no node 0", "something else"]


def test_a_library_is_heard_again_after_a_while(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.configure()
    for moment in (1000.0, 1000.0 + logs.QUIET_SECONDS):
        monkeypatch.setattr("ledger.logs.time.monotonic", lambda moment=moment: moment)
        logging.getLogger("faust").warning("still away")
    assert len(lines(capsys)) == 2


def test_chatter_is_not_heard(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    logging.getLogger("faust").info("joined")
    assert lines(capsys) == []
