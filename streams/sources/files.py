"""Office files, one document at a time: whatever a file's size, no more of it is held than one document."""

from __future__ import annotations

import codecs
import csv
import gzip
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import IO, NamedTuple, cast

import ijson
import orjson

from schemas.reasons import LONGEST_MESSAGE, shown
from streams.sources.formats import Boundary, Elements, Format, Items, Rows
from streams.sources.results import NotTaken, Rule

LARGEST_PIECE = 64 * 2**20
"""A document has at most this many bytes."""

_CHUNK = 2**20
_HEAD = 2**16  # bytes at the beginning of a file by which its format is known
_MARK = 31  # bytes at the end of a chunk that may be the beginning of a boundary
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_LEADING = b"\xef\xbb\xbf \t\r\n"  # a byte order mark and blanks


Bytes = BufferedReader | gzip.GzipFile | zipfile.ZipExtFile
"""A file's bytes. What was read before a fault is not lost with `read1`."""


class Piece(NamedTuple):
    """One document of a file without the blanks before it, and where it stands: a line or an item."""

    place: str
    content: bytes


class Member(NamedTuple):
    """A file, or one in a ZIP archive: its name for people, its bytes, and how many of the file's were read so far."""

    name: str
    file: Bytes
    raw: IO[bytes]


def members(path: Path, stack: ExitStack) -> Iterator[Member]:
    """What is in a file: plain and gzip files are one member, a ZIP archive has several. Raises OSError, BadZipFile."""
    raw = stack.enter_context(path.open("rb"))
    match raw.peek(len(_ZIP))[: len(_ZIP)]:
        case beginning if beginning == _ZIP:
            archive = stack.enter_context(zipfile.ZipFile(raw))
            for entry in archive.infolist():
                if not entry.is_dir():
                    yield Member(f"{path}/{entry.filename}", _unpacked(archive, entry), raw)
        case beginning if beginning.startswith(_GZIP):
            yield Member(str(path), gzip.GzipFile(fileobj=raw), raw)
        case _:
            yield Member(str(path), raw, raw)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> zipfile.ZipExtFile:
    try:
        return cast(zipfile.ZipExtFile, archive.open(entry))
    except RuntimeError as error:  # it is encrypted, or compressed in a way that is not known here
        raise OSError(str(error)) from error


def head_of(member: Member) -> bytes:
    """The first bytes of a member, by which its format is known; it is at its beginning again. Raises FAULTS."""
    head = b""
    try:
        while len(head) < _HEAD and (chunk := member.file.read1(_HEAD)):
            head += chunk
    except FAULTS:
        if not head:
            raise
    member.file.seek(0)
    return head.lstrip(_LEADING)


def pieces(member: Member, form: Format) -> Iterator[Piece | NotTaken]:
    """The documents of a member. One that is too large, and what cannot be read, is a NotTaken."""
    place = "its beginning"
    try:
        for piece in _cut(member.file, form):
            place = piece.place
            if len(piece.content) > LARGEST_PIECE:
                yield NotTaken(member.name, place, Rule.TOO_LARGE, f"a document of more than {LARGEST_PIECE} bytes")
            elif content := piece.content.lstrip(_LEADING):
                yield Piece(place, content)
    except FAULTS as error:
        yield NotTaken(member.name, f"after {place}", Rule.UNREADABLE_FILE, fault_in_words(error))


FAULTS = (OSError, EOFError, zlib.error, zipfile.BadZipFile, ijson.JSONError, UnicodeDecodeError, csv.Error)
"""How a file ends too early, or in the middle of something else."""


def fault_in_words(error: Exception) -> str:
    """On one line."""
    return shown(f"cannot be read further: {' '.join(str(error).split())}", LONGEST_MESSAGE)


def _cut(file: Bytes, form: Format) -> Iterator[Piece]:
    match form.cut:
        case Elements(name):
            return _elements(file, name)
        case Items(array):
            return _items(file, array)
        case Rows(header):
            return _rows(file, header)
        case boundary:
            return _split(file, boundary)


def _elements(file: Bytes, name: bytes) -> Iterator[Piece]:
    """Each element to its end tag; one that has none goes on to where the next one begins."""
    begin, end = re.compile(rb"<" + re.escape(name) + rb"[\s>]"), b"</" + name + b">"
    for piece in _split(file, begin):
        content = piece.content.lstrip(_LEADING)
        if begin.match(content):
            inside, tag, _ = content.rpartition(end)
            yield piece._replace(content=inside + tag or content)


def _items(file: Bytes, array: str) -> Iterator[Piece]:
    """The objects in the array of this name; whatever is around it is walked over."""
    prefix = _prefix_of(file, array)
    for number, item in enumerate(ijson.items(_unmarked(file), prefix), start=1):
        try:
            # ijson reads fractions as Decimal, and integers of any length, which orjson does not write
            content = json.dumps(item, default=float).encode()
        except RecursionError as error:
            raise ijson.JSONError("an item is nested too deeply") from error
        yield Piece(f"item {number}", content)


def _prefix_of(file: Bytes, array: str) -> str:
    """Where the array, or the one object that stands for it, is in the words of ijson."""
    for prefix, event, _ in ijson.parse(_unmarked(file)):
        if event in ("start_array", "start_map") and prefix.rpartition(".")[2] == array:
            return f"{prefix}.item".lstrip(".") if event == "start_array" else prefix
    raise ijson.JSONError(f"it has no list of the name {array!r}")


def _unmarked(file: Bytes) -> Bytes:
    """The same at its beginning, behind the byte order mark if it has one (RFC 8259, section 8.1)."""
    file.seek(0)
    if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
        file.seek(0)
    return file


def _rows(file: Bytes, header: bytes) -> Iterator[Piece]:
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="")
    beginning = header.decode().replace('"', "")
    reader = csv.reader(text)
    names: Sequence[str] = ()
    above: dict[str, str] = {}
    try:
        for cells in reader:
            if names and any(cells):
                said = {name: cell for name, cell in zip(names, cells, strict=False) if name}
                yield Piece(f"line {reader.line_num}", orjson.dumps(above | said))
            elif not names and ",".join(cells).startswith(beginning):
                names = cells
            elif not names and len(cells) > 1:
                above[cells[0]] = cells[1]
        if not names:
            raise csv.Error(f"no line begins with {beginning}")
    finally:
        text.detach()


def _split(file: Bytes, boundary: Boundary) -> Iterator[Piece]:
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
