"""The one root of all errors, and the four kinds below it.

A class's docstring is its message and names the next step.
"""

from __future__ import annotations

import inspect
from typing import ClassVar


class LedgerError(Exception):
    """Something in the ledger failed. Run `ip-ledger status` to see where it stands."""

    exit_code: ClassVar[int] = 70
    """The code that a command ends with (65, 69 and 70 as in BSD's sysexits)."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(facts)

    def __str__(self) -> str:
        message = inspect.cleandoc(type(self).__doc__ or type(self).__name__)
        return " ".join(message.format(**self.facts).split())


class UsageError(LedgerError):
    """What was asked for cannot be done as it was asked. Ask otherwise: `ip-ledger COMMAND --help` shows how."""

    exit_code = 2


class InputUnusable(LedgerError):
    """Nothing of the input can be used. Nothing was written. Repair it, then try again."""

    exit_code = 65


class Unavailable(LedgerError):
    """A broker, a book or an output cannot be used now. Run `ip-ledger doctor` to see which, then try again."""

    exit_code = 69


class PromiseBroken(LedgerError):
    """A promise cannot be kept. Nothing was written. Run `ip-ledger doctor` and see docs/operators.md."""

    exit_code = 70
