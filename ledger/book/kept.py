"""What a book keeps of the bytes of a refused record: all of them, up to a bound. The log has the rest."""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

import orjson

from streams.batch import Header, Record

LARGEST_SIDE = 1 << 16
"""A key, and the headers together, are kept up to this many bytes."""


class Kept(NamedTuple):
    """Key, value and headers as they are kept. size: bytes of the value as it came; None without a value."""

    size: int | None
    key: bytes | None
    value: bytes | None
    headers: bytes | None


def kept(record: Record) -> Kept:
    """Return what is kept of a refused record: at most `record.keep` bytes together, of key and value their beginning,
    of headers those that fit."""
    size = None if record.value is None else len(record.value)
    key = None if record.key is None else record.key[: min(record.keep, LARGEST_SIDE)]
    rest = record.keep - len(key or b"")
    value = None if record.value is None else record.value[:rest]
    rest -= len(value or b"")
    return Kept(size, key, value, _headers(record.headers, min(rest, LARGEST_SIDE)))


def _headers(headers: tuple[Header, ...], most: int) -> bytes | None:
    """Return headers as a JSON array of objects; what is not UTF-8 stands under `key_base64` or `value_base64`."""
    fitting: list[dict[str, Any]] = []
    for key, value in headers:
        most -= len(key) + len(value or b"")
        if most < 0:
            break
        fitting.append({**_text("key", key), **_text("value", value)})
    return orjson.dumps(fitting) if fitting else None


def _text(name: str, content: bytes | None) -> dict[str, str | None]:
    try:
        return {name: None if content is None else content.decode()}
    except UnicodeDecodeError:
        return {f"{name}_base64": base64.b64encode(content or b"").decode()}
