"""The source `uspto-grants`: Red Book XML v4.x and the documents of Patent Public Search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from streams.sources import red_book, search_json
from streams.sources.files import JSON_LINE, LINE, PROLOG, Piece, pieces
from streams.sources.grant import granted
from streams.sources.results import LeftOut, NotTaken, Result, Unreadable

_APS = re.compile(rb"PATN\s|HHHHHT").match


def uspto_grants(paths: Sequence[Path]) -> Iterator[Result]:
    """One `ip.patent.granted.v1` a grant, in the order of the files."""
    for path in paths:
        for piece in pieces(path, _boundary):
            yield piece if isinstance(piece, NotTaken) else _result(path, piece)


def _boundary(head: bytes) -> re.Pattern[bytes]:
    if head.startswith(b"<"):
        return PROLOG
    if JSON_LINE(head):
        return LINE
    if not head:
        raise Unreadable("the file is empty")
    if _APS(head):
        raise Unreadable("APS text (Green Book) is a format not taken in this version; XML v4.x is")
    raise Unreadable("the file is neither Red Book XML v4.x nor search JSON, one document a line")


def _result(path: Path, piece: Piece) -> Result:
    read = red_book.read if piece.content.startswith(b"<") else search_json.read
    place = f"line {piece.line}"
    try:
        return granted(read(piece.content))
    except LeftOut as reason:
        return NotTaken(str(path), place, str(reason), fault=False)
    except ValueError as error:
        return NotTaken(str(path), place, str(error), fault=True)
