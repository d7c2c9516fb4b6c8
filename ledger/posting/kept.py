"""The bytes of rejected records in a book: all of them, up to an allowance. The log has the rest."""

from __future__ import annotations

import base64
from typing import NamedTuple

import orjson

from streams.batch import Header, Record

LARGEST_SIDE = 1 << 16
"""The most bytes kept of a key, of all headers of a record, and of an unreadable batch."""
AT_MOST = 64 << 20
"""The largest allowance of a partition; schema.sql has the initial one."""
EARNED = 2
"""Bytes that may be kept for each byte of the log, so that a book stays below three times the bytes on the wire."""


class Kept(NamedTuple):
    """The kept parts of key, value and headers. size: bytes of the whole value; None without a value."""

    size: int | None
    key: bytes | None
    value: bytes | None
    headers: bytes | None


class Allowance:
    """The number of bytes of rejected records that a book may still keep of a partition.

    All bytes of the log add to it, and rejected records use it up in log order. So it is the same in every book of
    the log, and a rejected record among good ones is kept whole, however well its batch is compressed.
    """

    def __init__(self, left: int) -> None:
        self._left = left
        self.wire = 0
        """Bytes of the log not yet added to the allowance."""

    @property
    def left(self) -> int:
        """Add the bytes of the log so far, and return the allowance."""
        self._left = min(AT_MOST, self._left + EARNED * self.wire)
        self.wire = 0
        return self._left

    def keep(self, record: Record) -> Kept:
        """Return the kept parts of a rejected record: the beginning of key and value, and the headers that fit."""
        left = most = self.left if record.fault is None else min(self.left, LARGEST_SIDE)
        key = None if record.key is None else record.key[: min(left, LARGEST_SIDE)]
        left -= len(key or b"")
        value = None if record.value is None else record.value[:left]
        left -= len(value or b"")
        headers = _headers(record.headers, min(left, LARGEST_SIDE))
        self._left -= most - left + len(headers or b"")
        return Kept(None if record.value is None else len(record.value), key, value, headers)


def _headers(headers: tuple[Header, ...], most: int) -> bytes | None:
    """Return as many headers as fit into `most` bytes, as a JSON array of objects; `key_base64` or `value_base64`
    holds bytes that are not UTF-8."""
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
