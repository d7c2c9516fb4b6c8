"""Exchange rates of the European Central Bank as SDMX-JSON: one document with all series, and their codes apart.

A key has the positions of its codes in the dimensions: `0:3:0:0:0`. Observations of a series have a position in the
days; those of a data set without series have the whole key. Version 2.0 wraps both in `data`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from pydantic import AliasChoices, AliasPath, BaseModel, Field

from streams.sources.formats import WHOLE_FILE, Format, json_with
from streams.sources.results import Skip, Unreadable, validated
from streams.sources.statistics.ecb_rate import Rate
from streams.sources.statistics.ecb_sdmx import observed, require_reference_rates
from streams.sources.statistics.figure import attempted

_Observations = dict[str, list[object]]


class _Code(BaseModel):
    id: str


class _Dimension(BaseModel):
    id: str
    values: list[_Code]


class _Dimensions(BaseModel):
    series: list[_Dimension] = []
    observation: list[_Dimension] = []


class _Series(BaseModel):
    observations: _Observations = {}


class _DataSet(BaseModel):
    series: dict[str, _Series] = {}
    observations: _Observations = {}


class _Message(BaseModel):
    data_sets: list[_DataSet] = Field(alias="dataSets")
    dimensions: _Dimensions = Field(
        validation_alias=AliasChoices(AliasPath("structure", "dimensions"), AliasPath("structures", 0, "dimensions"))
    )


def read(content: bytes) -> Iterator[Rate | Skip | ValueError]:
    """Yield the rates of all series, and the error of each bad one. Raise Unreadable for another document."""
    try:
        given = json.loads(content, parse_float=str)  # a rate is a decimal text
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from error
    body = given.get("data", given) if isinstance(given, dict) else given
    message = validated(_Message, body, "a message of SDMX-JSON")
    dimensions = message.dimensions
    for data_set in message.data_sets:
        whole = {"": _Series(observations=data_set.observations)} if data_set.observations else {}
        for indexes, series in (data_set.series | whole).items():
            try:
                key = _key(dimensions.series, indexes) if indexes else {}
                if indexes:
                    require_reference_rates(key)
                for at, values in series.observations.items():
                    codes = key | _key(dimensions.observation, at)
                    printed = "" if not values or values[0] is None else str(values[0])
                    yield attempted(observed, codes, codes.get("TIME_PERIOD", ""), printed)
            except (Skip, ValueError) as error:
                yield error


def _key(dimensions: Sequence[_Dimension], indexes: str) -> dict[str, str]:
    """Return the codes at these positions. Raise Unreadable for positions that the dimensions do not have."""
    try:
        positions = [int(each) for each in indexes.split(":") if each.isdecimal()]
        return {of.id: of.values[at].id for of, at in zip(dimensions, positions, strict=True)}
    except (ValueError, IndexError) as error:
        raise Unreadable(f"a series or observation {indexes[:32]!r} without dimensions") from error


FORMAT = Format("ecb-sdmx-json", json_with(b"dataSets"), WHOLE_FILE, read)
