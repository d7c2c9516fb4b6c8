"""The values of parameters of questions, as JSON Schema: patterns of lists, filters, positions and moments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Final

from fastapi import Query
from pydantic.json_schema import SkipJsonSchema

from ledger.place import PLACE_COLUMNS
from ledger.queries.filters import names_of
from ledger.queries.kinds import ValueKind, kind_of
from ledger.queries.totals import KIND_NAMES
from ledger.views.view import Column
from schemas.topics import TOPICS

_OFFSET = f"({'|'.join(map(re.escape, TOPICS))}):[0-9]{{1,4}}=[0-9]{{1,18}}"
_POSITION = f"{_OFFSET}(,{_OFFSET})*"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_NUMBER = "[+-]?[0-9]{1,30}([.][0-9]{1,9})?"
_VALUES: Final[dict[ValueKind, str]] = {
    "integer": "-?[0-9]{1,18}",
    "decimal": _NUMBER,
    "real": _NUMBER,
    "date": _DAY,
}
_EXAMPLES: Final[dict[ValueKind, str]] = {
    "integer": ">=1",
    "decimal": ">=0.5",
    "real": ">=0.5",
    "date": ">=2023-01-01",
    "text": "!=",
}
"""Kind -> operator and value of a filter."""
_MOST_NAMES: Final = 30
"""Names that a pattern lists: not those of 180 currencies."""
MOMENT: Final = {
    "type": "string",
    "pattern": f"^({_POSITION}|checkpoint(:[1-9][0-9]*)?|{_DAY}(T.+)?)$",
    "example": "2024-12-31",
}
EXAMPLE_PATENT, EXAMPLE_YEAR = "US10000000B2", 2018
"""A patent and its year in `examples/uspto-grants.ndjson`: every demo has them. Examples of the API are true there."""
POSITION: Final = {"type": "string", "pattern": f"^({_POSITION})?$"}
TOTAL_KIND: Final = {"enum": list(KIND_NAMES), "example": "grants"}
MinPosition = Annotated[
    str | SkipJsonSchema[None],
    Query(description="wait until the book has reached this position", json_schema_extra=POSITION),
]


def some_of(names: Iterable[str], example: str) -> dict[str, str]:
    """Return the schema of some of these names, separated by commas."""
    return {**list_schema(f"({'|'.join(names)})"), "example": example}


def column_list(columns: Iterable[Column], sign: str = "") -> dict[str, str]:
    """Return the schema of names of columns, separated by commas; `sign` may be before each."""
    names = [column.name for column in columns]
    spelled = [*names, "place"] if set(PLACE_COLUMNS) <= set(names) else names
    return list_schema(f"{sign}({'|'.join(spelled)})")


def filter_values(column: Column) -> dict[str, str]:
    """Return the schema of the values of a filter, separated by commas."""
    names = names_of(column.form)
    if 0 < len(names) <= _MOST_NAMES:
        return list_schema(f"({'|'.join(map(re.escape, names))})")
    one = None if names else _VALUES.get(kind_of(column))
    return {"type": "string"} if one is None else list_schema(one)


def filter_example(columns: Iterable[Column]) -> list[str]:
    """Return a filter: a range, if a column has an order."""
    ordered = sorted(columns, key=lambda column: kind_of(column) == "text")
    return [f"{column.name}{_EXAMPLES[kind_of(column)]}" for column in ordered[:1]]


def filter_pattern(columns: Iterable[Column]) -> str:
    """Return the pattern of a filter: it begins with a column and an operator."""
    return f"^({'|'.join(column.name for column in columns)})(!=|>=|<=|=|>|<)"


def list_schema(one: str) -> dict[str, str]:
    """Return the schema of values, separated by commas, that a pattern describes."""
    return {"type": "string", "pattern": f"^({one}(,{one})*)?$"}
