"""What commands print: data on stdout as a table, JSON or CSV; talk on stderr."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

PROSE_WIDTH = 20
"""A column of words may be folded to this."""
CHECK_WIDTH = 12
LONGEST_CELL = 400
"""More of it no person reads: a pool can have 5,000 assets."""
GAP = 2
"""Between two columns."""
_UNSAFE = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What JSON lets through and a terminal obeys: C1 controls, line separators, directions of writing."""


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
    Console(stderr=True, highlight=False, soft_wrap=True, emoji=False).print(message, markup=False)


def print_json(content: Any) -> None:
    """One JSON document; bytes as hex."""
    sys.stdout.write(_json(content, indent=2) + "\n")


def print_line(content: Any) -> None:
    """One line of JSON."""
    sys.stdout.write(_json(content) + "\n")


def print_rows(
    form: Format,
    rows: Sequence[Mapping[str, Any]],
    whole: Mapping[str, Any],
    title: str = "",
    columns: Sequence[str] = (),
) -> None:
    """Rows as a table (with its title), as CSV, or as the `whole` JSON document that holds them. The `columns` are
    named where there may be no row to name them."""
    if form is Format.JSON:
        print_json(whole)
    elif form is Format.CSV:
        print_csv(rows, columns)
    else:
        print_table(rows, title, columns)


def print_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> None:
    """RFC 4180, with a header."""
    writer = csv.DictWriter(sys.stdout, columns or list(rows[0]))
    writer.writeheader()
    writer.writerows({name: _plain(value) for name, value in row.items()} for row in rows)


def print_table(rows: Sequence[Mapping[str, Any]], title: str = "", columns: Sequence[str] = ()) -> None:
    """A table for people; numbers to the right, `amount` without the same in minor units. Prose may be folded, figures
    and names not: where they do not fit beside each other, each row is a block of lines."""
    console = Console(highlight=False, emoji=False)
    names = [name for name in columns or rows[0] if name != "amount_minor"]
    look: Any = {"box": SIMPLE_HEAD, "show_edge": False, "pad_edge": False, "padding": (0, 1, 0, 0)}
    table = Table(title=title or None, title_justify="left", **look)
    needed = -GAP
    for name in names:
        cells = [row[name] for row in rows]
        texts = [_cell(cell) for cell in cells]
        figures = name.endswith("amount") or all(isinstance(cell, int | float | None) for cell in cells)
        numeric = bool(rows) and figures
        width = max(map(cell_len, [name, *texts]))
        if any(" " in text for text in texts):
            width = min(width, PROSE_WIDTH)
        table.add_column(name, justify="right" if numeric else "left", min_width=width, overflow="fold")
        needed += width + GAP
    if needed <= console.width:
        for row in rows:
            table.add_row(*(Text(_cell(row[name])) for name in names))
        console.print(table)
    else:
        _print_blocks(console, rows, names, title)


def print_finding(check: str, well: bool, found: str, next_step: str) -> None:
    """One thing that was looked at: a line if it is well; else what to do about it stands below."""
    console = Console(highlight=False, emoji=False)
    mark, style = ("ok", None) if well else ("!!", "bold red")
    for mark_, name, text in ((mark, check, found), ("", "  to do", next_step)):
        if text:
            table = Table.grid(padding=(0, 2, 0, 0))
            table.add_column(width=2, style=style)
            table.add_column(width=CHECK_WIDTH, style=style)
            table.add_column(overflow="fold")
            table.add_row(mark_, Text(name), Text(_cell(text)))
            console.print(table)


def _print_blocks(console: Console, rows: Sequence[Mapping[str, Any]], names: Sequence[str], title: str) -> None:
    width = max(map(len, names))
    for number, row in enumerate(rows, start=1):
        console.print(f"{title} {number} of {len(rows)}".strip(), style="bold", markup=False, soft_wrap=True)
        for name in names:
            console.print(f"  {name:<{width}}  {_shortened(_cell(row[name]))}", markup=False, soft_wrap=True)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}... ({len(text):,} characters; --json has all)"


def _json(content: Any, indent: int | None = None) -> str:
    text = json.dumps(content, ensure_ascii=False, indent=indent, default=_plain)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)  # only texts can hold them; JSON reads them alike


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}"
    text = str(_plain(value))
    if text.isprintable():
        return text
    # what somebody has said must not speak to the terminal
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes) else value


def progress_bar(what: str, total: int | None, *, of_bytes: bool = False) -> Any:
    """A Rich progress bar on stderr, shown only on a terminal; `advance` and `update` as Rich has them."""
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, emoji=False)
    done = DownloadColumn() if of_bytes else MofNCompleteColumn()
    columns: Iterable[Any] = (TextColumn(what), BarColumn(), done, TimeRemainingColumn())
    progress = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
    return progress, progress.add_task(what, total=total)
