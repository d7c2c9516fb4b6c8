"""JSON, CSV (RFC 4180) and JSON lines."""

from __future__ import annotations

from typing import Any

from ledger.json_document import json_document
from ledger.queries.answer import Answer
from ledger.web.formats import ResponseFormat, plain_rows


def _json(answer: Answer, envelope: dict[str, Any]) -> bytes:
    return json_document({**envelope, "rows": plain_rows(answer)})


def _lines(answer: Answer, envelope: dict[str, Any]) -> bytes:
    return b"".join(json_document(row) + b"\n" for row in plain_rows(answer))


JSON = ResponseFormat("json", "application/json", _json)
NDJSON = ResponseFormat("ndjson", "application/x-ndjson", _lines)
CSV = ResponseFormat("csv", "text/csv; charset=utf-8", lambda answer, _: answer.as_csv().encode())
