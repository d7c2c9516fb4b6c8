"""Data frames of answers. pandas and polars are optional: install the one you use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from ledger.queries.kinds import kind_of
from ledger.views.view import Column
from schemas.errors import UsageError

LARGEST = 2**63
_PANDAS = {"text": "string", "integer": "Int64", "decimal": "object", "real": "Float64", "date": "datetime64[s]"}
_DIGITS = 38
"""Digits of a polars decimal."""


class NotInstalled(UsageError):
    """A data frame needs {library}, which is not installed. Run `pip install {library}`."""


def pandas_frame(columns: Sequence[Column], rows: Sequence[tuple[Any, ...]]) -> Any:
    """Return a pandas DataFrame: dates as datetime64, integers as Int64, amounts as Decimal, ratios as Float64."""
    pandas = _library("pandas")
    series = {}
    for column, values in _columns(columns, rows):
        dtype = "object" if _beyond(values) else _PANDAS[kind_of(column)]
        series[column.name] = pandas.Series(values, dtype=dtype)
    return pandas.DataFrame(series, columns=[column.name for column in columns])


def polars_frame(columns: Sequence[Column], rows: Sequence[tuple[Any, ...]]) -> Any:
    """Return a polars DataFrame: dates as Date, integers as Int64, amounts as Decimal, ratios as Float64."""
    polars = _library("polars")
    types = {"text": polars.String, "integer": polars.Int64, "real": polars.Float64, "date": polars.Date}
    series = []
    for column, values in _columns(columns, rows):
        kind = kind_of(column)
        if kind == "decimal":
            scale = max((max(0, -value.as_tuple().exponent) for value in values if value is not None), default=0)
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


def _columns(columns: Sequence[Column], rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Column, list[Any]]]:
    for index, column in enumerate(columns):
        yield column, [row[index] for row in rows]


def _beyond(values: list[Any]) -> bool:
    """Return True if a value is bytes, or an integer beyond 64 bits."""
    return any(isinstance(value, bytes) or (isinstance(value, int) and abs(value) >= LARGEST) for value in values)


def _bytes(values: list[Any]) -> bool:
    return any(isinstance(value, bytes) for value in values)
