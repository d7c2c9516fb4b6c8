"""Unpack the payload of a record batch, with any codec of Kafka, within a limit that is checked before memory is used.

A payload is one or more frames (gzip: members), to its last byte; lz4 and zstd may contain skippable frames (RFC 1952
section 2.2; LZ4 frame format 1.6, section "Skippable Frames"; RFC 8878 section 3.1). Checksums of frames are verified.
Snappy is one raw block, or blocks with lengths after a header, as Java's xerial library writes them.
"""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Callable
from typing import Any, Protocol

import cramjam
from lz4.frame import LZ4FrameDecompressor

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
"""Codec names by their numbers in a batch's attributes."""
_XERIAL = b"\x82SNAPPY\x00"
_XERIAL_HEADER = 16  # magic bytes, a version, the oldest version that can read it
_MOST_FRAMES = 10_000
"""Empty frames unpack to nothing, so the limit on bytes does not stop them."""
_SLICE = 1 << 16
"""Bytes passed to a frame at a time: it copies the part that it does not use."""


class NotUnpacked(ValueError):
    """A payload cannot be unpacked: the reason code and its arguments, the same on any machine."""

    def __init__(self, reason: str, **arguments: str | int) -> None:
        self.reason, self.arguments = reason, arguments
        super().__init__(reason, arguments)


class Frame(Protocol):
    """One frame being unpacked, with the interface of the standard library's decompressors."""

    eof: bool
    needs_input: bool
    unused_data: bytes | None

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


def unpack(codec: int, payload: bytes, bound: int) -> bytes:
    """Return the unpacked `payload`, at most `bound` bytes. Raise NotUnpacked."""
    if codec == 0:
        unpacked = payload
    elif codec == 2:
        unpacked = _unpack_snappy(payload, bound)
    elif codec in _FRAMES:
        unpacked = _unpack_frames(CODECS[codec], _FRAMES[codec], payload, bound)
    else:
        raise NotUnpacked("batch_codec", codec=codec)
    if len(unpacked) > bound:
        raise _too_much(bound)
    return unpacked


class _Gzip:
    """A member of a gzip file. Unlike the other decompressors, zlib's returns unused input."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._member.eof

    @property
    def needs_input(self) -> bool:
        return not self._member.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._member.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._member.decompress(self._member.unconsumed_tail + data, max_length)


_FRAMES: dict[int, Callable[[], Any]] = {1: _Gzip, 3: LZ4FrameDecompressor, 4: ZstdDecompressor}


def _unpack_frames(name: str, new_frame: Callable[[], Frame], payload: bytes, bound: int) -> bytes:
    parts: list[bytes] = []
    size = at = 0
    for _ in range(_MOST_FRAMES):
        frame = new_frame()
        while not frame.eof:
            given = payload[at : at + _SLICE] if frame.needs_input else b""
            at += len(given)
            part = _next_part(name, frame, given, bound + 1 - size)
            size += len(part)
            parts.append(part)
            if size > bound:
                raise _too_much(bound)
        at -= len(frame.unused_data or b"")
        if at == len(payload):
            return b"".join(parts)
    raise NotUnpacked("batch_frames", codec=name, most=_MOST_FRAMES)


def _next_part(name: str, frame: Frame, given: bytes, most: int) -> bytes:
    try:
        part = frame.decompress(given, max_length=most)
    except (zlib.error, ZstdError, RuntimeError, EOFError) as error:
        raise NotUnpacked("batch_frame_damaged", codec=name) from error
    if not part and not given and not frame.eof:
        raise NotUnpacked("batch_breaks_off", codec=name)
    return part


def _unpack_snappy(payload: bytes, bound: int) -> bytes:
    if not payload.startswith(_XERIAL):
        return _snappy_block(payload, bound)
    parts: list[bytes] = []
    size, at = 0, _XERIAL_HEADER
    while at < len(payload):
        if at + 4 > len(payload):
            raise NotUnpacked("batch_breaks_off", codec="snappy")
        (length,) = struct.unpack_from(">i", payload, at)
        block = payload[at + 4 : at + 4 + length]
        if length <= 0 or len(block) < length:
            raise NotUnpacked("batch_breaks_off", codec="snappy")
        parts.append(_snappy_block(block, bound - size))
        size += len(parts[-1])
        at += 4 + length
    return b"".join(parts)


def _snappy_block(block: bytes, bound: int) -> bytes:
    """Return one raw block; its first bytes give its length (google/snappy, format_description.txt section 1)."""
    length = shift = 0
    for byte in block[:5]:
        length |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
    else:
        raise NotUnpacked("batch_damaged", codec="snappy")
    if length > bound:
        raise _too_much(bound)
    try:
        return bytes(cramjam.snappy.decompress_raw(block))
    except cramjam.DecompressionError as error:
        raise NotUnpacked("batch_damaged", codec="snappy") from error


def _too_much(bound: int) -> NotUnpacked:
    return NotUnpacked("batch_bytes", most=bound)
