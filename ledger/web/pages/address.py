"""The address of a page: its path and the state that its query names. Every state of every page is a link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode

from ledger.web.pages.translator import LANGUAGES, N
from schemas.errors import UsageError

CARRIED = ("lang", "theme", "basis", "day", "currency")
"""State that links to other pages carry along."""
KNOWN = (
    *CARRIED,
    *("region", "year", "industry", "right", "kind", "purpose", "reason", "rule", "verdict", "about"),
    *("question", "answer", "model"),
    *("since", "office", "in_force", "rows", "sort", "wall", "slide", "sql", "q"),
)
"""All that a query may name, in the order of links."""
_NUMBER = re.compile("[0-9]{1,9}").fullmatch
ROWS, SOME_ROWS, MOST_PAGE_ROWS = 50, 12, 1000
"""Rows of the table of a page, of one of several tables, and the most of either."""


class BadAddress(UsageError):
    """The address of the page has an unknown value: {name}={value!r}. {hint}"""

    http_status = 404


@dataclass(frozen=True)
class Address:
    """The path of a page, and what its query names; unknown names and empty values are dropped."""

    path: str
    values: Mapping[str, str]

    @classmethod
    def parsed(cls, path: str, query: Mapping[str, str]) -> Address:
        """Return the address of a path and a query."""
        return cls(path, {name: query[name].strip() for name in KNOWN if query.get(name, "").strip()})

    def __getitem__(self, name: str) -> str:
        """Return a value; an empty text if the query does not name it."""
        return self.values.get(name, "")

    def link(self, path: str | None = None, **changes: object) -> str:
        """Return a link to this page with these changes, or to another path with the carried state and these. None
        drops a value."""
        kept = self.values if path is None else {name: self[name] for name in CARRIED if self[name]}
        changed = dict(kept) | {name: None if value is None else str(value) for name, value in changes.items()}
        query = urlencode([(name, value) for name in KNOWN if (value := changed.get(name))])
        return (self.action if path is None else _quoted(path)) + (f"?{query}" if query else "")

    @property
    def action(self) -> str:
        """The path as a form names it."""
        return _quoted(self.path)

    @property
    def basis(self) -> str:
        """`corrected`, unless the query names `recorded`. Raise BadAddress."""
        given = self["basis"] or "corrected"
        if given not in ("corrected", "recorded"):
            raise BadAddress(name="basis", value=given, hint=N("It is corrected or recorded."))
        return given

    @property
    def day(self) -> date | None:
        """The day asked for; None for the newest. Raise BadAddress."""
        if not self["day"]:
            return None
        try:
            return date.fromisoformat(self["day"])
        except ValueError:
            raise BadAddress(name="day", value=self["day"], hint=N("Write a day: YYYY-MM-DD.")) from None

    @property
    def rows(self) -> int:
        """The number of rows of a long table, 1 to MOST_PAGE_ROWS. Raise BadAddress."""
        return self.most(ROWS)

    def most(self, otherwise: int) -> int:
        """Return the number of rows that the query names, 1 to MOST_PAGE_ROWS; another number unless it does. Raise
        BadAddress."""
        given = self["rows"] or str(otherwise)
        if not (_NUMBER(given) and 1 <= int(given) <= MOST_PAGE_ROWS):
            raise BadAddress(name="rows", value=given[:40], hint=f"Write a number from 1 to {MOST_PAGE_ROWS}.")
        return int(given)

    def filters(self, **columns: str) -> list[str]:
        """Return the filters `column=value` of the named values that the query has: `filters(region="region")`."""
        return [f"{column}={self[name]}" for column, name in columns.items() if self[name]]


def in_language(path: str, asked: str | None) -> str:
    """Return the address of a page in the language that was asked for."""
    return f"{path}?lang={asked}" if asked in LANGUAGES else path


def _quoted(path: str) -> str:
    return quote(path, safe="/:=@")
