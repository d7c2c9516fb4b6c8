"""The path of the book, and whether any other setting is set, for commands that may need no more.

Both agree with `ledger.settings`, but importing pydantic-settings takes longer than most queries.
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


def only_book_is_set() -> bool:
    """Return True if all settings but the book's path have their defaults."""
    names = {name.upper() for name in os.environ}
    return not os.path.lexists(ENV_FILE) and not any(
        name.startswith("LEDGER_") and name != "LEDGER_BOOK" for name in names
    )


def default_broker_dir() -> Path:
    """Return where the embedded broker keeps its log, unless LEDGER_BROKER_DIR is set."""
    from platformdirs import user_state_path

    return user_state_path("ip-ledger") / "broker"
