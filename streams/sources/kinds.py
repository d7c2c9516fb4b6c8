"""The kinds of office data that can be imported, by the names that the command line knows them by."""

from __future__ import annotations

from streams.sources.results import Source
from streams.sources.uspto_assignments import uspto_assignments
from streams.sources.uspto_grants import uspto_grants

KINDS: dict[str, Source] = {
    "uspto-grants": uspto_grants,
    "uspto-assignments": uspto_assignments,
}
