"""Handmade record batches, produced over a socket: any client with write access can send such bytes.

Formats: Apache Kafka, documentation section 5.3; Produce request version 3 of its protocol.
"""

from __future__ import annotations

import gzip
import socket
import struct
import sys
import time
from collections.abc import Callable, Sequence

import cramjam
import lz4.frame
from crc32c import crc32c

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Pack = Callable[[bytes], bytes]
NO_LEADER_YET = 6
TIME = 1_700_000_000_000
CODECS: dict[str, tuple[int, Pack]] = {
    "none": (0, bytes),
    "gzip": (1, lambda data: gzip.compress(data, mtime=0)),
    "snappy": (2, lambda data: bytes(cramjam.snappy.compress_raw(data))),
    "xerial": (2, lambda data: _xerial(data)),
    "lz4": (3, lambda data: bytes(lz4.frame.compress(data, block_linked=False, content_checksum=True))),
    "zstd": (4, lambda data: zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1})),
}


def varint(number: int) -> bytes:
    """Encode a number as a ZigZag varint (base 128)."""
    number = ((number << 1) ^ (number >> 63)) & (1 << 64) - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def sized(content: bytes | None) -> bytes:
    """Encode bytes behind their length; -1 for None."""
    return varint(-1) if content is None else varint(len(content)) + content


def header_section(headers: Sequence[tuple[bytes | None, bytes | None]]) -> bytes:
    """Encode headers as at the end of a record."""
    return varint(len(headers)) + b"".join(sized(key) + sized(value) for key, value in headers)


def record(delta: int, key: bytes | None, value: bytes | None, section: bytes = b"\0", time_delta: int = 0) -> bytes:
    """Encode one record of a batch; `section` is its encoded headers."""
    body = b"\0" + varint(time_delta) + varint(delta) + sized(key) + sized(value) + section
    return varint(len(body)) + body


def batch(
    payload: bytes,
    count: int,
    codec: int = 0,
    *,
    at: int = TIME,
    attributes: int = 0,
    base: int = 0,
    producer: int = -1,
    last_delta: int | None = None,
) -> bytes:
    """Encode a batch around a compressed payload; compaction leaves a last delta above the count."""
    delta = count - 1 if last_delta is None else last_delta
    body = struct.pack(">hiqqqhii", codec | attributes, delta, at, at, producer, -1, -1, count) + payload
    rest = struct.pack(">ibI", 0, 2, crc32c(body)) + body
    return struct.pack(">qi", base, len(rest)) + rest


class RefusedByBroker(AssertionError):
    """The broker rejected a batch, with this error code of the Kafka protocol."""


def produce(brokers: str, topic: str, partition: int, content: bytes, timeout: float = 120) -> int:
    """Produce a batch; return its first offset. Raise RefusedByBroker."""
    deadline = time.monotonic() + timeout
    while True:
        error, offset = _produce(brokers, topic, partition, content, timeout)
        if error == NO_LEADER_YET and time.monotonic() < deadline:
            continue
        if error:
            raise RefusedByBroker(error)
        return offset


def _produce(brokers: str, topic: str, partition: int, content: bytes, timeout: float) -> tuple[int, int]:
    host, _, port = brokers.partition(",")[0].rpartition(":")
    name = topic.encode()
    request = struct.pack(">hhih", 0, 7, 1, 3) + b"raw" + struct.pack(">hhi", -1, -1, int(timeout * 1000))
    request += struct.pack(">ih", 1, len(name)) + name + struct.pack(">iii", 1, partition, len(content)) + content
    with socket.create_connection((host, int(port)), timeout) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        (length,) = struct.unpack(">i", _read(connection, 4))
        answer = _read(connection, length)
    _, error, offset = struct.unpack_from(">ihq", answer, 4 + 4 + 2 + len(name) + 4)
    return error, offset


def _read(connection: socket.socket, length: int) -> bytes:
    content = b""
    while len(content) < length:
        part = connection.recv(length - len(content))
        assert part, "the broker closed the connection"
        content += part
    return content


def _xerial(data: bytes, size: int = 1000) -> bytes:
    blocks = [bytes(cramjam.snappy.compress_raw(data[i : i + size])) for i in range(0, len(data), size)]
    return b"\x82SNAPPY\0" + struct.pack(">ii", 1, 1) + b"".join(struct.pack(">i", len(b)) + b for b in blocks)
