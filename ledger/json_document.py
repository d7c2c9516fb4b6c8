"""A JSON document as bytes, for the command line and the server."""

from __future__ import annotations

import json
from typing import Any


def json_document(content: Any, *, indented: bool = False) -> bytes:
    """Return a JSON document without spaces, or with a line for each value; bytes as hex.

    orjson takes up to a thirtieth of the time of `json`, but refuses integers beyond 64 bits, halves of surrogate pairs
    (here they are escaped) and keys that are not text.
    """
    import orjson  # not every command writes JSON

    try:
        return orjson.dumps(content, bytes.hex, orjson.OPT_INDENT_2 if indented else 0)
    except TypeError:
        indent, separators = (2, (",", ": ")) if indented else (None, (",", ":"))
        text = json.dumps(content, ensure_ascii=False, indent=indent, separators=separators, default=bytes.hex)
        return text.encode(errors="backslashreplace")
