"""Output of commands besides rows: progress on stderr; lines, bytes and findings on stdout."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import IO, Any

from ledger.commands.formats.json import json_text
from schemas.escapes import escaped

CHECK_WIDTH = 12


def print_line(content: Any) -> None:
    """Print one line of JSON."""
    sys.stdout.write(json_text(content) + "\n")


def shown_bytes(content: bytes, out: IO[bytes]) -> bytes:
    """Return bytes as they are; for a terminal, with invisible characters written out."""
    return escaped(content.decode("utf-8", "backslashreplace")).encode() if out.isatty() else content


def print_heading(text: str) -> None:
    """Print a heading on stdout."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, emoji=False, soft_wrap=True)
    console.print(Text(escaped(text), "bold"))


def print_finding(check: str, well: bool, found: str, next_step: str) -> None:
    """Print the result of one check, and below it the next step unless all is well."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from ledger.commands.formats.table import table_cell

    console = Console(highlight=False, emoji=False)
    mark, style = ("ok", None) if well else ("!!", "bold red")
    for mark_, name, text in ((mark, check, found), ("", "  to do", next_step)):
        if text:
            table = Table.grid(padding=(0, 2, 0, 0))
            table.add_column(width=2, style=style)
            table.add_column(width=CHECK_WIDTH, style=style)
            table.add_column(overflow="fold")
            table.add_row(mark_, Text(name), Text(table_cell(text)))
            console.print(table)


def progress_bar(what: str, total: int | None, *, of_bytes: bool = False) -> Any:
    """Return a Rich progress bar on stderr and its task. It shows on a terminal only."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, emoji=False)
    done = DownloadColumn() if of_bytes else MofNCompleteColumn()
    columns: Iterable[Any] = (TextColumn(what), BarColumn(), done, TimeRemainingColumn())
    progress = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
    return progress, progress.add_task(what, total=total)
