"""Answers to queries: rows, the meaning of their columns, and the position of the book."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from ledger.book.book import Reached
from ledger.book.position import as_of_offsets, position_text
from ledger.queries.frames import pandas_frame, polars_frame
from ledger.queries.kinds import kind_of
from ledger.queries.paging import CursorPage
from ledger.views.view import Column
from schemas.escapes import csv_cell

AnswerRow = tuple[Any, ...]

_TYPED: dict[str, Callable[[Any], Any]] = {"date": date.fromisoformat, "decimal": Decimal, "real": float}
"""Conversions from shown to typed values. Texts stay as they are; for integers see `_integer`."""


def _integer(shown: Any) -> Any:
    """Return an integer, which beyond 64 bits is shown as a text of digits."""
    return int(shown) if isinstance(shown, str) else shown


class BookState(NamedTuple):
    """The state of the book behind an answer: the offsets of each partition, and the seconds since the broker timestamp
    of the newest posted record (None for an empty book)."""

    positions: Sequence[Reached]
    age_seconds: float | None

    @property
    def position(self) -> str:
        """The next offset of every partition, as every command prints it."""
        return position_text(self.positions)

    @property
    def as_of_offsets(self) -> Mapping[str, list[int | None]]:
        """Topic -> the next offset of each of its partitions."""
        return as_of_offsets(self.positions)

    def as_json(self) -> dict[str, Any]:
        """Return position and age, as in every JSON answer."""
        return {"position": self.position, "age_seconds": self.age_seconds}

    def envelope(self, rows: object, **terms: object) -> dict[str, Any]:
        """Return the JSON document of an answer: terms of the query, rows, position, age."""
        return {**terms, "rows": rows, **self.as_json()}


@dataclass(frozen=True)
class Answer:
    """The rows of an answer, rendered (`shown`) and as typed values (`rows`).

    Rendered dates are YYYY-MM-DD and amounts decimal text; typed, they are `datetime.date` and `Decimal`. `terms` are
    the terms of the query by their JSON names: basis, day, industry map.
    """

    state: BookState
    columns: tuple[Column, ...]
    shown: Sequence[AnswerRow]
    terms: Mapping[str, str | None]
    view: str | None = None

    @property
    def position(self) -> str:
        """The position of the book, as every command prints it."""
        return self.state.position

    @property
    def as_of_offsets(self) -> Mapping[str, list[int | None]]:
        """Topic -> the next offset of each of its partitions."""
        return self.state.as_of_offsets

    @property
    def age_seconds(self) -> float | None:
        """Seconds since the broker timestamp of the newest posted record; None for an empty book."""
        return self.state.age_seconds

    @property
    def as_of(self) -> date | None:
        """The day of the answer; None if it has none."""
        day = self.terms.get("as_of")
        return date.fromisoformat(day) if day else None

    @property
    def basis(self) -> str | None:
        """`recorded` or `corrected`; None without a single basis."""
        return self.terms.get("basis")

    @property
    def industry_map(self) -> str | None:
        """The industry map of the book, if the answer cites it."""
        return self.terms.get("industry_map")

    @property
    def next(self) -> str | None:
        """The cursor of the next page; None if there is none, or if no page was asked for."""
        return self.shown.next if isinstance(self.shown, CursorPage) else None

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    @cached_property
    def rows(self) -> list[AnswerRow]:
        """The rows as typed values."""
        types = [_TYPED.get(kind, _integer if kind == "integer" else None) for kind in map(kind_of, self.columns)]
        return [
            tuple(
                value if make is None or value is None else make(value) for make, value in zip(types, row, strict=True)
            )
            for row in self.shown
        ]

    def rows_as_dicts(self) -> list[dict[str, Any]]:
        """Return the typed rows as dicts."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]

    def shown_as_dicts(self) -> list[dict[str, Any]]:
        """Return the rendered rows as dicts."""
        names = self.names
        return [dict(zip(names, row, strict=True)) for row in self.shown]

    def as_json(self) -> dict[str, Any]:
        """Return the output of the command with `--json`."""
        whole = self.state.envelope(self.shown_as_dicts(), **self.terms)
        return whole if self.view is None else {"view": self.view, **whole}

    def as_csv(self) -> str:
        """Return the output of the command with `--csv`: RFC 4180, with a header."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(self.names)
        writer.writerows([csv_cell(value) for value in row] for row in self.shown)
        return text.getvalue()

    def to_pandas(self) -> Any:
        """Return a pandas DataFrame. Raise NotInstalled."""
        return pandas_frame(self.columns, self.rows)

    def to_polars(self) -> Any:
        """Return a polars DataFrame. Raise NotInstalled."""
        return polars_frame(self.columns, self.rows)
