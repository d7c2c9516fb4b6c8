"""CSV, RFC 4180, with a header."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from typing import Any

from ledger.commands.formats import OutputFormat, Sheet
from schemas.escapes import csv_cell


def write_cells(sheet: Sheet, cell: Callable[[Any], Any]) -> None:
    """Print the header and the rows, each value as `cell` returns it."""
    sheet = sheet if sheet.columns else sheet._replace(rows=list(sheet.rows))
    writer, names = csv.writer(sys.stdout), sheet.names
    writer.writerow(names)
    writer.writerows([cell(row.get(name, "")) for name in names] for row in sheet.rows)


FORMAT = OutputFormat("csv", "Print CSV.", lambda sheet: write_cells(sheet, csv_cell), rank=2)
