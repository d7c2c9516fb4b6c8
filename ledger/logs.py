"""Logs: one line a fact on stderr, pretty on a terminal, else JSON; what libraries repeat is said once a minute."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

import structlog

QUIET_SECONDS = 60.0
LIBRARIES = ("faust", "mode", "aiokafka", "streams")


def configure() -> None:
    """Set up the logs of a process that runs for long."""
    pretty = sys.stderr.isatty()
    renderer: Any = structlog.dev.ConsoleRenderer() if pretty else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = _OnceAMinute(logging.WARNING)
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.WARNING)


class _OnceAMinute(logging.Handler):
    """Says a library's message, and keeps silent about the next ones from the same place for a minute."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.said: dict[tuple[str, int], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        place, now = (record.pathname, record.lineno), time.monotonic()
        if now - self.said.get(place, -QUIET_SECONDS) < QUIET_SECONDS:
            return
        self.said[place] = now
        message = record.getMessage().splitlines()
        structlog.get_logger().warning("library", name=record.name, message=message[0] if message else "")
