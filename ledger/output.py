"""What commands print: data on stdout as a table, JSON or CSV; talk on stderr."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


class Format(Enum):
    """How data is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


def chosen(as_json: bool, as_csv: bool = False) -> Format:
    """The format asked for; without a wish a table on a terminal, else JSON."""
    if as_json:
        return Format.JSON
    if as_csv:
        return Format.CSV
    return Format.TABLE if sys.stdout.isatty() else Format.JSON


def talk(message: str) -> None:
    """Say something to the person, not to the pipe."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(message, markup=False)


def print_json(content: Any) -> None:
    """One JSON document; bytes as hex."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, default=_plain) + "\n")


def print_line(content: Any) -> None:
    """One line of JSON."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, default=_plain) + "\n")


def print_rows(form: Format, rows: Sequence[Mapping[str, Any]], whole: Mapping[str, Any], title: str = "") -> None:
    """Rows as a table (with its title), as CSV, or as the `whole` JSON document that holds them."""
    if form is Format.JSON:
        print_json(whole)
    elif form is Format.CSV:
        print_csv(rows)
    else:
        print_table(rows, title)


def print_csv(rows: Sequence[Mapping[str, Any]]) -> None:
    """RFC 4180, with a header."""
    if rows:
        writer = csv.DictWriter(sys.stdout, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: _plain(value) for name, value in row.items()} for row in rows)


def print_table(rows: Sequence[Mapping[str, Any]], title: str = "", caption: str = "") -> None:
    """A table for people; numbers to the right."""
    table = Table(title=title or None, caption=caption or None, title_justify="left", caption_justify="left")
    for name in rows[0] if rows else ("nothing",):
        numeric = all(isinstance(row[name], int | float | None) for row in rows) or name == "amount"
        table.add_column(name, justify="right" if numeric and rows else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row.values()))  # as it is: a subject may look like markup
    Console(soft_wrap=False).print(table)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}"
    return str(_plain(value))


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def progress_bar(what: str, total: int | None) -> Any:
    """A Rich progress bar on stderr, shown only on a terminal; `advance` and `update` as Rich has them."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns: Iterable[Any] = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
    return progress, progress.add_task(what, total=total)
