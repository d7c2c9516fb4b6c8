"""The source `uspto-assignments`: conveyances recorded at the US office, as PEDS gives them, to pledges.

A security interest is a registration of an undisclosed amount; its assignor is the debtor, its assignee the
lender. A release is a cancellation of each pledge whose reel and frame it cites; one that cites none is filed
under its own, where it waits. A conveyance stands under every application that it touches, in any order and
file, and is one event: rows are grouped on disk. So give all files of a delivery to one import.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from streams.sources import office, peds
from streams.sources.conveyance import Kind, ReelFrame, cited, kind_of
from streams.sources.files import JSON_LINE, LINE, Piece, pieces
from streams.sources.results import Imported, NotTaken, Result, Unreadable, event

_SHELF = "CREATE TABLE row (reel, frame, application, asset, right_, conveyance, file, line)"
_PUT = "INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
# Of one application in two states the granted one comes last: "US…" sorts behind an application's number.
_TAKE = "SELECT * FROM row ORDER BY reel, frame, application, asset, right_, conveyance, file, line"


class _Row(NamedTuple):
    """A conveyance as it stands under one application."""

    reel: int
    frame: int
    application: str
    asset: str
    right: str
    conveyance: bytes
    file: str
    line: int


def uspto_assignments(paths: Sequence[Path]) -> Iterator[Result]:
    """One `ip.pledge.registered.v1` a security interest and one `ip.pledge.cancelled.v1` a pledge released.

    They come in the order of reel and frame, whatever that of the files; before them, lines that are unreadable.
    """
    with closing(sqlite3.connect("")) as shelf:  # an empty name: a private file on disk, gone when closed
        shelf.execute(_SHELF)
        for path in paths:
            for piece in pieces(path, _boundary):
                yield from [piece] if isinstance(piece, NotTaken) else _put(shelf, str(path), piece)
        rows = map(_Row._make, shelf.execute(_TAKE))
        for at, group in groupby(rows, key=lambda row: ReelFrame(row.reel, row.frame)):
            yield from _results(at, list(group))


def _boundary(head: bytes) -> re.Pattern[bytes]:
    if not head:
        raise Unreadable("the file is empty")
    if not JSON_LINE(head):
        raise Unreadable("the file is not PEDS JSON, one application a line")
    return LINE


def _put(shelf: sqlite3.Connection, file: str, piece: Piece) -> Iterator[NotTaken]:
    try:
        application = peds.read(piece.content)
    except ValueError as error:
        yield NotTaken(file, f"line {piece.line}", str(error), fault=True)
        return
    for position, given in enumerate(application.rows):
        try:
            reel_frame, said = peds.conveyance(given)
        except ValueError as error:
            yield NotTaken(file, f"line {piece.line}, assignment {position}", str(error), fault=True)
            continue
        row = (application.number, *application.asset, orjson.dumps(said), file, piece.line)
        shelf.execute(_PUT, (*reel_frame, *row))


def _results(at: ReelFrame, rows: list[_Row]) -> Iterator[Result]:
    file, line = min((row.file, row.line) for row in rows)
    place = f"line {line}, reel/frame {at}"
    said = max((orjson.loads(row.conveyance) for row in rows), key=_fullness)
    assets = {row.application: {"id": row.asset, "right": row.right} for row in rows}
    try:
        match kind := kind_of(said["text"]):
            case Kind.SECURITY:
                yield _registered(at, said, list(assets.values()))
            case Kind.RELEASE:
                for released in cited(said["text"]) or [at]:
                    yield _cancelled(at, released, said)
            case _:
                reason = f"not taken in this version: {kind.value}: {said['text'] or ''}".rstrip(": ")
                yield NotTaken(file, place, reason, fault=False)
    except ValueError as error:
        yield NotTaken(file, place, str(error), fault=True)


def _fullness(said: dict[str, Any]) -> tuple[bool, bool, int, bytes]:
    # Some applications have a conveyance without its parties. Equally full ones differ by their bytes.
    parties = len(said["assignors"]) + len(said["assignees"])
    return said["text"] is not None, said["day"] is not None, parties, orjson.dumps(said)


def _registered(at: ReelFrame, said: dict[str, Any], assets: list[dict[str, str]]) -> Imported:
    data = {
        "occurred_on": said["day"],
        "registration_no": str(at),
        "pledgors": said["assignors"],
        "pledgees": said["assignees"],
        "assets": assets,
        "amount_status": "undisclosed",
    }
    return event(_envelope("ip.pledge.registered.v1", at, said, f"conveyance {at}"), data)


def _cancelled(at: ReelFrame, released: ReelFrame, said: dict[str, Any]) -> Imported:
    data = {
        "occurred_on": said["day"],
        "registration_no": str(released),
        "reason": office.tidy(f"{at}: {said['text']}"),
    }
    identity = f"conveyance {at}" + (f" releases {released}" if released != at else "")
    return event(_envelope("ip.pledge.cancelled.v1", released, said, identity), data)


def _envelope(type_name: str, pledge: ReelFrame, said: dict[str, Any], identity: str) -> dict[str, str]:
    if said["day"] is None:
        raise Unreadable("neither a recorded nor an execution date can be read")
    return office.envelope(type_name, pledge.subject, date.fromisoformat(said["day"]), identity)
