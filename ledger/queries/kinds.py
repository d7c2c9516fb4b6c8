"""Kinds of values by the unit of their column, for filters, answers and frames."""

from __future__ import annotations

from typing import Final, Literal

from ledger.views.view import Column

ValueKind = Literal["text", "integer", "decimal", "real", "date"]
_INTEGERS = (
    "0 or 1",
    "basis points",
    "bytes",
    "count",
    "days",
    "millionths",
    "month",
    "ms since 1970 UTC",
    "number",
    "offset",
)
_KINDS: Final[dict[str, ValueKind]] = {
    **dict.fromkeys((*_INTEGERS, "persons", "year", "years", "minor units"), "integer"),
    "decimal": "decimal",
    "decimal text": "decimal",
    "0 to 100": "real",
    "approximate": "real",
    "ratio": "real",
    "date": "date",
}


def kind_of(column: Column) -> ValueKind:
    """Return the kind of a column's values. Values of unit `bytes` may be a length or the bytes themselves."""
    return _KINDS.get(column.unit, "text")
