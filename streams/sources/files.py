"""Read office files one document at a time; memory is bounded by one document, whatever a file's size.

Files are untrusted. So each limit applies to the bytes read, never to sizes that a file declares.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from io import BufferedReader, TextIOWrapper
from typing import NamedTuple

import orjson

from streams.sources.formats import (
    Beginning,
    Boundary,
    Format,
    JsonItems,
    TableRows,
    TaggedDocuments,
    XmlElements,
    column_of,
    separator_of,
)
from streams.sources.json_items import items
from streams.sources.packed import FAULTS, PackedFile, fault_in_words
from streams.sources.results import Skipped, SkipReason, Unreadable

LARGEST_PIECE = 32 * 2**20
"""Maximum bytes of a document."""
MOST_PARTS = 500_000
"""Maximum parts of a document (tags and attributes of XML, values of JSON), as each costs more than its bytes."""
LARGEST_ROW = 2**20
"""Maximum characters of a table's row; its header is within the first `MOST_ABOVE` lines."""
MOST_ABOVE = 1000

_CHUNK = 2**20
_HEAD = 2**16  # bytes at the beginning of a file that identify its format
_MARK = 31  # bytes at the end of a chunk that may be the beginning of a boundary
_DECLARED = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([A-Za-z][\w.-]*)[\"']").match
_ENCODINGS = {"gb2312": "gb18030", "gbk": "gb18030"} | {
    name: name
    for name in ("gb18030", "big5", "euc-jp", "euc-kr", "shift_jis", "iso-8859-1", "iso-8859-15", "windows-1252")
}
"""The encodings other than UTF-8 that offices declare. In none of them is `<` a part of another character."""
_LEADING = b"\xef\xbb\xbf \t\r\n"  # a byte order mark and white space


class Piece(NamedTuple):
    """One document of a file without leading white space, and its location: a line or an item."""

    location: str
    content: bytes


class _BadRow(NamedTuple):
    """A row of a table, or a document of XML, that is not text, and why."""

    location: str
    reason: str


def head_of(member: PackedFile) -> bytes:
    """Return the first bytes of a member, which identify its format; rewind it. Raise FAULTS."""
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


def pieces(member: PackedFile, form: Format) -> Iterator[Piece | Skipped]:
    """Yield the documents of a member. One that is too large or unreadable is a Skipped."""
    location = "its beginning"
    try:
        for piece in _cut(member.file, form):
            location = piece.location
            if isinstance(piece, _BadRow):
                yield Skipped(member.name, location, SkipReason.BAD_DOCUMENT, piece.reason)
            elif len(piece.content) > LARGEST_PIECE:
                yield Skipped(
                    member.name, location, SkipReason.TOO_LARGE, f"a document of more than {LARGEST_PIECE} bytes"
                )
            elif _parts(piece.content) > MOST_PARTS:
                yield Skipped(
                    member.name, location, SkipReason.TOO_LARGE, f"a document of more than {MOST_PARTS} parts"
                )
            elif content := piece.content.lstrip(_LEADING):
                yield Piece(location, content)
    except FAULTS as error:
        yield Skipped(member.name, f"after {location}", SkipReason.UNREADABLE_FILE, fault_in_words(error))
    except Unreadable as error:
        yield Skipped(member.name, location, error.rule, str(error))


def _parts(content: bytes) -> int:
    if content.lstrip(_LEADING).startswith(b"<"):
        return content.count(b"<") + content.count(b"=")
    return content.count(b",") + content.count(b"[") + content.count(b"{")


def _cut(file: BufferedReader, form: Format) -> Iterator[Piece | _BadRow]:
    match form.cut:
        case XmlElements(name):
            return _in_utf_8(_elements(file, name), _head_of(file))
        case JsonItems(array):
            return _items(file, array)
        case TableRows() as table:
            return _rows(file, table)
        case TaggedDocuments(tag):
            tagged = (piece for piece in _split(file, tag) if tag.match(piece.content.lstrip(_LEADING)))
            return _in_utf_8(tagged, _head_of(file))
        case Beginning():
            return iter([Piece("its beginning", _head_of(file))])
        case boundary:
            return _split(file, boundary)


def _elements(file: BufferedReader, name: bytes) -> Iterator[Piece]:
    """Yield each element to its end tag; one without an end tag extends to the next element."""
    begin, end = re.compile(rb"<" + re.escape(name) + rb"[\s>]"), b"</" + name + b">"
    for piece in _split(file, begin):
        content = piece.content.lstrip(_LEADING)
        if begin.match(content):
            inside, tag, _ = content.rpartition(end)
            yield piece._replace(content=inside + tag or content)


def _in_utf_8(documents: Iterator[Piece], head: bytes) -> Iterator[Piece | _BadRow]:
    """Yield documents that are cut out of a file in UTF-8: they have lost the declaration of its encoding."""
    declared = _DECLARED(head)
    encoding = _ENCODINGS.get(declared[1].decode().lower()) if declared else None
    for piece in documents:
        try:
            yield piece._replace(content=piece.content.decode(encoding).encode()) if encoding else piece
        except UnicodeDecodeError:
            yield _BadRow(piece.location, f"a document that is not in {encoding}, as its file declares")


def _items(file: BufferedReader, array: str) -> Iterator[Piece]:
    """Yield the objects in the array of this name; skip everything around it."""
    for number, item in enumerate(items(_chunks(file), array, LARGEST_PIECE), start=1):
        yield Piece(f"item {number}", item)


def _chunks(file: BufferedReader) -> Iterator[bytes]:
    """Yield a file without its byte order mark (RFC 8259, section 8.1); no chunk ends inside an escape."""
    if file.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
        file.seek(0)
    while chunk := file.read1(_CHUNK):
        backslashes = len(chunk) - len(chunk.rstrip(b"\\"))
        yield chunk + file.read(1) if backslashes % 2 else chunk


def _rows(file: BufferedReader, table: TableRows) -> Iterator[Piece | _BadRow]:
    head = _head_of(file)
    above = dict(table.about(head))
    first = head.partition(b"\n")[0].decode("utf-8", "replace")
    # Bytes that are not UTF-8 make a row bad, not the file.
    text = TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
    beginning = table.header.decode().replace('"', "")
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter="," if beginning else separator_of(first))
    names: Sequence[str] = ()
    columns: Sequence[str] = ()
    try:
        for cells in reader:
            lines.left = LARGEST_ROW
            if names and 0 < len(cells) < len(names) and lines.is_cut:
                yield _BadRow(
                    f"line {reader.line_num}", f"the file ends in this row: {len(cells)} of {len(names)} cells"
                )
            elif names and (wrong := _wrong_number(cells, names, table.short)):
                yield _BadRow(f"line {reader.line_num}", wrong)
            elif names and any(cells):
                values = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
                yield _piece_of(f"line {reader.line_num}", above | values)
            elif not names and ",".join(cells).startswith(beginning):
                names, columns = cells, _kept(cells, table.columns) if table.columns else cells
            elif not names and reader.line_num > MOST_ABOVE:
                break
            elif not names and len(cells) > 1:
                above[cells[0]] = cells[1]
        if not names:
            raise csv.Error(f"no line begins with {beginning}")
    finally:
        text.detach()


def _kept(names: Sequence[str], columns: Collection[str]) -> list[str]:
    return [column if column in columns else "" for column in map(column_of, names)]


def _wrong_number(cells: Sequence[str], names: Sequence[str], short: bool) -> str | None:
    """Return why a row does not fit its header: a cell too few or too many may shift all others."""
    needed = max((number for number, name in enumerate(names, start=1) if name), default=0)
    if any(cells) and ((len(cells) < needed and not short) or any(map(str.strip, cells[len(names) :]))):
        return f"a row of {len(cells)} cells under a header of {len(names)}: {','.join(cells)[:64]!r}"
    return None


def _piece_of(location: str, row: Mapping[str, str]) -> Piece | _BadRow:
    try:
        return Piece(location, orjson.dumps(row))
    except orjson.JSONEncodeError:
        raw = (cell.encode("utf-8", "surrogateescape") for cell in row.values() if not cell.isprintable())
        bad = next((cell for cell in raw if not _is_utf_8(cell)), b"")
        return _BadRow(location, f"a row with bytes that are not UTF-8: {bad[:64]!r}")


def _is_utf_8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


class _Lines:
    """The lines of a table, with a limit on the characters of one row."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text, self.left = text, LARGEST_ROW
        self.is_cut = False
        """True after a line without an end: the last one, perhaps of a file that was cut off."""

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(LARGEST_ROW + 1):
            self.left -= len(line)
            self.is_cut = not line.endswith(("\n", "\r"))
            if self.left < 0:
                raise csv.Error(f"a row of more than {LARGEST_ROW} characters")
            yield line


def _split(file: BufferedReader, boundary: Boundary) -> Iterator[Piece]:
    """Yield the pieces between boundaries. A piece over the limit is yielded once, truncated just beyond the limit; the
    rest of it is skipped."""
    line, held, searched, walking = 1, bytearray(), 1, False

    def piece(content: bytearray) -> Piece:
        spaces = len(content) - len(content.lstrip(_LEADING))
        begin = line + content.count(b"\n", 0, spaces)
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
