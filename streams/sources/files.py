"""Office files, one document at a time: whatever a file's size, no more of it is held than one document."""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from streams.sources.results import NotTaken, Unreadable

LARGEST_PIECE = 64 * 2**20
"""A document has at most this many bytes."""
LINE = re.compile(rb"(?<=\n)")
"""Each line is a document."""
PROLOG = re.compile(rb"<\?xml\s")
"""An XML declaration begins a document; well-formed XML has it nowhere else (XML 1.0, section 2.8)."""

JSON_LINE = re.compile(rb'\{[ \t]*["}]').match
"""Whether a file begins with a JSON object that goes on in its first line."""

_CHUNK = 2**20
_MARK = 5  # bytes at the end of a chunk that may be the beginning of a boundary
_GZIP = b"\x1f\x8b"
_LEADING = b"\xef\xbb\xbf \t\r\n"  # a byte order mark and blanks


class Piece(NamedTuple):
    """One document of a file without the blanks before it, and the line on which they begin."""

    line: int
    content: bytes


def pieces(path: Path, boundary_of: Callable[[bytes], re.Pattern[bytes]]) -> Iterator[Piece | NotTaken]:
    """The documents of a file, plain or gzip.

    `boundary_of` is given the file's first bytes and answers with the pattern that begins each document
    after the first, or raises Unreadable for a format that it does not know. What cannot be read is a NotTaken.
    """
    reached = 1
    try:
        with _opened(path) as file:
            for piece in _split(file, boundary_of(file.peek(_CHUNK).lstrip(_LEADING))):
                reached = piece.line + piece.content.count(b"\n")
                if len(piece.content) > LARGEST_PIECE:
                    reason = f"a document of more than {LARGEST_PIECE} bytes"
                    yield NotTaken(str(path), f"line {piece.line}", reason, fault=True)
                elif content := piece.content.lstrip(_LEADING):
                    yield Piece(piece.line, content)
    except Unreadable as error:
        yield NotTaken(str(path), "line 1", str(error), fault=True)
    except (OSError, EOFError, zlib.error) as error:
        yield NotTaken(str(path), f"line {reached}", f"cannot be read further: {error}", fault=True)


def _opened(path: Path) -> gzip.GzipFile | BufferedReader:
    file = path.open("rb")
    if file.peek(len(_GZIP))[: len(_GZIP)] != _GZIP:
        return file
    file.close()
    return gzip.GzipFile(path)


def _split(file: gzip.GzipFile | BufferedReader, boundary: re.Pattern[bytes]) -> Iterator[Piece]:
    """A piece that outgrows the limit is given once, cut off behind it; the rest of it is walked over."""
    line, held, searched, walking = 1, bytearray(), 1, False
    while chunk := file.read1(_CHUNK):
        held += chunk
        start = 0
        for match in boundary.finditer(held, searched):
            if not walking:
                yield Piece(line, bytes(held[start : match.start()]))
            line += held.count(b"\n", start, match.start())
            start, walking = match.start(), False
        del held[:start]
        if walking or len(held) > LARGEST_PIECE:
            if not walking:
                yield Piece(line, bytes(held))
            line += held.count(b"\n", 0, max(0, len(held) - _MARK))
            walking = True
            del held[:-_MARK]
        searched = max(0 if walking else 1, len(held) - _MARK)
    if held and not walking:
        yield Piece(line, bytes(held))
