"""A table for people: the columns that fit the width, numbers to the right, thousands apart."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.commands.formats import OutputFormat, Sheet, shortened
from ledger.commands.messages import echo_err
from ledger.place import with_places
from schemas.escapes import escaped, readable

if TYPE_CHECKING:
    from rich.console import Console

PROSE_WIDTH = 20
"""A column of prose may be folded to this width, if it is a main one; others are whole or left out."""
LONGEST_CELL = 400
"""Nobody reads more of a cell: a pool can have 5,000 assets."""
GAP = 2
"""Between two columns."""
LEAST_LINE = 80
ANY_WIDTH = 10_000
"""The width of a pipe, unless COLUMNS gives one."""
NAMES = ("month", "ms since 1970 UTC", "number", "offset", "year")
"""Units of numbers that count nothing: no thousands are set apart in them."""
RATIOS = {"growth": "+,.2%", "share": ".0%"}
"""Units of ratios that people read in percent."""
DECIMAL = "decimal text"
MILLIONS = "millions"
"""The unit of a decimal text that is printed in millions, with two decimals."""
_DECIMALS = ("decimal", DECIMAL, MILLIONS)
SECONDARY = ("bytes", "hex", "JSON", "ms since 1970 UTC")
"""Units of columns that give way first where a table is too wide."""


def print_table(
    rows: Sequence[Mapping[str, Any]],
    title: str = "",
    columns: Sequence[str] = (),
    units: Mapping[str, str] | None = None,
    *,
    all_columns: bool = False,
    main: Sequence[str] = (),
    more: str = "--columns",
) -> None:
    """Print a table for people. Where it is wider than the terminal, columns give way, the `main` ones last; a line on
    stderr names them, and the option that shows `more`. `all_columns` keeps all. An amount in minor units is omitted
    next to the same amount in decimals; topic, partition and offset are one column, `place`."""
    from rich.console import Console
    from rich.text import Text

    rows, names = with_places(rows, list(columns or (rows[0] if rows else ())))
    if not all_columns:
        names = [name for name in names if name.removesuffix("_minor") == name or name[:-6] not in names]
    units = units or {}
    texts = {name: [table_cell(row[name], units.get(name, "")) for row in rows] for name in names}
    foldable = {name for name in main or names if units.get(name) != "JSON"}
    widths = {name: _width(name, cells, may_fold=name in foldable) for name, cells in texts.items()}
    room = shutil.get_terminal_size((ANY_WIDTH, 0)).columns
    kept = names if all_columns else _fitting(names, widths, room, _in_order_of_worth(names, texts, units, main))
    _widen_prose(kept, widths, texts, room)
    console = Console(highlight=False, emoji=False, width=max(room, sum(widths.values()) + GAP * len(names)))
    drawn = [Drawn(name, min(widths[name], room), _is_numeric(rows, name, units.get(name, ""))) for name in kept]
    if title:
        console.print(Text(escaped(title), "italic"), soft_wrap=True)
    console.print(Text(_line(drawn, [column.name for column in drawn]), "bold"), soft_wrap=True)
    sys.stdout.write("─" * (sum(column.width + GAP for column in drawn) - GAP) + "\n")
    for number in range(len(rows)):
        sys.stdout.writelines(f"{line}\n" for line in _lines(drawn, [texts[name][number] for name in kept], console))
    sys.stdout.flush()  # so that the line on stderr is below the rows, also where both go to one pipe
    left_out = [name for name in names if rows and name not in kept]
    same = {name: f"{name}={texts[name][0]}" for name in left_out if len(set(texts[name])) == 1}
    _name_left_out([*(name for name in left_out if name not in same), *same.values()], room, more)


class Drawn(NamedTuple):
    """A column of a table: its width in cells of the terminal, and whether its values are aligned to the right."""

    name: str
    width: int
    to_the_right: bool


def _lines(drawn: Sequence[Drawn], cells: Sequence[str], console: Console) -> Iterator[str]:
    """Yield the lines of a row; a cell that is wider than its column is folded. Rich's own table takes a millisecond
    a row."""
    from rich.cells import cell_len
    from rich.text import Text

    if all(cell_len(cell) <= column.width for column, cell in zip(drawn, cells, strict=True)):
        yield _line(drawn, cells)
        return
    folded = [
        [line.plain.rstrip() for line in Text(cell).wrap(console, column.width, overflow="fold")]
        for column, cell in zip(drawn, cells, strict=True)
    ]
    for line in zip_longest(*folded, fillvalue=""):
        yield _line(drawn, line)


def _line(drawn: Sequence[Drawn], cells: Sequence[str]) -> str:
    from rich.cells import cell_len

    padded = []
    for column, cell in zip(drawn, cells, strict=True):
        space = " " * (column.width - cell_len(cell))
        padded.append(f"{space}{cell}" if column.to_the_right else f"{cell}{space}")
    return (" " * GAP).join(padded).rstrip()


def _width(name: str, cells: Sequence[str], *, may_fold: bool) -> int:
    from rich.cells import cell_len

    width = max(map(cell_len, (name, *cells)))
    prose = may_fold and any(" " in cell[:LONGEST_CELL] for cell in cells)
    return max(cell_len(name), min(width, PROSE_WIDTH)) if prose else width


def _widen_prose(kept: Sequence[str], widths: dict[str, int], texts: Mapping[str, Sequence[str]], room: int) -> None:
    """Give the room that is left to columns of prose, to the last ones first."""
    from rich.cells import cell_len

    left = room - sum(widths[name] + GAP for name in kept) + GAP
    for name in reversed(kept):
        longest = max(map(cell_len, texts[name]), default=0)
        more = max(0, min(left, longest - widths[name]))
        widths[name] += more
        left -= more


def _in_order_of_worth(
    names: Sequence[str], texts: Mapping[str, Sequence[str]], units: Mapping[str, str], main: Sequence[str]
) -> list[str]:
    """Return the columns in the order in which they get room: the main ones, others from left to right, those for
    machines, those with one value in all rows, those without a value."""

    def order(name: str) -> tuple[int, int]:
        values = set(texts[name])
        if values == {"-"}:
            return 4, 0
        if name in main:
            return 0, main.index(name)
        if len(values) == 1:
            return 3, 0
        return (2 if units.get(name) in SECONDARY else 1), 0

    return sorted(names, key=order)


def _fitting(names: Sequence[str], widths: Mapping[str, int], room: int, by_worth: Sequence[str]) -> list[str]:
    kept, left = {by_worth[0]} if by_worth else set(), room + GAP
    for name in by_worth:
        if name in kept or widths[name] + GAP <= left:
            kept.add(name)
            left -= widths[name] + GAP
    return [name for name in names if name in kept]


def _name_left_out(names: Sequence[str], room: int, option: str) -> None:
    """Print one line that names these columns, as many as it has room for."""
    for shown in range(len(names), 0, -1):
        more = f" and {len(names) - shown} more" if shown < len(names) else ""
        line = f"left out: {', '.join(names[:shown])}{more}; {option} shows them"
        if shown == 1 or len(line) <= max(room, LEAST_LINE):
            echo_err(line)
            return


def _is_numeric(rows: Sequence[Mapping[str, Any]], name: str, unit: str) -> bool:
    return bool(rows) and (
        unit in _DECIMALS
        or all(row[name] is None or (isinstance(row[name], int | float) and unit != "0 or 1") for row in rows)
    )


def table_cell(value: Any, unit: str = "") -> str:
    """Return a value as people read it."""
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:{RATIOS.get(unit, ',.3f')}}"
    if unit == "0 or 1":
        return "yes" if value else "no"
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if unit in NAMES else f"{value:,}"
    text = shortened(escaped(readable(value)), LONGEST_CELL, "--json")
    return _apart(text, unit) if unit in _DECIMALS else text


def _apart(number: str, unit: str) -> str:
    """Return a decimal text with its thousands apart."""
    if unit == MILLIONS:
        return f"{(Decimal(number) / 10**6).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"
    whole, point, decimals = number.partition(".")
    return f"{int(whole):,}{point}{decimals}" if whole.lstrip("-").isdigit() else number


def _write(sheet: Sheet) -> None:
    print_table(
        list(sheet.rows), sheet.title, sheet.columns, sheet.units, all_columns=sheet.all_columns, main=sheet.main
    )


FORMAT = OutputFormat("table", "Print a table.", _write, rank=0)
