"""Office files, one document at a time: whatever a file's size, no more of it is held than one document.

They come from outside. So each bound is on what was read, never on what a file says of itself.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import BufferedReader, TextIOWrapper
from typing import NamedTuple

import orjson

from streams.sources.formats import Boundary, Elements, Format, Items, Rows
from streams.sources.json_items import items
from streams.sources.packed import FAULTS, Member, fault_in_words
from streams.sources.results import Skipped, SkipReason, Unreadable

LARGEST_PIECE = 32 * 2**20
"""A document has at most this many bytes."""
MOST_PARTS = 500_000
"""Tags and attributes of XML, values of JSON: a document has at most so many, as each costs more than its bytes."""
LARGEST_ROW = 2**20
"""A row of a table has at most this many characters, and `MOST_ABOVE` lines stand above its header."""
MOST_ABOVE = 1000

_CHUNK = 2**20
_HEAD = 2**16  # bytes at the beginning of a file by which its format is known
_MARK = 31  # bytes at the end of a chunk that may be the beginning of a boundary
_LEADING = b"\xef\xbb\xbf \t\r\n"  # a byte order mark and blanks


class Piece(NamedTuple):
    """One document of a file without the blanks before it, and where it stands: a line or an item."""

    place: str
    content: bytes


def head_of(member: Member) -> bytes:
    """The first bytes of a member, by which its format is known; it is at its beginning again. Raises FAULTS."""
    return _head_of(member.file)


def _head_of(file: BufferedReader) -> bytes:
    head = b""
    try:
        while len(head) < _HEAD and (chunk := file.read1(_HEAD)):
            head += chunk
    except FAULTS:
        if not head:
            raise
    file.seek(0)
    return head.lstrip(_LEADING)


def pieces(member: Member, form: Format) -> Iterator[Piece | Skipped]:
    """The documents of a member. One that is too large, and what cannot be read, is a Skipped."""
    place = "its beginning"
    try:
        for piece in _cut(member.file, form):
            place = piece.place
            if len(piece.content) > LARGEST_PIECE:
                yield Skipped(
                    member.name, place, SkipReason.TOO_LARGE, f"a document of more than {LARGEST_PIECE} bytes"
                )
            elif _parts(piece.content) > MOST_PARTS:
                yield Skipped(member.name, place, SkipReason.TOO_LARGE, f"a document of more than {MOST_PARTS} parts")
            elif content := piece.content.lstrip(_LEADING):
                yield Piece(place, content)
    except FAULTS as error:
        yield Skipped(member.name, f"after {place}", SkipReason.UNREADABLE_FILE, fault_in_words(error))
    except Unreadable as error:
        yield Skipped(member.name, place, error.rule, str(error))


def _parts(content: bytes) -> int:
    if content.lstrip(_LEADING).startswith(b"<"):
        return content.count(b"<") + content.count(b"=")
    return content.count(b",") + content.count(b"[") + content.count(b"{")


def _cut(file: BufferedReader, form: Format) -> Iterator[Piece]:
    match form.cut:
        case Elements(name):
            return _elements(file, name)
        case Items(array):
            return _items(file, array)
        case Rows(header, about):
            return _rows(file, header, about(_head_of(file)))
        case boundary:
            return _split(file, boundary)


def _elements(file: BufferedReader, name: bytes) -> Iterator[Piece]:
    """Each element to its end tag; one that has none goes on to where the next one begins."""
    begin, end = re.compile(rb"<" + re.escape(name) + rb"[\s>]"), b"</" + name + b">"
    for piece in _split(file, begin):
        content = piece.content.lstrip(_LEADING)
        if begin.match(content):
            inside, tag, _ = content.rpartition(end)
            yield piece._replace(content=inside + tag or content)


def _items(file: BufferedReader, array: str) -> Iterator[Piece]:
    """The objects in the array of this name; whatever is around it is walked over."""
    for number, item in enumerate(items(_chunks(file), array, LARGEST_PIECE), start=1):
        yield Piece(f"item {number}", item)


def _chunks(file: BufferedReader) -> Iterator[bytes]:
    """A file without its byte order mark (RFC 8259, section 8.1); no escape is cut."""
    if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
        file.seek(0)
    while chunk := file.read1(_CHUNK):
        backslashes = len(chunk) - len(chunk.rstrip(b"\\"))
        yield chunk + file.read(1) if backslashes % 2 else chunk


def _rows(file: BufferedReader, header: bytes, about: Mapping[str, str]) -> Iterator[Piece]:
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    beginning = header.decode().replace('"', "")
    lines = _Lines(text)
    reader = csv.reader(lines)
    names: Sequence[str] = ()
    above = dict(about)
    try:
        for cells in reader:
            lines.left = LARGEST_ROW
            if names and any(cells):
                said = {name: cell for name, cell in zip(names, cells, strict=False) if name}
                yield Piece(f"line {reader.line_num}", orjson.dumps(above | said))
            elif not names and ",".join(cells).startswith(beginning):
                names = cells
            elif not names and reader.line_num > MOST_ABOVE:
                break
            elif not names and len(cells) > 1:
                above[cells[0]] = cells[1]
        if not names:
            raise csv.Error(f"no line begins with {beginning}")
    finally:
        text.detach()


class _Lines:
    """The lines of a table, no more of one row than it may have."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text, self.left = text, LARGEST_ROW

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(LARGEST_ROW + 1):
            self.left -= len(line)
            if self.left < 0:
                raise csv.Error(f"a row of more than {LARGEST_ROW} characters")
            yield line


def _split(file: BufferedReader, boundary: Boundary) -> Iterator[Piece]:
    """A piece that outgrows the limit is given once, cut off behind it; the rest of it is walked over."""
    line, held, searched, walking = 1, bytearray(), 1, False

    def piece(content: bytearray) -> Piece:
        blanks = len(content) - len(content.lstrip(_LEADING))
        begin = line + content.count(b"\n", 0, blanks)
        return Piece(f"line {begin}", bytes(content))

    while chunk := file.read1(_CHUNK):
        held += chunk
        start = 0
        for match in boundary.finditer(held, searched):
            if not walking:
                yield piece(held[start : match.start()])
            line += held.count(b"\n", start, match.start())
            start, walking = match.start(), False
        del held[:start]
        if walking or len(held) > LARGEST_PIECE:
            if not walking:
                yield piece(held)
            line += held.count(b"\n", 0, max(0, len(held) - _MARK))
            walking = True
            del held[:-_MARK]
        searched = max(0 if walking else 1, len(held) - _MARK)
    if held and not walking:
        yield piece(held)
