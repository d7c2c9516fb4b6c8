"""The kinds of office data that can be imported, by the names that the command line knows them by."""

from __future__ import annotations

from streams.sources.conveyances.source import uspto_assignments, uspto_trademark_assignments
from streams.sources.grants.source import uspto_grants
from streams.sources.reading import Kind
from streams.sources.trademarks.source import uspto_trademarks

KINDS: dict[str, Kind] = {
    "uspto-grants": uspto_grants,
    "uspto-assignments": uspto_assignments,
    "uspto-trademark-assignments": uspto_trademark_assignments,
    "uspto-trademarks": uspto_trademarks,
}


def kind_of(head: bytes) -> str | None:
    """The kind that reads a file with these first bytes."""
    recognised = (name for name, kind in KINDS.items() if any(form.recognises(head) for form in kind.formats))
    return next(recognised, None)
