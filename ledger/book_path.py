"""Where the book is, for commands that need no other setting.

`ledger.settings` stays the rule, and this agrees with it. To import pydantic-settings takes longer than most answers.
"""

from __future__ import annotations

import os
from pathlib import Path

ENV_FILE = Path(".env")
DEFAULT = Path("book.db")


def quick_book_path() -> Path | None:
    """Return LEDGER_BOOK, or its default; None where a file .env may set it."""
    if os.path.lexists(ENV_FILE):
        return None
    given = next((value for name, value in os.environ.items() if name.upper() == "LEDGER_BOOK"), None)
    return DEFAULT if given is None else Path(given)
