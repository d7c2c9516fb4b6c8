"""Names of persons, erased from an archive as events in its log demand (`ip.reference.erased`).

An erased record keeps its place, timestamp and key, the hash of the bytes that it had, and all that counts. So the
leaves, the trees and the totals of a book of the archive are the same as before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from ledger.archive.errors import NotErasable
from ledger.archive.manifest import ErasedSegment, Manifest, Segment, read_manifest, write_manifest
from ledger.archive.writing import records_of, sweep, writable, write_segment
from ledger.posting.facts import Facts, stored_part
from schemas.codec import Judged, judge
from schemas.data.reference import Erasure
from schemas.events import ERASED, Role
from schemas.industry import industry_of
from schemas.modes import record_hash
from streams.batch import Record

ERASED_TEXT = "erased"
"""The replacement of a name, or of a text that may have one."""
_REFERENCE = "ip.reference.v1"
_PARTY = {"name", "country", "id"}
_PROSE = ("reason", "note")
Place = tuple[str, int, int]
"""(topic, partition, offset)"""


class Demand(NamedTuple):
    """A demand of an event to erase a record: the event's place, its law, and the hash of the record's bytes."""

    event: str
    law: str
    value_hash: bytes


def demands(records: Iterable[tuple[Place, Record]]) -> dict[Place, Demand]:
    """Return the demands of the events among these records, as last corrected, except of voided ones."""
    found: dict[tuple[str, str], dict[Place, Demand]] = {}
    revisions: list[Judged] = []
    for (topic, partition, offset), record in records:
        judged = judge(record.value, record.headers)
        if not isinstance(judged, Judged) or judged.type.family != ERASED:
            continue
        if judged.type.role == Role.ORIGINAL:
            demanded = _demanded(f"{topic}:{partition}={offset}", judged.event.data)
            found.setdefault((judged.event.source, judged.event.id), demanded)
        else:
            revisions.append(judged)
    for revision in revisions:  # in the order of the log, in which one may stand before its target
        target = revision.event.source, revision.event.data.target
        if revision.type.role == Role.VOIDED:
            found.pop(target, None)
        elif target in found:
            place = next(iter(found[target].values())).event
            found[target] = _demanded(place, revision.event.data.data)
    return {place: demand for one in found.values() for place, demand in one.items()}


def _demanded(event: str, data: Erasure) -> dict[Place, Demand]:
    return {
        (one.topic, one.partition, one.offset): Demand(event, data.law, bytes.fromhex(one.value_hash))
        for one in data.records
    }


def erase(path: Path) -> Manifest:
    """Erase from the archive at `path` what its log demands, and return its manifest. Segments are rewritten; the
    manifest names their hashes before and after.

    Raise NoArchive, NotAnArchive, SegmentDamaged, NotErasable, ArchiveUnwritable; then nothing is changed but what was
    complete.
    """
    manifest = read_manifest(path)
    demanded = demands(_all(path, [one for one in manifest.segments if one.topic == _REFERENCE]))
    due: dict[Segment, list[Place]] = defaultdict(list)
    for place in demanded:
        for segment in manifest.of(place[:2]):
            if segment.start <= place[2] < segment.end:
                due[segment].append(place)
    with writable(path):
        for segment, places in sorted(due.items()):
            manifest = _erased(path, manifest, segment, {place: demanded[place] for place in sorted(places)})
        sweep(path, manifest)
    return manifest


def _all(path: Path, segments: Iterable[Segment]) -> Iterator[tuple[Place, Record]]:
    for segment in segments:
        yield from (((*segment.place, record.offset), record) for record in records_of(path, segment))


def _erased(path: Path, manifest: Manifest, segment: Segment, due: Mapping[Place, Demand]) -> Manifest:
    changed: dict[Place, Record] = {}
    seen: set[Place] = set()
    for place, record in _all(path, [segment]):
        if place in due:
            seen.add(place)
            if record.erased is None:
                changed[place] = erased_record(record, place, due[place])
    for place in due.keys() - seen:
        raise _refused(place, due[place], "there is no record")
    if not changed:
        return manifest
    records = (changed.get(place, record) for place, record in _all(path, [segment]))
    new = write_segment(path, segment.place, (segment.start, segment.end), records)
    events = tuple(sorted({due[place].event for place in changed}))
    offsets = tuple(sorted(place[2] for place in changed))
    note = ErasedSegment(*segment.place, segment.start, segment.sha256, new.sha256, offsets, events)
    manifest = replace(manifest.with_segment(new), erased=(*manifest.erased, note))
    write_manifest(path, manifest)
    return manifest


def erased_record(record: Record, place: Place, demand: Demand) -> Record:
    """Return a record without names of persons. Raise NotErasable if its bytes are not those that the event names, or
    if the rest would count otherwise."""
    hashed = record_hash(record.value, record.headers)
    if hashed != demand.value_hash:
        raise _refused(place, demand, f"its hash is {hashed.hex()}")
    before = judge(record.value, record.headers)
    if not isinstance(before, Judged):
        raise _refused(place, demand, "it is no event; only its deletion from the log erases it")
    for prose in (_PROSE, ()):  # a text that the type has as a code must stay
        value = orjson.dumps(_without_names(orjson.loads(record.value or b"null"), prose))
        after = judge(value, record.headers)
        if isinstance(after, Judged) and _counted(before) == _counted(after):
            return record._replace(value=value, erased=hashed)
    raise _refused(place, demand, "without names it would count otherwise")


def _refused(place: Place, demand: Demand, reason: str) -> NotErasable:
    return NotErasable(place=f"{place[0]}:{place[1]}={place[2]}", event=demand.event, reason=reason)


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
