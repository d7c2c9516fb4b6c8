"""The importer `uspto-trademarks`: the life of each mark, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterator

from streams.sources.reading import Importer, Reading, with_unread
from streams.sources.results import Result, Skip, Skipped
from streams.sources.trademarks import st66, st96, tsdr_json
from streams.sources.trademarks.mark import filed, registered

FORMATS = (st66.FORMAT, st96.FORMAT, tsdr_json.FORMAT)


def _results(reading: Reading) -> Iterator[Result]:
    for found in reading.found(FORMATS):
        if isinstance(found, Skipped):
            yield found
            continue
        reading.counts["mark registered" if found.record.is_registered else "mark not registered"] += 1
        for events in (filed, registered):
            try:
                yield from with_unread(found, events(found.record))
            except (Skip, ValueError) as error:
                yield found.skipped(error)


uspto_trademarks = Importer(FORMATS, _results)
