"""The kind `uspto-grants`: one `ip.patent.granted.v1` a grant, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterator

from streams.sources.grants import red_book, search_json
from streams.sources.grants.grant import Grant, granted
from streams.sources.reading import Reading, each
from streams.sources.results import Imported

FORMATS = (red_book.FORMAT, search_json.FORMAT)


def _events(grant: Grant, reading: Reading) -> Iterator[Imported]:
    event = granted(grant)
    reading.things[f"grant of kind {grant.kind}"] += 1
    yield event


uspto_grants = each(FORMATS, _events)
