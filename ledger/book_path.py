"""The path of the book, for commands that need no other setting.

It agrees with `ledger.settings`, but importing pydantic-settings takes longer than most queries.
"""

from __future__ import annotations

import os
from pathlib import Path

ENV_FILE = Path(".env")
DEFAULT = Path("book.db")


def quick_book_path() -> Path | None:
    """Return LEDGER_BOOK or its default; None if a file .env exists, which may set it."""
    if os.path.lexists(ENV_FILE):
        return None
    given = next((value for name, value in os.environ.items() if name.upper() == "LEDGER_BOOK"), None)
    return DEFAULT if given is None else Path(given)
