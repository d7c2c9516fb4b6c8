"""A table for people, the format on a terminal: no option asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ledger.commands.formats import Format, shortened
from schemas.escapes import escaped, readable

if TYPE_CHECKING:
    from rich.console import Console

PROSE_WIDTH = 20
"""A column of words may be folded to this."""
LONGEST_CELL = 400
"""More of it no person reads: a pool can have 5,000 assets."""
GAP = 2
"""Between two columns."""


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
    texts = [{name: table_cell(row[name]) for name in names} for row in rows]
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


def _print_blocks(console: Console, rows: Sequence[Mapping[str, str]], names: Sequence[str], title: str) -> None:
    width = max(map(len, names))
    for number, row in enumerate(rows, start=1):
        console.print(f"{title} {number} of {len(rows)}".strip(), style="bold", markup=False, soft_wrap=True)
        for name in names:
            console.print(f"  {name:<{width}}  {row[name]}", markup=False, soft_wrap=True)


def table_cell(value: Any) -> str:
    """Return a value as people read it."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}"
    return shortened(escaped(readable(value)), LONGEST_CELL, "--json")


FORMAT = Format("table", "", lambda sheet: print_table(list(sheet.rows), sheet.title, sheet.columns))
