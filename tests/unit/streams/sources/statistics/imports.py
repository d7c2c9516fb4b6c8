"""What an import makes of files, and of tables with invented contents."""

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
    """What came of files: events as said, what was skipped, and what the documents were counted as."""

    events: list[dict[str, Any]]
    skipped: list[Skipped]
    counts: Counter[str]
    read: list[tuple[str | None, int]]

    @property
    def rules(self) -> dict[SkipReason, int]:
        """How often each rule skipped something."""
        return dict(Counter(skipped.rule for skipped in self.skipped))

    @property
    def by_subject(self) -> dict[str, dict[str, Any]]:
        """The events' data; a subject comes once."""
        assert len({event["subject"] for event in self.events}) == len(self.events)
        return {event["subject"]: event["data"] for event in self.events}


def taken(kind: str, *paths: Path) -> Taken:
    """Import these files, and those in these directories."""
    reading = Reading([file for path in paths for file in files_of(path)], importer_of)
    results = list(IMPORTERS[kind].results(reading))
    events = [orjson.loads(result.value) for result in results if isinstance(result, Imported)]
    skipped = [result for result in results if isinstance(result, Skipped)]
    return Taken(events, skipped, reading.counts, [(read.format, read.documents) for read in reading.read])


def table(path: Path, *lines: str) -> Path:
    """A file of these lines."""
    path.write_text("".join(f"{line}\r\n" for line in lines), encoding="utf-8", newline="")
    return path


def reasons(found: Taken) -> list[tuple[str, str]]:
    """SkipReason and reason of what was skipped."""
    return [(skipped.rule.label, skipped.reason) for skipped in found.skipped]
