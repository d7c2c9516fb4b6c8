"""The pools of the pledges in an import, and what each release that cites them frees: all, or only what it lists.

A release may say RELEASE and list a part of the properties: it frees only these. So each release is held against what
its pledge has left on that day, by the recordings of the import. It ends the pledge if nothing is left, if the pledge
is not in the import (a partial release then frees what it lists), or if it lists or states enough properties under
numbers that the pool does not have (an application that was granted since).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from streams.sources.conveyances.citations import ReelFrame
from streams.sources.conveyances.merge import Version
from streams.sources.conveyances.rules import ConveyanceClass
from streams.sources.conveyances.wording import Wording
from streams.sources.reading import PooledAsset

Recordings = Iterable[tuple[ReelFrame, list[Version], Wording]]

_TABLES = """
    CREATE TABLE pool (asset, reel, frame, by_file, day, PRIMARY KEY (asset, reel, frame, by_file)) WITHOUT ROWID;
    CREATE INDEX pool_of ON pool (reel, frame);
    CREATE TABLE stated (reel, frame, number, by_file, PRIMARY KEY (reel, frame)) WITHOUT ROWID;
    CREATE TABLE lender (reel, frame, name, day, PRIMARY KEY (reel, frame, name, day)) WITHOUT ROWID;
    CREATE TABLE succession (reel, frame, day, old, new, PRIMARY KEY (day, reel, frame, old, new)) WITHOUT ROWID;
    CREATE TABLE release (reel, frame, day, by_reel, by_frame, properties, by_file, partial,
        PRIMARY KEY (reel, frame, day, by_reel, by_frame)) WITHOUT ROWID;
    CREATE TABLE listed (reel, frame, asset, known_by, PRIMARY KEY (reel, frame, asset)) WITHOUT ROWID;
    CREATE TABLE freed (reel, frame, asset, day, by_reel, by_frame,
        PRIMARY KEY (reel, frame, asset, by_reel, by_frame)) WITHOUT ROWID;
    CREATE TABLE ended (reel, frame, day, by_reel, by_frame,
        PRIMARY KEY (reel, frame, day, by_reel, by_frame)) WITHOUT ROWID;
"""
_SUCCESSIONS = "SELECT day, reel, frame, old, new FROM succession ORDER BY day, reel, frame, old, new"
_RELEASES = "SELECT * FROM release ORDER BY reel, frame, day, by_reel, by_frame"
_LEFT = """
    SELECT asset, EXISTS (SELECT 1 FROM freed WHERE (reel, frame, asset) = (p.reel, p.frame, p.asset)) FROM pool AS p
    WHERE reel = :reel AND frame = :frame AND day <= :day AND by_file >= :by_file
"""
_LISTED = "SELECT asset, known_by FROM listed WHERE reel = ? AND frame = ?"
_STATED = "SELECT number, by_file FROM stated WHERE reel = ? AND frame = ?"
_FREED = "SELECT asset FROM freed WHERE reel = ? AND frame = ? AND by_reel = ? AND by_frame = ? ORDER BY asset"
_ENDED = "SELECT 1 FROM ended WHERE reel = ? AND frame = ? AND day <= ?"
_ENDED_BY = "SELECT 1 FROM ended WHERE reel = ? AND frame = ? AND by_reel = ? AND by_frame = ?"
_POOLED = "SELECT DISTINCT reel, frame FROM pool WHERE asset = ? AND day <= ?"
_IN_POOL = "SELECT 1 FROM pool WHERE asset = ? AND reel = ? AND frame = ?"
_LENDERS = "SELECT name FROM lender WHERE reel = ? AND frame = ? AND day <= ?"
_HELD = """
    SELECT number - (SELECT count(DISTINCT asset) FROM pool JOIN freed USING (reel, frame, asset)
        WHERE reel = :reel AND frame = :frame AND freed.day <= :day)
    FROM stated WHERE reel = :reel AND frame = :frame
"""


class _Release(NamedTuple):
    """A release of one pledge: where it is recorded, and how many properties it lists or states. `by_file` is 1 if it
    is known only from files of single applications."""

    reel: int
    frame: int
    day: str
    by_reel: int
    by_frame: int
    properties: int
    by_file: int
    partial: int


class PledgePools:
    """Pools, lenders and releases, in a private file that is deleted when closed."""

    def __init__(self, recordings: Recordings, pool_of: Callable[[ReelFrame], Sequence[PooledAsset]]) -> None:
        """Ask `pool_of` for the assets of a pledge that is not among the recordings; none if it is not known."""
        self._pool_of = pool_of
        self._database = sqlite3.connect("")  # an empty name: a file on disk
        self._database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLES}")
        for at, versions, wording in recordings:
            conveyance = versions[0].conveyance
            if conveyance.withdrawn or conveyance.day is None:
                continue
            match wording.what:
                case ConveyanceClass.SECURITY:
                    self._put(at, versions, conveyance.day)
                    ids = {asset.id for version in versions for asset in version.conveyance.assets}
                    stated = max(len(ids), *(version.conveyance.properties for version in versions))
                    by_file = all(version.conveyance.by_file for version in versions)
                    self._database.execute("INSERT INTO stated VALUES (?, ?, ?, ?)", (*at, stated, int(by_file)))
                case ConveyanceClass.MERGER | ConveyanceClass.NAME_CHANGE | ConveyanceClass.LENDER if not wording.cited:
                    self._put_succession(at, versions, conveyance.day)
                case ConveyanceClass.AMENDMENT | ConveyanceClass.LENDER:
                    for pledge in wording.cited:
                        self._put(pledge, versions, conveyance.day, adds=wording.what is ConveyanceClass.AMENDMENT)
                case ConveyanceClass.RELEASE | ConveyanceClass.PARTIAL_RELEASE if wording.cited:
                    partial = wording.what is ConveyanceClass.PARTIAL_RELEASE
                    self._released(at, versions, wording.cited, conveyance.day, partial)
        for succession in self._database.execute(_SUCCESSIONS).fetchall():
            self._succeed(*succession)
        for release in self._database.execute(_RELEASES).fetchall():
            self._settle(_Release(*release))

    def close(self) -> None:
        """Delete the file."""
        self._database.close()

    def freed_by(self, release: ReelFrame, pledge: ReelFrame) -> list[str] | None:
        """Return the ids that a release frees of a pledge that goes on; None if it ends the pledge."""
        if self._database.execute(_ENDED_BY, (*pledge, *release)).fetchone():
            return None
        return [asset for (asset,) in self._database.execute(_FREED, (*pledge, *release))]

    def has(self, pledge: ReelFrame) -> bool:
        """Return whether the pledge is in the import."""
        return self._database.execute(_STATED, pledge).fetchone() is not None

    def lists_all(self, pledge: ReelFrame) -> bool:
        """Return whether the pool is known from more than files of single applications."""
        _, by_file = self._database.execute(_STATED, pledge).fetchone()
        return not by_file

    def pledges_of(self, asset: str, day: str) -> list[ReelFrame]:
        """Return the pledges that had an asset by this day."""
        return [ReelFrame(*row) for row in self._database.execute(_POOLED, (asset, day))]

    def holds_all(self, at: ReelFrame, ids: Iterable[str]) -> bool:
        """Return whether a pledge had all these assets."""
        return all(self._database.execute(_IN_POOL, (each, *at)).fetchone() for each in ids)

    def lenders(self, at: ReelFrame, day: str) -> set[str]:
        """Return the names of the lenders up to a day: those of the registration, and those who succeeded them."""
        return {name for (name,) in self._database.execute(_LENDERS, (*at, day))}

    def has_ended(self, at: ReelFrame, day: str) -> bool:
        """Return whether a release that cites a pledge ended it by this day."""
        return self._database.execute(_ENDED, (*at, day)).fetchone() is not None

    def held(self, at: ReelFrame, day: str) -> int:
        """Return how many properties a pledge has on this day: of those that its documents state or list, the ones that
        are not released."""
        [[number]] = self._database.execute(_HELD, {"reel": at.reel, "frame": at.frame, "day": day})
        return int(number)

    def _put(self, pledge: ReelFrame, versions: list[Version], day: str, *, adds: bool = True) -> None:
        """Add the assets and the lenders of a recording to those of a pledge."""
        names = lender_names(party for version in versions for party in version.conveyance.assignees)
        named = [(*pledge, name, day) for name in names]
        self._database.executemany("INSERT OR IGNORE INTO lender VALUES (?, ?, ?, ?)", named)
        rows = [
            (asset.id, *pledge, int(version.conveyance.by_file), day)
            for version in versions
            for asset in (version.conveyance.assets if adds else ())
        ]
        self._database.executemany("INSERT OR IGNORE INTO pool VALUES (?, ?, ?, ?, ?)", rows)

    def _put_succession(self, at: ReelFrame, versions: list[Version], day: str) -> None:
        """Add a merger, a change of name or of the lender that cites nothing: perhaps of a pledge's lender."""
        olds = lender_names(party for version in versions for party in version.conveyance.assignors)
        news = lender_names(party for version in versions for party in version.conveyance.assignees)
        rows = [(*at, day, old, new) for old in olds for new in news]
        self._database.executemany("INSERT OR IGNORE INTO succession VALUES (?, ?, ?, ?, ?)", rows)
        ids = {asset.id: asset.known_by for version in versions for asset in version.conveyance.assets}
        self._database.executemany("INSERT INTO listed VALUES (?, ?, ?, ?)", [(*at, *each) for each in ids.items()])

    def _succeed(self, day: str, reel: int, frame: int, old: str, new: str) -> None:
        """Add a lender of each pledge that has all properties of the succession and the old lender on that day."""
        ids = [asset for asset, _ in self._database.execute(_LISTED, (reel, frame))]
        for pledge in self.pledges_of(ids[0], day) if ids else ():
            if old in self.lenders(pledge, day) and self.holds_all(pledge, ids):
                self._database.execute("INSERT OR IGNORE INTO lender VALUES (?, ?, ?, ?)", (*pledge, new, day))

    def _released(
        self, at: ReelFrame, versions: list[Version], cited: list[ReelFrame], day: str, partial: bool
    ) -> None:
        ids = {asset.id: asset.known_by for version in versions for asset in version.conveyance.assets}
        self._database.executemany("INSERT INTO listed VALUES (?, ?, ?, ?)", [(*at, *each) for each in ids.items()])
        properties = max(len(ids), *(version.conveyance.properties for version in versions))
        by_file = all(version.conveyance.by_file for version in versions)
        rows = [_Release(*pledge, day, *at, properties, int(by_file), int(partial)) for pledge in cited]
        self._database.executemany("INSERT OR IGNORE INTO release VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def _settle(self, release: _Release) -> None:
        """Record what a release frees, or that it ends its pledge. Earlier releases of the pledge are settled."""
        pledge, by = ReelFrame(*release[:2]), (release.by_reel, release.by_frame)
        if not release.partial and not self.has(pledge):
            self._look_up(pledge, release.day)
        stated = self._database.execute(_STATED, pledge).fetchone()
        # Files of some applications do not show the properties of others, and a partial release says that there are.
        known = stated and stated[1] <= (release.by_file and not release.partial)
        pool = dict(self._database.execute(_LEFT, release._asdict()).fetchall()) if known else {}
        listed = {known_by if known_by in pool else asset for asset, known_by in self._database.execute(_LISTED, by)}
        left = {asset for asset, freed in pool.items() if not freed}
        unlisted = max(stated[0] - len(pool), 0) if stated and not release.by_file else 0
        unknown = release.properties - len(listed & pool.keys())
        if len(left - listed) + unlisted > unknown if pool and release.properties else release.partial:
            rows = [(*pledge, asset, release.day, *by) for asset in (listed & left or listed)]
            self._database.executemany("INSERT INTO freed VALUES (?, ?, ?, ?, ?, ?)", rows)
        else:
            self._database.execute("INSERT INTO ended VALUES (?, ?, ?, ?, ?)", (*pledge, release.day, *by))

    def _look_up(self, pledge: ReelFrame, day: str) -> None:
        """Add a pledge that is known from elsewhere, as it was before a day."""
        pool = self._pool_of(pledge)
        rows = [(asset.id, *pledge, 0, asset.since) for asset in pool]
        freed = [(*pledge, asset.id, asset.until, 0, 0) for asset in pool if asset.until < day]
        self._database.executemany("INSERT OR IGNORE INTO pool VALUES (?, ?, ?, ?, ?)", rows)
        self._database.executemany("INSERT OR IGNORE INTO freed VALUES (?, ?, ?, ?, ?, ?)", freed)
        if pool:
            self._database.execute(
                "INSERT INTO stated VALUES (?, ?, ?, ?)", (*pledge, len({row[0] for row in rows}), 0)
            )


def lender_names(parties: Iterable[dict[str, str]]) -> set[str]:
    """Return names in capitals, without points and commas, cut before AS (AGENT), as `release_candidates` does."""
    return set(_plain(party["name"] for party in parties))


def _plain(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        before, _, _ = name.upper().partition(" AS ")
        yield re.sub(r"[.,]", "", before).strip()
