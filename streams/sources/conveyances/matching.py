"""Infer the pledge of a release that cites none from the pledges of the import (optional).

A candidate was registered on or before the day of the release, has all its properties, and has a lender with the name
of a releasing party. A pledge that a release cites by that day is no candidate. A single candidate is inferred if it
has no other properties, partly released ones aside: a release of some of them does not end a pledge. Of several
candidates, none is inferred.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator

from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.conveyance import Conveyance
from streams.sources.conveyances.merge import Version
from streams.sources.conveyances.rules import ConveyanceClass
from streams.sources.conveyances.wording import Wording

SAME_ASSETS_AND_LENDER = "same assets, same lender"
"""The value of `matched_by` in events."""

_TABLES = """
    CREATE TABLE pool (asset, reel, frame, day, PRIMARY KEY (asset, reel, frame)) WITHOUT ROWID;
    CREATE INDEX pool_of ON pool (reel, frame);
    CREATE TABLE stated (reel, frame, number, PRIMARY KEY (reel, frame)) WITHOUT ROWID;
    CREATE TABLE lender (reel, frame, name, PRIMARY KEY (reel, frame, name)) WITHOUT ROWID;
    CREATE TABLE ended (reel, frame, day, PRIMARY KEY (reel, frame, day)) WITHOUT ROWID;
    CREATE TABLE freed (reel, frame, asset, day, PRIMARY KEY (reel, frame, asset, day)) WITHOUT ROWID;
"""
_POOLED = "SELECT reel, frame FROM pool WHERE asset = ? AND day <= ?"
_LENDERS = "SELECT name FROM lender WHERE reel = ? AND frame = ?"
_ENDED = "SELECT 1 FROM ended WHERE reel = ? AND frame = ? AND day <= ?"
_HELD = """
    SELECT number - (SELECT count(DISTINCT asset) FROM pool JOIN freed USING (reel, frame, asset)
        WHERE reel = :reel AND frame = :frame AND freed.day <= :day)
    FROM stated WHERE reel = :reel AND frame = :frame
"""
_IN_POOL = "SELECT 1 FROM pool WHERE asset = ? AND reel = ? AND frame = ?"


class ReleaseMatcher:
    """The pledges of an import and the releases that cite them, in a private file that is deleted when closed."""

    def __init__(self, recordings: Iterable[tuple[ReelFrame, list[Version], Wording]]) -> None:
        self._database = sqlite3.connect("")  # an empty name: a file on disk
        self._database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
        for at, versions, wording in recordings:
            conveyance = versions[0].conveyance
            if conveyance.withdrawn or conveyance.day is None:
                continue
            if wording.what is ConveyanceClass.SECURITY:
                self._registered(at, versions, conveyance.day)
            elif wording.what is ConveyanceClass.RELEASE:
                ended = [(*cited, conveyance.day) for cited in wording.cited]
                self._database.executemany("INSERT OR IGNORE INTO ended VALUES (?, ?, ?)", ended)
            elif wording.what is ConveyanceClass.PARTIAL_RELEASE:
                freed = [(*cited, each.id, conveyance.day) for cited in wording.cited for each in conveyance.assets]
                self._database.executemany("INSERT OR IGNORE INTO freed VALUES (?, ?, ?, ?)", freed)

    def close(self) -> None:
        """Delete the file."""
        self._database.close()

    def pledge_of(self, release: Conveyance) -> ReelFrame | None:
        """Return the pledge that a release ends, if it can be inferred."""
        ids, names = list({asset.id for asset in release.assets}), _names(release.assignors)
        if not ids or not names or release.day is None:
            return None
        found = [ReelFrame(*row) for row in self._database.execute(_POOLED, (ids[0], release.day))]
        candidates = [at for at in found if self._is_candidate(at, ids, names, release.day)]
        released = max(len(ids), release.properties)
        return candidates[0] if len(candidates) == 1 and self._held(candidates[0], release.day) <= released else None

    def _registered(self, at: ReelFrame, versions: list[Version], day: str) -> None:
        ids = {asset.id for version in versions for asset in version.conveyance.assets}
        names = _names(party for version in versions for party in version.conveyance.assignees)
        self._database.executemany("INSERT INTO pool VALUES (?, ?, ?, ?)", [(each, *at, day) for each in ids])
        stated = max(len(ids), *(version.conveyance.properties for version in versions))
        self._database.execute("INSERT INTO stated VALUES (?, ?, ?)", (*at, stated))
        self._database.executemany("INSERT INTO lender VALUES (?, ?, ?)", [(*at, name) for name in names])

    def _is_candidate(self, at: ReelFrame, ids: list[str], names: set[str], day: str) -> bool:
        lenders = {name for (name,) in self._database.execute(_LENDERS, at)}
        if lenders.isdisjoint(names) or self._has(_ENDED, *at, day):
            return False
        return all(self._has(_IN_POOL, each, *at) for each in ids)

    def _held(self, at: ReelFrame, day: str) -> int:
        """Return how many properties a pledge has on this day: of those that its documents state or list, the ones that
        are not released."""
        [[number]] = self._database.execute(_HELD, {"reel": at.reel, "frame": at.frame, "day": day})
        return int(number)

    def _has(self, query: str, *values: object) -> bool:
        return self._database.execute(query, values).fetchone() is not None


def _names(parties: Iterable[dict[str, str]]) -> set[str]:
    return set(_plain(party["name"] for party in parties))


def _plain(names: Iterable[str]) -> Iterator[str]:
    """Yield names in capitals, without points and commas, cut before AS (AGENT), like the view `release_candidates`."""
    for name in names:
        before, _, _ = name.upper().partition(" AS ")
        yield re.sub(r"[.,]", "", before).strip()
