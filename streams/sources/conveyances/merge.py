"""A store on disk that merges all versions of a conveyance: one per format, the most complete first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b
from itertools import groupby
from typing import NamedTuple

import orjson

from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.reading import Found
from streams.sources.uspto import ConveyedAsset

_TABLES = """
    CREATE TABLE version (reel, frame, format, digest, conveyance, file, location);
    CREATE UNIQUE INDEX version_key ON version (reel, frame, format, digest);
    CREATE TABLE granted (known_by PRIMARY KEY, id, "right") WITHOUT ROWID;
"""
_PUT = "INSERT OR IGNORE INTO version VALUES (?, ?, ?, ?, ?, ?, ?)"
_GRANT = """
    INSERT INTO granted VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET id = excluded.id, "right" = excluded."right"
    WHERE (excluded.id, excluded."right") > (id, "right")
"""
_TAKE = "SELECT reel, frame, format, conveyance, file, location FROM version ORDER BY reel, frame, format, digest"
_CONTENT = "SELECT conveyance FROM version WHERE reel = ? AND frame = ? ORDER BY format, digest"
_ID = 'SELECT known_by, id, "right" FROM granted WHERE known_by = ?'

_Row = tuple[int, int, str, bytes, str, str]


class Version(NamedTuple):
    """A conveyance as given by the documents of one format, and the first of these documents."""

    conveyance: Conveyance
    found: Found


class ConveyanceStore:
    """A private file that is deleted when closed. A duplicate is stored once, so a repetition takes no space.

    The output does not depend on the order of input, except for the location of a duplicate.
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("")  # an empty name: a file on disk
        self._database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")

    def close(self) -> None:
        """Delete the store."""
        self._database.close()

    def put(self, found: Found) -> None:
        """Add a version."""
        conveyance: Conveyance = found.record
        content = orjson.dumps(vars(conveyance) | {"assets": [tuple(asset) for asset in conveyance.assets]})
        digest = blake2b(content, digest_size=16).digest()
        row = conveyance.reel, conveyance.frame, found.format, digest, content, found.file, found.location
        if self._database.execute(_PUT, row).rowcount == 1:
            self._database.executemany(_GRANT, (asset for asset in conveyance.assets if asset.id != asset.known_by))

    def text_of(self, at: ReelFrame) -> str | None:
        """Return the text of a recording, if it is stored."""
        rows = self._database.execute(_CONTENT, at).fetchall()
        return next((text for (content,) in rows if (text := orjson.loads(content)["text"])), None)

    def take(self) -> Iterator[tuple[ReelFrame, list[Version]]]:
        """Yield each conveyance in the order of reel and frame, with its versions, the most complete first."""
        rows: Iterable[_Row] = self._database.execute(_TAKE)
        for (reel, frame), of_one in groupby(rows, key=lambda row: row[:2]):
            versions = [*self._versions(of_one)]
            yield ReelFrame(reel, frame), sorted(versions, key=lambda each: each.conveyance.completeness, reverse=True)

    def _versions(self, rows: Iterator[_Row]) -> Iterator[Version]:
        """Yield one version per format, and a second one if the office withdrew the recording since."""
        for form, group in groupby(rows, key=lambda row: row[2]):
            versions = [
                Version(_conveyance(content), Found(None, form, file, location))
                for *_, content, file, location in group
            ]
            valid = [each for each in versions if not each.conveyance.withdrawn]
            withdrawn = [each for each in versions if each.conveyance.withdrawn]
            if valid:
                yield self._merged(valid)
            if withdrawn and _updated(withdrawn) >= _updated(valid):
                yield self._merged(withdrawn)

    def _merged(self, versions: list[Version]) -> Version:
        """Return the newest versions merged: the most complete of them, with the assets of all."""
        last = _updated(versions)
        newest = [each for each in versions if each.conveyance.updated == last]
        best, found = max(newest, key=lambda each: each.conveyance.completeness)
        ids = {asset.id: asset for each in newest for asset in map(self._granted, each.conveyance.assets)}
        # Sorted, since formats list the same assets in different orders.
        merged = replace(best, assets=sorted(ids.values()))
        return Version(merged, found._replace(location=f"{found.location}, reel/frame {merged.reel}/{merged.frame}"))

    def _granted(self, asset: ConveyedAsset) -> ConveyedAsset:
        """Return the patent that an application became, with its right, if any stored version has it."""
        row = self._database.execute(_ID, (asset.known_by,)).fetchone()
        return ConveyedAsset(*row) if row and asset.id in row[:2] else asset


def _updated(versions: list[Version]) -> str:
    return max((each.conveyance.updated for each in versions), default="")


def _conveyance(content: bytes) -> Conveyance:
    given = orjson.loads(content)
    return Conveyance(**given | {"assets": [ConveyedAsset(*asset) for asset in given["assets"]]})
