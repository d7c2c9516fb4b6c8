"""Decode record batches: Kafka's message format v2, byte by byte, the same for every reader.

Worker, replay and verify all use this module, so the same bytes have the same outcome whatever client, codec or header
wrote them. Format: Apache Kafka, documentation section 5.3 "Message Format". Pure.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from crc32c import crc32c

from schemas.wording import Arguments, Reason
from streams.batch import Header, Record
from streams.codecs import NotUnpacked, unpack

MOST_RECORDS = 100_000
"""The maximum number of records of a batch: each takes memory, and a megabyte can hold ten million."""
MOST_HEADERS = 500_000
"""The maximum number of headers in a batch, for the same reason."""
OF_A_HEADER = 128
"""Bytes of memory of a header in addition to its key and value."""
OF_A_FAULT = 1 << 20
"""A batch that cannot be read counts like so many bytes: the check took time, and heartbeats wait meanwhile."""

_HEAD = Struct(">qiibI")  # base offset, length, leader's epoch, magic, checksum
_BODY = Struct(">hiqqqhii")  # attributes, last delta, first and largest time, producer, epoch, sequence, count
_RECORDS = _HEAD.size + _BODY.size
_CODEC, _APPEND_TIME, _TRANSACTIONAL, _CONTROL = 0x07, 0x08, 0x10, 0x20
_LEAST, _MOST = -(1 << 63), (1 << 63) - 1
_MARKER = Struct(">hh")  # version, type
_NONE: tuple[Header, ...] = ()
_new = tuple.__new__  # a NamedTuple's own __new__ takes three times as long


class Damaged(ValueError):
    """Bytes that the broker did not accept in this form: the checksum is wrong, or the format is old."""


class Unpacked(NamedTuple):
    """The records of a batch, and their size: about the bytes of memory of their keys, values and headers."""

    records: list[Record]
    size: int


class RecordBatch(NamedTuple):
    """One record batch: its offsets are [base, end)."""

    base: int
    end: int
    attributes: int
    first_time: int
    largest_time: int
    producer: int
    declared: int
    checked: bytes
    """The bytes that the checksum covers; the records begin after `_BODY`."""

    @property
    def transactional(self) -> bool:
        """True if the batch is part of a transaction."""
        return bool(self.attributes & _TRANSACTIONAL)

    @property
    def control(self) -> bool:
        """True if the batch is a transaction marker."""
        return bool(self.attributes & _CONTROL)

    @property
    def aborts(self) -> bool:
        """True if it is the marker of an abort (section 5.3.2)."""
        try:
            (marker,) = self._parse(self.checked[_BODY.size :]).records
            return bool(_MARKER.unpack_from(marker.key or b"")[1] == 0)
        except (ValueError, IndexError, struct.error):
            return False

    def read(self, bound: int) -> Unpacked:
        """Return the records; or one record that represents the batch, if it unpacks to more than `bound` bytes or is
        malformed."""
        try:
            return self._records(bound)
        except NotUnpacked as error:
            return self._unreadable(error.reason, error.arguments)
        except (ValueError, IndexError):
            return self._unreadable("batch_form", {})

    def _records(self, bound: int) -> Unpacked:
        if self.declared > MOST_RECORDS:
            raise NotUnpacked("batch_records", records=self.declared, most=MOST_RECORDS)
        return self._parse(unpack(self.attributes & _CODEC, self.checked[_BODY.size :], bound))

    def _unreadable(self, reason: str, arguments: Arguments) -> Unpacked:
        offsets, wire = self.end - self.base, len(self.checked)
        fault = Reason(reason, {**arguments, "offsets": offsets})
        record = Record(self.base, self.largest_time, None, self.checked, (), wire, fault, offsets)
        return Unpacked([record], wire + OF_A_FAULT)

    def _parse(self, payload: bytes) -> Unpacked:
        """Return the records of an unpacked payload. Raise ValueError or IndexError if it is malformed."""
        records: list[Record] = []
        at, last, span = 0, -1, self.end - self.base
        append_time = self.largest_time if self.attributes & _APPEND_TIME else None
        wire = len(self.checked) // max(1, self.declared)
        head, headers = b"\x00", _NONE  # the headers of a batch's records are mostly equal: keep the last bytes
        left, weight, of_headers, whole = MOST_HEADERS, 0, 0, len(payload)
        first_time, base = self.first_time, self.base
        for _ in range(self.declared):
            length, at = _varint(payload, at)
            end = at + length
            if length < 1 or end > whole:
                raise ValueError("a record is truncated")
            at += 1  # after the attributes, an unused byte
            delta, at = _varint(payload, at)
            offset, at = _varint(payload, at)
            if not last < offset < span:
                raise ValueError("offsets are out of order")
            last = offset
            byte = payload[at]
            if byte < 0x80 and not byte & 1:  # most keys are shorter than 64 bytes
                at += 1
                key: bytes | None = payload[at : (at := at + (byte >> 1))]
            else:
                key, at = _bytes(payload, at, end)
            size, at = _varint(payload, at)
            value = None if size < 0 else payload[at : (at := at + size)]
            if at > end:
                raise ValueError("a key or value is truncated")
            rest = payload[at:end]
            if rest != head:
                count, behind = _count(rest)
                if count > left:
                    raise NotUnpacked("batch_headers", most=MOST_HEADERS)
                left -= count
                head, headers = rest, _headers(rest, count, behind)
                weight = OF_A_HEADER * len(headers)
            of_headers += weight
            time = first_time + delta if append_time is None else append_time
            if not _LEAST <= time <= _MOST:
                time = _int64(time)
            records.append(_new(Record, (base + offset, time, key, value, headers, wire, None, 1, None)))
            at = end
        if at != whole:
            raise ValueError("bytes follow the last record")
        return Unpacked(records, whole + of_headers)


def batches(data: bytes) -> Iterator[RecordBatch]:
    """Yield the complete batches of a fetched stretch of the log; the last one may be truncated. Raise Damaged."""
    at, whole = 0, len(data)
    while at + _RECORDS <= whole:
        base, length, _, magic, checksum = _HEAD.unpack_from(data, at)
        end = at + 12 + length
        if end > whole:
            return
        if magic != 2 or length < _RECORDS - 12:
            raise Damaged(f"it has format {magic}, length {length}")
        checked = data[at + _HEAD.size : end]
        if crc32c(checked) != checksum:
            raise Damaged("its checksum is wrong")
        attributes, delta, first_time, largest_time, producer, _, _, count = _BODY.unpack_from(checked)
        yield RecordBatch(base, base + delta + 1, attributes, first_time, largest_time, producer, count, checked)
        at = end


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a number in ZigZag base 128, and the position after it. Raise IndexError, ValueError."""
    byte = data[at]
    if byte < 0x80:
        return (byte >> 1) ^ -(byte & 1), at + 1
    second = data[at + 1]
    if second < 0x80:  # most numbers have one byte or two
        number = byte & 0x7F | second << 7
        return (number >> 1) ^ -(number & 1), at + 2
    number, shift, at = byte & 0x7F | (second & 0x7F) << 7, 14, at + 2
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return (number >> 1) ^ -(number & 1), at
        shift += 7
        if shift > 63:
            raise ValueError("a number has more than ten bytes")


def _bytes(data: bytes, at: int, end: int) -> tuple[bytes | None, int]:
    length, at = _varint(data, at)
    if length < 0:
        return None, at
    if at + length > end:
        raise ValueError("a key or value is truncated")
    return data[at : at + length], at + length


def _count(section: bytes) -> tuple[int, int]:
    """Return the number of headers in a section, and their position; 0 if the section is too short for the number."""
    try:
        count, at = _varint(section, 0)
    except (ValueError, IndexError):
        return 0, 0
    return (count, at) if 0 < 2 * count <= len(section) else (0, at)


def _headers(section: bytes, count: int, at: int) -> tuple[Header, ...]:
    """Return the headers of a record; none if they are malformed, as no value depends on them."""
    headers = []
    try:
        for _ in range(count):
            key, at = _bytes(section, at, len(section))
            value, at = _bytes(section, at, len(section))
            headers.append((key or b"", value))
    except (ValueError, IndexError):
        return _NONE
    return tuple(headers)


def _int64(number: int) -> int:
    """Return the number as a signed 64-bit integer: in Java, a sum that is too large wraps around."""
    return (number - _LEAST) % (1 << 64) + _LEAST
