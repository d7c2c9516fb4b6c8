"""Answers that are printed again with each change of the book."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import NoReturn

from ledger.commands.context import open_book

_LOOK_SECONDS = 1.0
_CLEAR = "\x1b[H\x1b[2J"


def print_on_change(print_answer: Callable[[], None]) -> NoReturn:
    """Print an answer now and after each change of the book's position; on a terminal it replaces the last one."""
    from ledger.book.position import position_text

    printed = None
    while True:
        with open_book() as book:
            position = position_text(book.positions())
        if position != printed:
            sys.stdout.write(_CLEAR if sys.stdout.isatty() else "")
            print_answer()
            printed = position
        time.sleep(_LOOK_SECONDS)
