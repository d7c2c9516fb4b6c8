"""JSON, CSV (RFC 4180) and JSON lines."""

from __future__ import annotations

import json
from typing import Any

from ledger.queries.answer import Answer
from ledger.web.formats import ResponseFormat, plain_rows


def json_bytes(content: Any) -> bytes:
    """Return one JSON document."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=bytes.hex).encode()


def _json(answer: Answer, envelope: dict[str, Any]) -> bytes:
    return json_bytes({**envelope, "rows": plain_rows(answer)})


def _lines(answer: Answer, envelope: dict[str, Any]) -> bytes:
    return b"".join(json_bytes(row) + b"\n" for row in plain_rows(answer))


JSON = ResponseFormat("json", "application/json", _json)
NDJSON = ResponseFormat("ndjson", "application/x-ndjson", _lines)
CSV = ResponseFormat("csv", "text/csv; charset=utf-8", lambda answer, _: answer.as_csv().encode())
