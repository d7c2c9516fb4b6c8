"""Names of persons, erased from an archive as events in its log demand (`ip.reference.erased`).

An erased record keeps its place, timestamp and key, the hash of the bytes that it had, and all that counts. So the
leaves, the trees and the totals of a book of the archive are the same as before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from ledger.archive.errors import NotErasable
from ledger.archive.manifest import ErasedSegment, Manifest, Segment, read_manifest, write_manifest
from ledger.archive.restoring import book_of_partition
from ledger.archive.writing import records_of, sweep, writable, write_segment
from ledger.posting.facts import Facts, stored_part
from ledger.queries.erasures import DemandedErasure, ErasedBytes, erasures
from ledger.queries.show import Place
from schemas.codec import Judged, judge
from schemas.industry import industry_of
from schemas.modes import record_hash
from streams.batch import Record

ERASED_TEXT = "erased"
"""The replacement of a name, or of a text that may have one."""
_REFERENCE = "ip.reference.v1"
_PARTY = {"name", "country", "id"}
_PROSE = ("reason", "note")

Demands = Mapping[bytes, DemandedErasure]
"""The demands of events on the record at a place, by the hash of the bytes that they name."""


def erase(path: Path) -> Manifest:
    """Erase from the archive at `path` what its log demands, and return its manifest. Segments are rewritten; the
    manifest names their hashes before and after.

    Raise NoArchive, NotAnArchive, SegmentDamaged, NotErasable, ArchiveUnwritable; then nothing is changed but what was
    complete.
    """
    manifest = read_manifest(path)
    due: dict[Segment, dict[Place, dict[bytes, DemandedErasure]]] = defaultdict(lambda: defaultdict(dict))
    for (topic, partition, offset, value_hash), erasure in sorted(_demanded(path, manifest).items()):
        for segment in manifest.of((topic, partition)):
            if segment.start <= offset < segment.end:
                due[segment][Place(topic, partition, offset)][value_hash] = erasure
    with writable(path):
        for segment, demanded in sorted(due.items()):
            manifest = _erased(path, manifest, segment, demanded)
        sweep(path, manifest)
    return manifest


def _demanded(path: Path, manifest: Manifest) -> dict[ErasedBytes, DemandedErasure]:
    """Return the demands of the events in the archive, by the fold: refused events demand nothing, and corrections and
    voids hold as in every book."""
    with book_of_partition(path, manifest, (_REFERENCE, 0)) as book:
        return erasures(book)


def _all(path: Path, segment: Segment) -> Iterator[tuple[Place, Record]]:
    return ((Place(*segment.topic_partition, record.offset), record) for record in records_of(path, segment))


def _erased(path: Path, manifest: Manifest, segment: Segment, due: Mapping[Place, Demands]) -> Manifest:
    changed: dict[Place, Record] = {}
    seen: set[Place] = set()
    for place, record in _all(path, segment):
        if place in due:
            seen.add(place)
            if record.erased is None:
                changed[place] = erased_record(record, place, due[place])
    for place in sorted(due.keys() - seen):
        raise _refused(place, due[place], "there is no record")
    if not changed:
        return manifest
    records = (changed.get(place, record) for place, record in _all(path, segment))
    new = write_segment(path, segment.topic_partition, (segment.start, segment.end), records)
    events = tuple(sorted({due[place][one.erased].event for place, one in changed.items() if one.erased}))
    offsets = tuple(sorted(place.offset for place in changed))
    note = ErasedSegment(*segment.topic_partition, segment.start, segment.sha256, new.sha256, offsets, events)
    manifest = replace(manifest.with_segment(new), erased=(*manifest.erased, note))
    write_manifest(path, manifest)
    return manifest


def erased_record(record: Record, place: Place, demand: Demands) -> Record:
    """Return a record without names of persons. Raise NotErasable if its bytes are not those that an event names, or
    if the rest would count otherwise."""
    hashed = record_hash(record.value, record.headers)
    if hashed not in demand:
        raise _refused(place, demand, f"its hash is {hashed.hex()}")
    before = judge(record.value, record.headers)
    if not isinstance(before, Judged):
        raise _refused(place, demand, "it is not an event; only its deletion from the log erases it")
    for prose in (_PROSE, ()):  # a text that the type has as a code must stay
        value = orjson.dumps(_without_names(orjson.loads(record.value or b"null"), prose))
        after = judge(value, record.headers)
        if isinstance(after, Judged) and _counted(before) == _counted(after):
            return record._replace(value=value, erased=hashed)
    raise _refused(place, demand, "without names it would count otherwise")


def _refused(place: Place, demand: Demands, reason: str) -> NotErasable:
    events = ", ".join(sorted({one.event for one in demand.values()}))
    return NotErasable(place=str(place), event=events, reason=reason)


def _without_names(content: Any, prose: tuple[str, ...]) -> Any:
    if isinstance(content, list):
        return [_without_names(item, prose) for item in content]
    if not isinstance(content, dict):
        return content
    if "name" in content and content.keys() <= _PARTY:  # a party: its country counts
        return {"name": ERASED_TEXT} | ({"country": content["country"]} if "country" in content else {})
    return {
        name: ERASED_TEXT if name in prose and isinstance(value, str) else _without_names(value, prose)
        for name, value in content.items()
    }


def _counted(judged: Judged) -> tuple[Any, ...]:
    """Return all that the ledger keeps of an event, except the names of parties."""
    event, (day, facts) = judged.event, stored_part(judged, industry_of)
    return judged.type, event.source, event.id, event.subject, day, _without_names(_plain(facts), ())


def _plain(facts: Facts) -> Any:
    return orjson.loads(orjson.dumps(facts))
