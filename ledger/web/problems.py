"""Problem details (RFC 9457): every error as JSON, in the words of its class and with its HTTP status."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import Match, Mount

from ledger.logs import traceback_of
from ledger.web.errors import problem_name
from schemas.errors import LedgerError

_MEDIA_TYPE = "application/problem+json"
_TYPES = "/api/v1/errors/"
"""The type of a problem: this path and the name of the error. GET explains it."""
_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "1"}, 503: {"Retry-After": "5"}}
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")

log = structlog.get_logger()


def problem(
    status: int, name: str, detail: str, headers: Mapping[str, str] | None = None, **members: object
) -> JSONResponse:
    """Return the response to a problem; `name` is that of an error class, or of an HTTP status."""
    content = {"type": f"{_TYPES}{name}", "title": _title(name), "status": status, "detail": detail, **members}
    return JSONResponse(content, status, headers, _MEDIA_TYPE)


def problem_of(error: LedgerError) -> JSONResponse:
    """Return the problem of one of the ledger's errors."""
    status = error.http_status
    return problem(status, type(error).__name__, str(error), _HEADERS.get(status))


def handle_errors(app: FastAPI) -> None:
    """Answer every error of the application with a problem."""
    app.add_exception_handler(LedgerError, _ledger_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid)


async def _ledger_error(request: Request, error: Any) -> JSONResponse:
    if error.http_status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("request failed", error=type(error).__name__, message=str(error))
    return problem_of(error)


async def _http_error(request: Request, error: Any) -> JSONResponse:
    status = HTTPStatus(error.status_code)
    name = problem_name(status)
    detail = str(error.detail)
    if detail == status.phrase:
        detail = f"{status.description or status.phrase}: {request.method} {request.url.path}."
    headers = {**(error.headers or {}), **(_allowed(request) if status == HTTPStatus.METHOD_NOT_ALLOWED else {})}
    return problem(status, name, detail, headers)


def _allowed(request: Request) -> dict[str, str]:
    """Return the header with the methods of a path. A path may have several routes, and each knows its own alone; files
    have GET."""
    routes = [route for route in request.app.routes if not isinstance(route, Mount)]
    scopes = {method: {**request.scope, "method": method} for method in _METHODS}
    found = [one for one, scope in scopes.items() if any(route.matches(scope)[0] == Match.FULL for route in routes)]
    return {"Allow": ", ".join(found) or "GET"}


async def _invalid(request: Request, error: Any) -> JSONResponse:
    errors = [
        {"in": str(one["loc"][0]), "path": ".".join(map(str, one["loc"][1:])), "message": one["msg"]}
        for one in error.errors()
    ]
    first = errors[0]
    what = f"{first['in']} parameter {first['path']}" if first["path"] else first["in"]
    detail = f"The {what} is not valid: {first['message']}."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "InvalidRequest", detail, errors=errors)


def fault(error: Exception) -> JSONResponse:
    """Return the problem of an error that nobody expected, and log it."""
    log.error("fault of the server", error=repr(error), traceback=traceback_of(error))
    detail = f"A fault of the ledger itself ({type(error).__name__}). Please report it with the server's log."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Fault", detail)


def _title(name: str) -> str:
    return _WORDS.sub(" ", name).capitalize()
