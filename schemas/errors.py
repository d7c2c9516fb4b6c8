"""The root of all errors and the four kinds below it.

The docstring of an error class is its message. It names the next step.
"""

from __future__ import annotations

import inspect
from typing import Any, ClassVar


class LedgerError(Exception):
    """Something in the ledger failed. Run `ip-ledger status` to see where it stands."""

    exit_code: ClassVar[int] = 70
    """The exit code of a command that fails with this error (65, 69 and 70 as in BSD's sysexits)."""
    http_status: ClassVar[int] = 500
    """The HTTP status of a response with this error."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(facts)

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (type(self), self.facts)  # from one process to another

    def __str__(self) -> str:
        message = inspect.cleandoc(type(self).__doc__ or type(self).__name__)
        return " ".join(message.format(**self.facts).split())


def _made(kind: type[LedgerError], facts: dict[str, object]) -> LedgerError:
    return kind(**facts)


class UsageError(LedgerError):
    """The request cannot be carried out as given. See `ip-ledger COMMAND --help`."""

    exit_code = 2
    http_status = 422


class InputUnusable(LedgerError):
    """No part of the input is usable. Nothing was written. Fix the input, then try again."""

    exit_code = 65
    http_status = 422


class Unavailable(LedgerError):
    """A broker, a book or an output is unavailable. Run `ip-ledger doctor` to see which, then try again."""

    exit_code = 69
    http_status = 503


class PromiseBroken(LedgerError):
    """A promise cannot be kept. Nothing was written. Run `ip-ledger doctor` and see docs/operators.md."""

    exit_code = 70
    http_status = 500
