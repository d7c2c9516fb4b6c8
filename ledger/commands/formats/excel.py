"""CSV for spreadsheets: with a byte order mark, and an apostrophe before text that they would run."""

from __future__ import annotations

import re
import sys
from typing import Any

from ledger.commands.formats import OutputFormat, Sheet, shortened
from ledger.commands.formats.csv import write_cells
from schemas.escapes import escaped, readable

FULL_CELL = 32_000
"""The most characters of a text: a spreadsheet's cell holds some more, for a note."""
_FORMULA = re.compile("[\t\r\n]|\\s*[=+@\uff1d\uff0b\uff0d\uff20-]").match
"""The beginning of a text that a spreadsheet may run as a formula, also in full-width characters."""
_NUMBER = re.compile("[+-]?[0-9]+([.][0-9]+)?").fullmatch


def _write(sheet: Sheet) -> None:
    sys.stdout.write("\ufeff")
    write_cells(sheet, _cell)


def _cell(value: Any) -> Any:
    if not isinstance(value, str | bytes):
        return value
    text = readable(value)
    runs = _FORMULA(text) and not _NUMBER(text)
    return shortened(f"{chr(39) if runs else ''}{escaped(text)}", FULL_CELL, "--csv")


FORMAT = OutputFormat("excel", "Print CSV for spreadsheets; no cell is a formula.", _write, rank=3)
