"""Answers that are printed again with each change of the book."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ledger.commands.context import open_book

if TYPE_CHECKING:
    from ledger.book.book import Book

WATCH_OPTION = Annotated[
    bool, typer.Option("--watch", help="Print the answer again with each change of the book, until Ctrl-C.")
]
_LOOK_SECONDS = 1.0
_CLEAR = "\x1b[H\x1b[2J"


def print_on_change(print_answer: Callable[[Book], None]) -> NoReturn:
    """Print an answer now and after each change of the book's position; on a terminal it replaces the last one."""
    from ledger.book.position import position_text

    printed = None
    while True:
        with open_book() as book:
            position = position_text(book.positions())
            if position != printed:
                sys.stdout.write(_CLEAR if sys.stdout.isatty() else "")
                print_answer(book)
                printed = position
        time.sleep(_LOOK_SECONDS)
