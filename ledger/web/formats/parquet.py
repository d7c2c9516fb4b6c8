"""Parquet: dates, integers and exact decimals as such; the position stands in the file's metadata."""

from __future__ import annotations

import io
from typing import Any

from ledger.queries.answer import Answer
from ledger.queries.frames import LARGEST
from ledger.queries.kinds import kind_of
from ledger.web.formats import ResponseFormat
from schemas.errors import Unavailable

_DIGITS = (38, 76)
"""Digits of decimal128 and decimal256."""


class NoParquet(Unavailable):
    """This server cannot write Parquet: the package pyarrow is not installed. Ask for another format, or install
    ip-ledger[parquet] on the server."""

    http_status = 406


def _write(answer: Answer, envelope: dict[str, Any]) -> bytes:
    try:
        import pyarrow
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise NoParquet from error
    arrays, fields = [], []
    for index, column in enumerate(answer.columns):
        values = [row[index] for row in answer.rows]
        array = pyarrow.array(values, _type(pyarrow, kind_of(column), values))
        arrays.append(array)
        meta = {"unit": column.unit, "meaning": column.meaning}
        fields.append(pyarrow.field(column.name, array.type, metadata=meta))
    about = {name: value for name, value in envelope.items() if isinstance(value, str)}
    file = io.BytesIO()
    parquet.write_table(pyarrow.table(arrays, pyarrow.schema(fields, about)), file, compression="zstd")
    return file.getvalue()


def _type(pyarrow: Any, kind: str, values: list[Any]) -> Any:
    if any(isinstance(value, bytes) for value in values):
        return pyarrow.binary()
    if kind == "integer":
        beyond = any(value is not None and abs(value) >= LARGEST for value in values)
        return pyarrow.decimal256(_DIGITS[1], 0) if beyond else pyarrow.int64()
    if kind == "decimal":
        scale = max((max(0, -value.as_tuple().exponent) for value in values if value is not None), default=0)
        digits = max((value.adjusted() + 1 for value in values if value), default=0) + scale
        return pyarrow.decimal128(_DIGITS[0], scale) if digits <= _DIGITS[0] else pyarrow.decimal256(_DIGITS[1], scale)
    return {"real": pyarrow.float64(), "date": pyarrow.date32()}.get(kind, pyarrow.string())


PARQUET = ResponseFormat("parquet", "application/vnd.apache.parquet", _write)
