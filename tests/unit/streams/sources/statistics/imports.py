"""Imports of files, and of tables with invented content."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from streams.sources.importers import IMPORTERS, importer_of
from streams.sources.packed import files_of
from streams.sources.reading import Reading
from streams.sources.results import Imported, Skipped, SkipReason


class Taken(NamedTuple):
    """The result of an import: events, skipped documents, counts of documents, and files with their formats."""

    events: list[dict[str, Any]]
    skipped: list[Skipped]
    counts: Counter[str]
    read: list[tuple[str | None, int]]

    @property
    def rules(self) -> dict[SkipReason, int]:
        """The number of skipped documents by rule."""
        return dict(Counter(skipped.rule for skipped in self.skipped))

    @property
    def by_subject(self) -> dict[str, dict[str, Any]]:
        """The data of events by subject; fails if a subject repeats."""
        assert len({event["subject"] for event in self.events}) == len(self.events)
        return {event["subject"]: event["data"] for event in self.events}


def taken(kind: str, *paths: Path) -> Taken:
    """Import these files and the files in these directories."""
    reading = Reading([file for path in paths for file in files_of(path)], importer_of)
    results = list(IMPORTERS[kind].results(reading))
    events = [orjson.loads(result.value) for result in results if isinstance(result, Imported)]
    skipped = [result for result in results if isinstance(result, Skipped)]
    return Taken(events, skipped, reading.counts, [(read.format, read.documents) for read in reading.read])


def table(path: Path, *lines: str) -> Path:
    """Write these lines to a file and return its path."""
    path.write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8", newline="")
    return path


def reasons(found: Taken) -> list[tuple[str, str]]:
    """Return the rule and the reason of each skipped document."""
    return [(skipped.rule.label, skipped.reason) for skipped in found.skipped]
