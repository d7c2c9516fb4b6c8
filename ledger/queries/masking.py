"""Names of parties, hidden from callers who may not see them.

The unit of a column says whether it holds names (`party`, `parties`) or texts that may quote them. A name becomes a
pseudonym, the same one wherever the name occurs, so that rows stay distinct; the key of the pseudonyms is
random and dies with the process. Texts that may quote names are left out.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from typing import Any

from ledger.views.view import Column
from schemas.errors import UsageError

_NAMES = ("party", "parties")
_QUOTING = ("JSON", "text or JSON", "quoting text")
_SHOWN = 10
"""Hexadecimal digits of a pseudonym."""


class PartiesHidden(UsageError):
    """{what} may show names of parties, which this server hides (LEDGER_MASK_PARTIES). Ask with the scope parties:read,
    or leave it out of columns, filters and order."""

    http_status = 403


class Mask:
    """Hides names of parties in rows."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the key: another one means other pseudonyms."""
        return hmac.new(self._key, b"", hashlib.sha256).hexdigest()[:16]

    def rows(self, columns: Sequence[Column], rows: list[tuple[Any, ...]]) -> None:
        """Hide the names in rows, in place."""
        hidden = [(index, column.unit) for index, column in enumerate(columns) if hides(column)]
        if hidden:
            for number, row in enumerate(rows):
                cells = list(row)
                for index, unit in hidden:
                    cells[index] = self._cell(unit, cells[index])
                rows[number] = tuple(cells)

    def pseudonym(self, name: str) -> str:
        """Return the pseudonym of a name."""
        return f"party-{hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()[:_SHOWN]}"

    def _cell(self, unit: str, value: Any) -> Any:
        if value is None or (unit == "bytes" and isinstance(value, int)):  # a length
            return value
        if unit == "party":
            return self.pseudonym(str(value))
        return self._parties(value) if unit == "parties" else None

    def _parties(self, text: str) -> str:
        parties = [
            {name: self.pseudonym(value) if name in ("name", "id") else value for name, value in party.items()}
            for party in json.loads(text)
        ]
        return json.dumps(parties, separators=(",", ":"))


def hides(column: Column) -> bool:
    """Return True if a mask changes values of this column."""
    return column.unit in _NAMES or column.unit in _QUOTING or column.unit == "bytes"


def require_plain(columns: Sequence[Column]) -> None:
    """Raise PartiesHidden if a filter or an order by these columns would reveal what a mask hides."""
    for column in columns:
        if hides(column) and column.name != "size":
            raise PartiesHidden(what=f"The column {column.name}")
