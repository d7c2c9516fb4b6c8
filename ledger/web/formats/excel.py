"""XLSX: typed cells, which run nothing; a second sheet cites the position and the meaning of the columns."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from ledger.queries.answer import Answer
from ledger.web.formats import ResponseFormat
from schemas.escapes import escaped, readable

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_DIGITS = 15
"""Digits that a spreadsheet keeps; longer numbers become text."""
_CELL = 32_000
"""Characters of a cell; Excel takes 32,767."""


def _write(answer: Answer, envelope: dict[str, Any]) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)})  # the same bytes each time
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("rows")
    sheet.freeze_panes(1, 0)
    for index, name in enumerate(answer.names):
        sheet.write_string(0, index, name, bold)
    for number, row in enumerate(answer.rows, start=1):
        for index, value in enumerate(row):
            _cell(sheet, number, index, value, day)
    about = book.add_worksheet("about")
    facts = [(name, value) for name, value in envelope.items() if isinstance(value, str)]
    for number, line in enumerate([*facts, ("", ""), *((c.name, f"{c.unit}: {c.meaning}") for c in answer.columns)]):
        for index, text in enumerate(line):
            about.write_string(number, index, text[:_CELL])
    book.close()
    return file.getvalue()


def _cell(sheet: Any, row: int, index: int, value: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(row, index, value, day)
    elif isinstance(value, int | float | Decimal) and _fits(value):
        sheet.write_number(row, index, value)
    else:
        text = readable(value) if isinstance(value, str | bytes) else str(value)
        sheet.write_string(row, index, escaped(text)[:_CELL])


def _fits(value: float | Decimal) -> bool:
    return isinstance(value, float) or len(str(value).lstrip("-").replace(".", "").lstrip("0")) <= _DIGITS


XLSX = ResponseFormat("xlsx", _MEDIA_TYPE, _write)
