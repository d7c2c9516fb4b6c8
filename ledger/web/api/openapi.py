"""The OpenAPI document: made by FastAPI from the routes, with problems and scopes."""

from __future__ import annotations

from functools import lru_cache
from threading import Lock
from typing import Any

from fastapi import FastAPI, Response
from fastapi.openapi.utils import get_openapi

from ledger.json_document import json_document
from ledger.web.api.models import Problem
from ledger.web.scopes import SCOPES

_REF = {"$ref": "#/components/schemas/Problem"}
_PROBLEMS = {
    "401": "no valid token",
    "403": "the token lacks a scope",
    "404": "there is no such figure, record, entity or address",
    "406": "no offered format is accepted",
    "409": "the book has not reached `min_position`",
    "421": "the server has no such name",
    "422": "the request cannot be carried out as given",
    "429": "too many requests",
    "500": "a fault of the ledger",
    "503": "book or brokers unavailable, or the answer takes too long",
}
_TAGS = {
    "Figures": "Totals, growth, stocks; each with the position that it stands on.",
    "Views": "Any view of the ledger, filtered by its columns.",
    "Log": "Records, entities, rejected records, positions.",
    "Live": "Server-sent events.",
    "Publish": "Events into the log.",
    "About": "The fields of each question, and what problems mean.",
}
_ABOUT = """Figures on intellectual property that are proven by replay. Every answer cites the position of the log that
it stands on.

**Money** is a decimal string (`amount`), the same in minor units (`amount_minor`, an integer of any size) and an ISO
4217 `currency`. **Formats**: JSON, CSV, JSON lines, Parquet and XLSX, by `Accept` or a suffix such as `.csv`.
**Problems** are `application/problem+json` (RFC 9457)."""


def serve_openapi(app: FastAPI, path: str) -> None:
    """Complete the OpenAPI document of an application when it is first asked for, and serve it at a path. Making it
    takes a second or more, so it is made in a thread."""
    lock = Lock()

    def openapi() -> dict[str, Any]:
        with lock:
            if app.openapi_schema is None:
                made = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
                app.openapi_schema = _completed(made)
        return app.openapi_schema

    @lru_cache(maxsize=1)
    def text() -> bytes:
        return json_document(openapi())

    def document() -> Response:
        return Response(text(), media_type="application/json", headers={"Cache-Control": "no-cache"})

    app.openapi = openapi  # type: ignore[method-assign]
    app.add_api_route(path, document, include_in_schema=False, name="openapi")


def _completed(made: dict[str, Any]) -> dict[str, Any]:
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = Problem.model_json_schema()
    scopes = "\n".join(f"* `{name}`: {meaning}" for name, meaning in SCOPES.items())
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "description": f"Scopes:\n{scopes}"}
    }
    made["security"] = [{}, {"bearer": []}]
    made["tags"] = [{"name": name, "description": meaning} for name, meaning in _TAGS.items()]
    made["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    for operations in made["paths"].values():
        for operation in operations.values():
            responses = operation["responses"]
            for status, meaning in (_PROBLEMS | _own(responses)).items():
                responses[status] = {"description": meaning, "content": {"application/problem+json": {"schema": _REF}}}
    return made


def _own(responses: dict[str, Any]) -> dict[str, str]:
    """Return the problems that a route itself declares."""
    return {
        status: response["description"]
        for status, response in responses.items()
        if status >= "400" and response["description"] != "Validation Error"
    }
