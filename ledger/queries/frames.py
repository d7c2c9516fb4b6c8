"""Data frames of answers. pandas and polars are no dependencies: who asks for a frame has the library."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ledger.queries.answer import kind_of
from schemas.errors import UsageError

if TYPE_CHECKING:
    from ledger.queries.answer import Answer

LARGEST = 2**63
_PANDAS = {"text": "string", "integer": "Int64", "decimal": "object", "real": "Float64", "date": "datetime64[s]"}
_DIGITS = 38
"""What a decimal of polars holds."""


class NotInstalled(UsageError):
    """{library} is not installed, and a frame of it was asked for. Install it: `pip install {library}`."""


def pandas_frame(answer: Answer) -> Any:
    """Return a pandas DataFrame: dates as datetime64, integers as Int64, amounts as Decimal, ratios as Float64."""
    pandas = _library("pandas")
    series = {}
    for column, values in _columns(answer):
        dtype = "object" if _beyond(values) else _PANDAS[kind_of(column)]
        series[column.name] = pandas.Series(values, dtype=dtype)
    return pandas.DataFrame(series, columns=answer.names)


def polars_frame(answer: Answer) -> Any:
    """Return a polars DataFrame: dates as Date, integers as Int64, amounts as Decimal, ratios as Float64."""
    polars = _library("polars")
    types = {"text": polars.String, "integer": polars.Int64, "real": polars.Float64, "date": polars.Date}
    series = []
    for column, values in _columns(answer):
        kind = kind_of(column)
        if kind == "decimal":
            scale = max((-value.as_tuple().exponent for value in values if value is not None), default=0)
            dtype = polars.Decimal(_DIGITS, scale)
        else:
            dtype = polars.Decimal(_DIGITS, 0) if _beyond(values) else types[kind]
        series.append(polars.Series(column.name, values, dtype=polars.Binary if _bytes(values) else dtype))
    return polars.DataFrame(series)


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise NotInstalled(library=name) from error


def _columns(answer: Answer) -> Any:
    rows = answer.rows
    for place, column in enumerate(answer.columns):
        yield column, [row[place] for row in rows]


def _beyond(values: list[Any]) -> bool:
    """Return True if an integer outgrows 64 bits, or bytes are no integers at all."""
    return any(isinstance(value, bytes) or (isinstance(value, int) and abs(value) >= LARGEST) for value in values)


def _bytes(values: list[Any]) -> bool:
    return any(isinstance(value, bytes) for value in values)
