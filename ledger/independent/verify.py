"""Verification by other code: the log through another client, folded naively, compared with a copy of the book."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ledger.independent.fold import ledger_of
from ledger.independent.numbers import TOPIC_NAMES
from ledger.independent.reading import read_log
from ledger.independent.tables import RECOMPUTED, TableDifference, differences
from schemas.errors import Unavailable, UsageError
from schemas.industry import SHIPPED


class BookUnreadable(Unavailable):
    """Python's own SQLite cannot read the book {path}: {reason}. Check the path; `ip-ledger doctor` says more."""


class OtherIndustryMap(UsageError):
    """The book has the industry map {found}; the independent fold knows the shipped one alone, {wanted}. Use a plain
    `ip-ledger verify`."""


@dataclass(frozen=True, slots=True)
class IndependentReport:
    """The verdict is `equal`, `different`, or `incomplete`: no difference, but the book does not begin at offset 0."""

    verdict: str
    position: str
    records: int
    seconds: float
    tables: dict[str, int]
    """The tables that were recomputed, with their rows in the book."""
    not_recomputed: list[str]
    differences: list[TableDifference]

    def as_json(self) -> dict[str, Any]:
        """Return the output of `ip-ledger verify --independent --json`."""
        return asdict(self) | {"differences": [one._asdict() for one in self.differences]}


def verify_independently(settings: Mapping[str, Any], prefix: str, path: Path) -> IndependentReport:
    """Compare a copy of the book with the log up to its position. `settings` are those of a kafka-python client.

    Raise BookUnreadable, OtherIndustryMap, NotReadIndependently.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ip-ledger-independent-") as directory:
        try:
            with closing(_copied(path, Path(directory, "book.db"))) as copy:
                return _compared(copy, settings, prefix, began)
        except sqlite3.Error as error:
            raise BookUnreadable(path=path, reason=error) from error


def _copied(path: Path, target: Path) -> sqlite3.Connection:
    """Return a connection to a copy, so that a worker is not held up."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as book:
        copy = sqlite3.connect(target)
        book.backup(copy)
    return copy


def _compared(copy: sqlite3.Connection, settings: Mapping[str, Any], prefix: str, began: float) -> IndependentReport:
    meta = dict(copy.execute("SELECT name, value FROM meta"))
    if (found := meta.get("industry_map")) != SHIPPED.cited:
        raise OtherIndustryMap(found=found, wanted=SHIPPED.cited)
    rows = copy.execute("SELECT topic, partition, first, next FROM position").fetchall()
    ranges = {(TOPIC_NAMES[topic], partition): (first, end) for topic, partition, first, end in rows}
    partitions = {name: int(meta.get(f"partitions:{name}", 0)) for name in TOPIC_NAMES.values()}
    log = read_log(settings, prefix, ranges)
    found_differences = differences(copy, log, ledger_of(log, partitions))
    whole = not any(first for first, _ in ranges.values())
    tables = [name for (name,) in copy.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    counted = {name: copy.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in RECOMPUTED}  # noqa: S608
    return IndependentReport(
        "different" if found_differences else "equal" if whole else "incomplete",
        ",".join(f"{topic}:{partition}={end}" for (topic, partition), (_, end) in sorted(ranges.items())),
        sum(len(part.records) for part in log.values()),
        round(time.monotonic() - began, 3),
        counted,
        [name for name in tables if name not in RECOMPUTED and not name.startswith("sqlite_")],
        found_differences,
    )
