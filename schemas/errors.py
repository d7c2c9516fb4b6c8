"""The one root of all errors. A class's docstring is its message and names the next step."""

from __future__ import annotations

import inspect


class LedgerError(Exception):
    """Something in the ledger failed. Run `ip-ledger status` to see where it stands."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(facts)

    def __str__(self) -> str:
        message = inspect.cleandoc(type(self).__doc__ or type(self).__name__)
        return " ".join(message.format(**self.facts).split())
