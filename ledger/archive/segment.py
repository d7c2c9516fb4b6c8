"""A segment: the records of one range of offsets of a partition in a file; docs/archive.md has it byte by byte."""

from __future__ import annotations

import gzip
import hashlib
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

import orjson

from ledger.archive.errors import SegmentDamaged
from schemas.wording import Reason
from streams.batch import Record

MAGIC = b"IPLOG\x00\x00\x01"
_LONGEST = 2**31 - 1
"""Bytes of one key, value or header."""
_END, _RECORD, _UNREADABLE, _ERASED = 0, 1, 2, 3
_HASH_BYTES = 32
_NONE = -1
"""The length of a missing key, value or header."""
_PARTITION_START, _LEAD, _TAIL = struct.Struct(">IQ"), struct.Struct(">QqI"), struct.Struct(">QI")
_SHORT, _COUNT, _LENGTH = struct.Struct(">H"), struct.Struct(">I"), struct.Struct(">i")


class SegmentSummary(NamedTuple):
    """The summary of a segment: its partition, the offsets [start, end), and the number of its records."""

    topic: str
    partition: int
    start: int
    end: int
    records: int


class SegmentWriter:
    """Writes records to a compressed file, in order. The hash is that of the content before compression."""

    def __init__(self, file: IO[bytes], topic: str, partition: int, start: int) -> None:
        self._packed = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)
        self._hash = hashlib.sha256()
        self.records = 0
        name = topic.encode()
        self._put(MAGIC + _SHORT.pack(len(name)) + name + _PARTITION_START.pack(partition, start))

    def add(self, record: Record) -> None:
        """Add a record, or an unreadable batch."""
        kind = _UNREADABLE if record.fault is not None else _RECORD if record.erased is None else _ERASED
        parts = [bytes([kind])]
        parts.append(_LEAD.pack(record.offset, record.timestamp, record.wire))
        parts += [_bytes(record.key), _bytes(record.value), _COUNT.pack(len(record.headers))]
        for name, value in record.headers:
            parts += [_bytes(name), _bytes(value)]
        if record.fault is not None:
            parts += [_COUNT.pack(record.offsets), _bytes(orjson.dumps([*record.fault], option=orjson.OPT_SORT_KEYS))]
        if record.erased is not None:
            parts.append(record.erased)
        self._put(b"".join(parts))
        self.records += 1

    def close(self, end: int) -> str:
        """End the segment before an offset, and return its hash in hexadecimal."""
        self._put(bytes([_END]) + _TAIL.pack(end, self.records))
        self._packed.close()
        return self._hash.hexdigest()

    def _put(self, content: bytes) -> None:
        self._hash.update(content)
        self._packed.write(content)


class SegmentReader:
    """Reads a segment. Its `summary` and `sha256` are known after the last record."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._hash = hashlib.sha256()
        self.summary: SegmentSummary | None = None

    @property
    def sha256(self) -> str:
        """The hash of the bytes read so far, in hexadecimal."""
        return self._hash.hexdigest()

    def records(self) -> Iterator[Record]:
        """Yield the records, in order. Raise SegmentDamaged."""
        try:
            with gzip.open(self._path, "rb") as packed:
                yield from self._records(packed)
        except (OSError, EOFError, zlib.error, struct.error, ValueError, TypeError) as error:
            raise SegmentDamaged(path=self._path, reason=str(error) or type(error).__name__) from error

    def _records(self, packed: Any) -> Iterator[Record]:
        def take(size: int) -> bytes:
            content: bytes = packed.read(size) if 0 <= size <= _LONGEST else b""
            if len(content) != size:
                raise ValueError("it is cut off")
            self._hash.update(content)
            return content

        def one() -> bytes | None:
            (length,) = _LENGTH.unpack(take(4))
            return None if length == _NONE else take(length)

        if take(len(MAGIC)) != MAGIC:
            raise ValueError("it does not begin as a segment")
        topic = take(_SHORT.unpack(take(2))[0]).decode()
        partition, start = _PARTITION_START.unpack(take(_PARTITION_START.size))
        count = 0
        while kind := take(1)[0]:
            if kind not in (_RECORD, _UNREADABLE, _ERASED):
                raise ValueError(f"{kind} is not a kind of record")
            offset, timestamp, wire = _LEAD.unpack(take(_LEAD.size))
            key, value = one(), one()
            headers = tuple((one() or b"", one()) for _ in range(_COUNT.unpack(take(4))[0]))
            fault, offsets = None, 1
            if kind == _UNREADABLE:
                (offsets,) = _COUNT.unpack(take(4))
                fault = Reason(*orjson.loads(one() or b""))
            erased = take(_HASH_BYTES) if kind == _ERASED else None
            count += 1
            yield Record(offset, timestamp, key, value, headers, wire, fault, offsets, erased)
        end, records = _TAIL.unpack(take(_TAIL.size))
        if records != count or packed.read(1):
            raise ValueError("its end does not fit")
        self.summary = SegmentSummary(topic, partition, start, end, records)


def _bytes(content: bytes | None) -> bytes:
    return _LENGTH.pack(_NONE) if content is None else _LENGTH.pack(len(content)) + content
