"""The answer to a request: conditional (ETag), in the chosen format, with the position and the next page."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response

from ledger.book.installed_views import views_version
from ledger.json_document import json_document
from ledger.queries.answer import Answer
from ledger.queries.snapshot import newest_timestamp
from ledger.web.formats import ResponseFormat
from ledger.web.moments import rfc3339
from ledger.web.reading import Snapshot

_PROGRAM = f"{version('ip-ledger')} {views_version()}"
VARY = "Accept, Authorization, Cookie"


def etag_of(reading: Snapshot, *asked: object) -> str:
    """Return the strong ETag of an answer: a hash of the book's position, the question and the program."""
    book, masked = reading.book, reading.book.mask and reading.book.mask.fingerprint
    parts = (_PROGRAM, book.fold_version, book.meta["industry_map"], reading.state.position, masked, *asked)
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def headers_of(reading: Snapshot, etag: str) -> dict[str, str]:
    """Return the headers of every answer from the book."""
    age = reading.state.age_seconds
    known = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Vary": VARY,
        "Ledger-Position": reading.state.position,
    }
    return known if age is None else {**known, "Ledger-Age-Seconds": f"{age:.3f}"}


def unchanged(request: Request, etag: str) -> bool:
    """Return True if the client has the answer already."""
    held = ",".join(request.headers.getlist("if-none-match"))
    return held.strip() == "*" or etag in (one.strip().removeprefix("W/") for one in held.split(","))


def not_modified(headers: Mapping[str, str]) -> Response:
    """Return a response without a body."""
    return Response(status_code=304, headers=dict(headers))


def rows_response(
    request: Request, reading: Snapshot, answer: Answer, form: ResponseFormat, headers: dict[str, str]
) -> Response:
    """Return the rows of an answer."""
    following = None if answer.next is None else _next(request, answer)
    envelope = {**envelope_of(reading), **answer.terms, "next": following}
    if answer.view is not None:
        envelope["view"] = answer.view
    if following is not None:
        headers["Link"] = f'<{following}>; rel="next"'
    if form.suffix not in ("json", "ndjson"):
        name = request.url.path.rpartition("/")[2]
        headers["Content-Disposition"] = f'attachment; filename="{name}.{form.suffix}"'
    return Response(form.write(answer, envelope), media_type=form.media_type, headers=headers)


def document(request: Request, reading: Snapshot, content: Mapping[str, Any], *asked: object) -> Response:
    """Return one JSON document with the position of the book."""
    etag = etag_of(reading, request.url.path, request.url.query, *asked)
    headers = headers_of(reading, etag)
    if unchanged(request, etag):
        return not_modified(headers)
    body = json_document({**envelope_of(reading), **content})
    return Response(body, media_type="application/json", headers=headers)


def envelope_of(reading: Snapshot) -> dict[str, Any]:
    """Return the beginning of every JSON answer. The age is a header, so that equal positions give equal bytes."""
    state, newest = reading.state, rfc3339(newest_timestamp(reading.book))
    return {"position": state.position, "as_of_offsets": state.as_of_offsets, "newest_at": newest}


def _next(request: Request, answer: Answer) -> str:
    """Return the path of the next page: the same question on the same day, after the last row."""
    given = parse_qsl(request.url.query, keep_blank_values=True)
    kept = [(name, value) for name, value in given if name not in ("after", "min_position", "as_of")]
    if answer.terms.get("as_of"):
        kept.append(("as_of", str(answer.terms["as_of"])))
    suffix = request.scope.get("suffix")
    path = f"{request.url.path}.{suffix}" if suffix else request.url.path
    return f"{path}?{urlencode([*kept, ('after', str(answer.next))])}"
