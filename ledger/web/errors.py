"""The types of problems, explained: the ledger's errors, and those of HTTP."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from typing import Any

from schemas.errors import LedgerError

_OF_HTTP = (400, 401, 403, 404, 405, 406, 413, 415, 429, 500, 503)
_OWN = {
    "Refused": (
        422,
        "An event breaks a rule; nothing was published. `errors` has index, rule, path, message.",
    ),
    "InvalidRequest": (422, "A parameter of the request is missing or has a wrong form. `errors` names each."),
    "Fault": (500, "A fault of the ledger itself. Please report it with the server's log."),
}


@cache
def explained() -> dict[str, dict[str, Any]]:
    """Return name -> status and message of every type of problem; {facts} of a message are filled in when it occurs."""
    of_http = {problem_name(HTTPStatus(number)): (number, HTTPStatus(number).description) for number in _OF_HTTP}
    ours = {error.__name__: (error.http_status, _message(error)) for error in _errors(LedgerError)}
    return {
        name: {"name": name, "status": status, "message": message}
        for name, (status, message) in (of_http | _OWN | ours).items()
    }


def problem_name(status: HTTPStatus) -> str:
    """Return the name of an HTTP status as the type of a problem, such as `NotFound`."""
    return status.phrase.title().replace(" ", "")


def _message(error: type[LedgerError]) -> str:
    return " ".join(inspect.cleandoc(error.__doc__ or "").split())


def _errors(root: type[LedgerError]) -> Iterator[type[LedgerError]]:
    yield root
    for error in root.__subclasses__():
        yield from _errors(error)
