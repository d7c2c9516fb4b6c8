"""What commands print: data on stdout as a table, JSON or CSV; talk on stderr.

What others have said never speaks to the terminal, nor to a spreadsheet: what cannot be seen is written out
(`schemas.escapes`), and nothing of it is taken for markup.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import IO, TYPE_CHECKING, Any

from schemas.escapes import csv_cell, escaped, escaped_json, readable

if TYPE_CHECKING:
    from rich.console import Console

PROSE_WIDTH = 20
"""A column of words may be folded to this."""
CHECK_WIDTH = 12
LONGEST_CELL = 400
"""More of it no person reads: a pool can have 5,000 assets."""
FULL_CELL = 32_000
"""What a cell of a spreadsheet holds, and a note."""
GAP = 2
"""Between two columns."""
_FORMULA = re.compile("[\t\r\n]|\\s*[=+@\uff1d\uff0b\uff0d\uff20-]").match
"""What a spreadsheet may run, also written as wide as Chinese characters are."""
_NUMBER = re.compile("[+-]?[0-9]+([.][0-9]+)?").fullmatch


class Format(Enum):
    """How data is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    EXCEL = "excel"


def chosen(as_json: bool, as_csv: bool = False, as_excel: bool = False) -> Format:
    """The format asked for; without a wish a table on a terminal, else JSON."""
    if as_json:
        return Format.JSON
    if as_excel:
        return Format.EXCEL
    if as_csv:
        return Format.CSV
    return Format.TABLE if sys.stdout.isatty() else Format.JSON


def talk(*lines: str) -> None:
    """Say something to the person, not to the pipe; a line's end within a line is written out."""
    for line in lines:
        sys.stderr.write(f"{escaped(line)}\n")


def print_json(content: Any) -> None:
    """One JSON document; bytes as hex."""
    sys.stdout.write(_json(content, indent=2) + "\n")


def print_json_rows(head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> None:
    """As `print_json` of `head` with `rows` behind it, a row at a time: they may be more than memory holds."""
    sys.stdout.write(_json({**head, "rows": []}, indent=2).removesuffix("]\n}"))
    end = ""
    for row in rows:
        sys.stdout.write(f"{',' if end else ''}\n    {_json(row, indent=2).replace(chr(10), f'{chr(10)}    ')}")
        end = "\n  "
    sys.stdout.write(f"{end}]\n}}\n")


def print_line(content: Any) -> None:
    """One line of JSON."""
    sys.stdout.write(_json(content) + "\n")


def shown_bytes(content: bytes, out: IO[bytes]) -> bytes:
    """Bytes as they are; where `out` is a terminal with what cannot be seen of them written out."""
    return escaped(content.decode("utf-8", "backslashreplace")).encode() if out.isatty() else content


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
    elif form is Format.TABLE:
        print_table(rows, title, columns)
    else:
        print_csv(form, rows, columns)


def print_csv(form: Format, rows: Iterable[Mapping[str, Any]], columns: Sequence[str] = ()) -> None:
    """RFC 4180, with a header. For spreadsheets with a byte order mark, and with an apostrophe before what they would
    run. Where the columns are named, no more than a row is held in memory."""
    cell = _cell_of_spreadsheet if form is Format.EXCEL else csv_cell
    if form is Format.EXCEL:
        sys.stdout.write("\ufeff")
    rows = rows if columns else list(rows)
    writer = csv.DictWriter(sys.stdout, columns or list(next(iter(rows))))
    writer.writeheader()
    writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)


def print_table(rows: Sequence[Mapping[str, Any]], title: str = "", columns: Sequence[str] = ()) -> None:
    """A table for people; numbers to the right, `amount` without the same in minor units. Prose may be folded, figures
    and names not: where they do not fit beside each other, each row is a block of lines."""
    from rich.box import SIMPLE_HEAD
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False, emoji=False)
    names = [name for name in columns or rows[0] if name != "amount_minor"]
    look: Any = {"box": SIMPLE_HEAD, "show_edge": False, "pad_edge": False, "padding": (0, 1, 0, 0)}
    table = Table(title=Text(escaped(title), "table.title") if title else None, title_justify="left", **look)
    needed = -GAP
    texts = [{name: _cell(row[name]) for name in names} for row in rows]
    for name in names:
        figures = name.endswith("amount") or all(isinstance(row[name], int | float | None) for row in rows)
        numeric = bool(rows) and figures
        width = max(map(cell_len, [name, *(row[name] for row in texts)]))
        if any(" " in row[name][:LONGEST_CELL] for row in texts):
            width = min(width, PROSE_WIDTH)
        justify: Any = "right" if numeric else "left"
        table.add_column(Text(name), justify=justify, min_width=width, overflow="fold")
        needed += width + GAP
    if needed <= console.width:
        for row in texts:
            table.add_row(*(Text(row[name]) for name in names))
        console.print(table)
    else:
        _print_blocks(console, texts, names, escaped(title))


def print_finding(check: str, well: bool, found: str, next_step: str) -> None:
    """One thing that was looked at: a line if it is well; else what to do about it stands below."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

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


def _print_blocks(console: Console, rows: Sequence[Mapping[str, str]], names: Sequence[str], title: str) -> None:
    width = max(map(len, names))
    for number, row in enumerate(rows, start=1):
        console.print(f"{title} {number} of {len(rows)}".strip(), style="bold", markup=False, soft_wrap=True)
        for name in names:
            console.print(f"  {name:<{width}}  {row[name]}", markup=False, soft_wrap=True)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}"
    return _shortened(escaped(readable(value)), LONGEST_CELL, "--json")


def _cell_of_spreadsheet(value: Any) -> Any:
    if not isinstance(value, str | bytes):
        return value
    text = readable(value)
    runs = _FORMULA(text) and not _NUMBER(text)
    return _shortened(f"{chr(39) if runs else ''}{escaped(text)}", FULL_CELL, "--csv")


def _shortened(text: str, most: int, whole: str) -> str:
    return text if len(text) <= most else f"{text[:most]}... ({len(text):,} characters; {whole} has all)"


def _json(content: Any, indent: int | None = None) -> str:
    return escaped_json(json.dumps(content, ensure_ascii=False, indent=indent, default=bytes.hex))


def progress_bar(what: str, total: int | None, *, of_bytes: bool = False) -> Any:
    """A Rich progress bar on stderr, shown only on a terminal; `advance` and `update` as Rich has them."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True, emoji=False)
    done = DownloadColumn() if of_bytes else MofNCompleteColumn()
    columns: Iterable[Any] = (TextColumn(what), BarColumn(), done, TimeRemainingColumn())
    progress = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
    return progress, progress.add_task(what, total=total)
