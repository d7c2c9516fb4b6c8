"""Logs: one line for each event on stderr, pretty on a terminal, else JSON; repeated warnings of libraries at most
once a minute."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import MutableMapping
from traceback import format_exception
from typing import Any

import structlog

from schemas.escapes import escaped, escaped_json

QUIET_SECONDS = 60.0


def configure(**facts: object) -> None:
    """Set up the logs of a long-running process; each line has these facts."""
    pretty = sys.stderr.isatty()
    renderers: Any = [_shown, structlog.dev.ConsoleRenderer()] if pretty else [_one_line]
    structlog.configure(
        processors=[
            lambda logger, method, event: {**event, **facts},
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderers,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    root = logging.getLogger()
    root.handlers = [_OnceAMinute()]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)


def traceback_of(error: BaseException) -> str:
    """Return the traceback of an error as text, without values of variables: these may be secrets."""
    return "".join(format_exception(error))


def _shown(logger: Any, method: str, facts: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Escape the facts for a terminal: messages of libraries and paths may hold control characters."""
    return {name: escaped(str(fact)) for name, fact in facts.items()}


def _one_line(logger: Any, method: str, facts: MutableMapping[str, Any]) -> str:
    return escaped_json(json.dumps(facts, ensure_ascii=False, default=str))


class _OnceAMinute(logging.Handler):
    """Logs a library's warning, then for a minute only counts warnings from the same line of code."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.logged: dict[tuple[str, int], float] = {}
        self.suppressed: dict[tuple[str, int], int] = {}

    def emit(self, record: logging.LogRecord) -> None:
        line, now = (record.pathname, record.lineno), time.monotonic()
        if now - self.logged.get(line, -QUIET_SECONDS) < QUIET_SECONDS:
            self.suppressed[line] = self.suppressed.get(line, 0) + 1
            return
        self.logged[line] = now
        facts: dict[str, Any] = {"name": record.name, "message": next(iter(record.getMessage().splitlines()), "")}
        if record.exc_info and record.exc_info[1]:
            facts["error"] = repr(record.exc_info[1])
        if suppressed := self.suppressed.pop(line, 0):
            facts["repeated"] = suppressed
        structlog.get_logger().log(record.levelno, "library", **facts)
