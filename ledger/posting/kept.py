"""What a book keeps of the bytes of refused records: all of them, within an allowance. The log has the rest."""

from __future__ import annotations

import base64
from typing import NamedTuple

import orjson

from streams.batch import Header, Record

LARGEST_SIDE = 1 << 16
"""A key, the headers together, and a batch that cannot be read are kept up to this many bytes."""
AT_MOST = 64 << 20
"""The largest allowance of a partition; its first one stands in schema.sql."""
EARNED = 2
"""Bytes that may be kept for each byte of the log: so a book stays below three times what the wire brought."""


class Kept(NamedTuple):
    """Key, value and headers as they are kept. size: bytes of the value as it came; None without a value."""

    size: int | None
    key: bytes | None
    value: bytes | None
    headers: bytes | None


class Allowance:
    """How many bytes of refused records may be kept of a partition from here on.

    It is earned by what the log holds, refused or not, and spent in the order of the log. So it is the same in every
    book of the log, and among good records a refused one is kept whole, however well its batch is packed.
    """

    def __init__(self, left: int) -> None:
        self._left = left
        self.wire = 0
        """Bytes of the log that have come since."""

    @property
    def left(self) -> int:
        """The allowance now."""
        self._left = min(AT_MOST, self._left + EARNED * self.wire)
        self.wire = 0
        return self._left

    def keep(self, record: Record) -> Kept:
        """Return what is kept of a refused record: of key and value their beginning, of headers those that fit."""
        left = most = self.left if record.fault is None else min(self.left, LARGEST_SIDE)
        key = None if record.key is None else record.key[: min(left, LARGEST_SIDE)]
        left -= len(key or b"")
        value = None if record.value is None else record.value[:left]
        left -= len(value or b"")
        headers = _headers(record.headers, min(left, LARGEST_SIDE))
        self._left -= most - left + len(headers or b"")
        return Kept(None if record.value is None else len(record.value), key, value, headers)


def _headers(headers: tuple[Header, ...], most: int) -> bytes | None:
    """Return headers as a JSON array of objects, as many as have `most` bytes; what is not UTF-8 stands under
    `key_base64` or `value_base64`."""
    fitting: list[bytes] = []
    left = most - 2
    for key, value in headers:
        if len(key) + len(value or b"") > left:
            break
        written = orjson.dumps({**_text("key", key), **_text("value", value)})
        left -= len(written) + 1
        if left < -1:
            break
        fitting.append(written)
    return b"[" + b",".join(fitting) + b"]" if fitting else None


def _text(name: str, content: bytes | None) -> dict[str, str | None]:
    try:
        return {name: None if content is None else content.decode()}
    except UnicodeDecodeError:
        return {f"{name}_base64": base64.b64encode(content or b"").decode()}
