"""The choice of a format: by a suffix of the path, or else by the header Accept."""

from __future__ import annotations

from fastapi import Request

from ledger.web.formats import ResponseFormat
from ledger.web.formats.excel import XLSX
from ledger.web.formats.parquet import PARQUET
from ledger.web.formats.text import CSV, JSON, NDJSON
from schemas.errors import UsageError

ANSWER_FORMATS = {form.suffix: form for form in (JSON, CSV, NDJSON, PARQUET, XLSX)}
_ANY = tuple(form for form in ANSWER_FORMATS.values() if form is not CSV)
"""Formats of any type, or of application/*, best first."""
_ALSO = {"application/ndjson": NDJSON, "application/jsonl": NDJSON, "application/x-parquet": PARQUET}
_BY_TYPE = {form.media_type.partition(";")[0]: form for form in ANSWER_FORMATS.values()} | _ALSO


class NotAcceptable(UsageError):
    """No format in {accept!r} is offered. Ask for one of {types}, or write a suffix, such as .csv."""

    http_status = 406


def chosen_format(request: Request) -> ResponseFormat:
    """Return the format of a request. Raise NotAcceptable."""
    suffix = request.scope.get("suffix")
    if suffix:
        return ANSWER_FORMATS[suffix]
    accept = ", ".join(request.headers.getlist("accept")) or "*/*"
    ranges = list(filter(None, map(_range, accept.split(","))))
    refused = [_BY_TYPE.get(name) for name, quality in ranges if not quality]
    for name, _ in sorted((one for one in ranges if one[1]), key=lambda one: -one[1]):
        meant = (CSV,) if name == "text/*" else _ANY if name in ("*/*", "application/*") else (_BY_TYPE.get(name),)
        found = next((form for form in meant if form is not None and form not in refused), None)
        if found is not None:
            return found
    raise NotAcceptable(
        accept=accept, types=", ".join(form.media_type.partition(";")[0] for form in ANSWER_FORMATS.values())
    )


def _range(text: str) -> tuple[str, float] | None:
    """Return media type and quality of one part of Accept."""
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = next((value[2:] for value in parameters if value.startswith("q=")), "1")
    try:
        return (name, value if (value := float(quality)) > 0 else 0.0) if name else None  # not a number: 0
    except ValueError:
        return name, 0.0


class Suffixes:
    """ASGI middleware: takes the suffix off a path such as `/api/v1/totals.csv`, whose route has none."""

    def __init__(self, app: object, prefix: str, names: frozenset[str]) -> None:
        self._app, self._prefix, self._names = app, prefix, names

    async def __call__(self, scope: dict[str, object], receive: object, send: object) -> None:
        """Pass on the request."""
        path = scope.get("path")
        if scope["type"] == "http" and isinstance(path, str):
            stem, dot, suffix = path.rpartition(".")
            if dot and suffix in ANSWER_FORMATS and stem.removeprefix(self._prefix) in self._names:
                # in place, so that the access log outside has the route and the caller
                scope |= {"path": stem, "raw_path": stem.encode(), "suffix": suffix}
        await self._app(scope, receive, send)  # type: ignore[operator]
