"""The views in a book's file, for SQL clients. They have a separate version.

No command reads them: each uses the definitions of its own program. So a changed view never requires a replay.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from typing import Any

from ledger.book.connection import transaction
from ledger.views import VIEWS
from ledger.views.view import View


def _definitions(views: Iterable[View]) -> list[str]:
    """Return the statements that create these views."""
    return [definition for view in views for definition in view.definitions()]


@cache
def views_version() -> str:
    """Return the version of this program's views: the beginning of the SHA-256 of their definitions."""
    return _version(_definitions(VIEWS.values()))


def installed_version(connection: Any) -> str:
    """Return the version of the views in a book, whichever program wrote them."""
    return _version(sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'view'"))


def _version(definitions: Iterable[str]) -> str:
    return sha256("\n".join(sorted(definitions)).encode()).hexdigest()[:12]


def write_views(connection: Any, views: Iterable[View] = VIEWS.values()) -> None:
    """Replace the views in a book with these of this program; the caller commits."""
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'view'")]
    for name in names:
        connection.execute(f'DROP VIEW "{name.replace(chr(34), chr(34) * 2)}"')
    for definition in _definitions(views):
        connection.execute(definition)


def bring_views_up_to_date(connection: Any) -> bool:
    """Replace the views in a book if their version differs; return whether it did."""
    if installed_version(connection) == views_version():
        return False
    with transaction(connection):
        write_views(connection)
    return True
