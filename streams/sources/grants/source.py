"""The importer `uspto-grants`: one `ip.patent.granted.v1` per grant, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from streams.sources.grants import green_book, patdoc, patentsview, red_book, search_json
from streams.sources.grants.grant import Grant, granted
from streams.sources.reading import Reading, each
from streams.sources.results import Imported

FORMATS = (red_book.FORMAT, patdoc.FORMAT, green_book.FORMAT, *search_json.FORMATS, *patentsview.FORMATS)


def _events(grant: Grant, reading: Reading) -> Iterator[Imported]:
    event = granted(grant)
    reading.counts.update(_counted(orjson.loads(event.value)["data"]))
    yield event


def _counted(data: dict[str, Any]) -> Iterator[str]:
    """Yield the categories by which offices count grants."""
    assignees = len(data.get("assignees", ()))
    yield f"grant of kind {data['kind']}"
    yield f"grant of {data['occurred_on'][:4]}"
    yield f"grant in section {data['ipc'][0][0]} of the IPC" if data["ipc"] else "grant without IPC"
    if assignees != 1:
        yield "grant with several assignees" if assignees else "grant without assignee"


uspto_grants = each(FORMATS, _events)
