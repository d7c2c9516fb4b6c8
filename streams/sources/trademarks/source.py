"""The kind `uspto-trademarks`: the life of each mark, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterator

from streams.sources.reading import Kind, Reading
from streams.sources.results import LeftOut, NotTaken, Result
from streams.sources.trademarks import st66, st96
from streams.sources.trademarks.mark import filed, registered

FORMATS = (st66.FORMAT, st96.FORMAT)


def _results(reading: Reading) -> Iterator[Result]:
    for found in reading.found(FORMATS):
        if isinstance(found, NotTaken):
            yield found
            continue
        reading.things["mark registered" if found.record.is_registered else "mark not registered"] += 1
        for told in (filed, registered):
            try:
                yield from told(found.record)
            except (LeftOut, ValueError) as error:
                yield found.not_taken(error)


uspto_trademarks = Kind(FORMATS, _results)
