"""Records read again from the log, and compared with the hashes in the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from ledger.book.book import Book
from ledger.book.connection import translated_errors
from ledger.book.recognition import same_log
from ledger.queries.erasures import DemandedErasure, erasures
from ledger.queries.show import Place
from schemas.errors import Unavailable
from schemas.industry import UNK, IndustryMap
from schemas.modes import BadAttribute, attributes_of, record_hash, structured
from schemas.topics import TOPICS
from streams.batch import Header, Record
from streams.cluster import Cluster
from streams.log_identity import identity
from streams.reader import Reader

SAME, DIFFERS, GONE, ERASED = "same", "differs", "gone", "erased"
"""The log has the bytes whose hash the book has; other bytes; no record at that place any more; no record, and an event
names the law by which its bytes are erased."""
_HASH = 'SELECT hash FROM record WHERE topic = ? AND partition = ? AND "offset" = ?'


class ValueGone(Unavailable):
    """The log no longer holds the record at {place}. `ip-ledger topics check` names settings that trim a log."""


class Reread(NamedTuple):
    """A record in the log: how its bytes compare with the hash in the book, and the bytes."""

    place: Place
    verdict: str
    found_hash: str | None
    value: bytes | None
    headers: tuple[Header, ...] = ()
    erasure: DemandedErasure | None = None

    @property
    def event(self) -> dict[str, Any]:
        """The event in the bytes; empty if they are gone or cannot be read."""
        attributes = attributes_of(self.headers)
        try:
            text = self.value if attributes is None else structured(attributes, self.value)
            found = orjson.loads(text or b"")
        except (ValueError, BadAttribute):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def reason(self) -> str | None:
        """The reason that a correction or void gives."""
        data = self.event.get("data")
        reason = data.get("reason") if isinstance(data, dict) else None
        return reason if isinstance(reason, str) else None

    def as_json(self) -> dict[str, Any]:
        """Return all but the bytes."""
        size = None if self.value is None else len(self.value)
        found = {"verdict": self.verdict, "found_hash": self.found_hash, "size": size}
        return found | (self.erasure.as_json() if self.erasure else {})


def reread(book: Book, cluster: Cluster, places: Sequence[Place]) -> Iterator[Reread]:
    """Yield the records at these places of the log, in this order. Raise OtherLog, BrokerUnavailable."""
    if not places:
        return
    same_log(book, identity(cluster))
    with translated_errors(book.path):
        key = ((TOPICS[place.topic].number, place.partition, place.offset) for place in places)
        hashes = [row[0] if (row := book.connection.execute(_HASH, one).fetchone()) else None for one in key]
    erased = erasures(book)
    with Reader(cluster, book.shape.unpacked_bytes) as reader:
        for place, known, record in zip(places, hashes, reader.records(places), strict=True):
            erasure = erased.get((place.topic, place.partition, place.offset, known or b""))
            yield _compared(place, known, record, erasure)


def values_of(found: Iterable[Reread]) -> list[bytes]:
    """Return the values of records. Raise ValueGone."""
    known = []
    for one in found:
        if one.verdict in (GONE, ERASED):
            raise ValueGone(place=one.place)
        known.append(one.value or b"")
    return known


def reasons_at(book: Book, cluster: Cluster, places: Iterable[Place]) -> dict[Place, str | None]:
    """Return the reasons of the corrections and voids at these places. Raise ValueGone and the errors of `reread`."""
    found = [*reread(book, cluster, [*dict.fromkeys(places)])]
    values_of(found)
    return {one.place: one.reason for one in found}


def with_bytes(book: Book, cluster: Cluster, records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return traced records with what the log says of each: `bytes` (the verdict on its hash), `map` (the rule of the
    industry map for each right that it names), and `reason`, if it is a correction or void; its revisions with their
    reasons. Raise the errors of `reread`."""
    traced = [dict(record) for record in records]
    places = [record["place"] for record in traced] + [one["place"] for record in traced for one in record["revisions"]]
    wanted = [Place.parse(place) for place in dict.fromkeys(places)]
    found = {str(one.place): one for one in reread(book, cluster, wanted)}
    for record in traced:
        read = found[record["place"]]
        revisions = [{**one, "reason": found[one["place"]].reason} for one in record["revisions"]]
        rules = [*map_lines(read.event.get("data"), book.industry_map)]
        record.update(bytes=read.as_json(), reason=read.reason, map=rules, revisions=revisions)
    return traced


def map_lines(data: object, industry_map: IndustryMap, path: str = "data") -> Iterator[dict[str, Any]]:
    """Yield the rule behind the industry of each object in an event that has IPC symbols: the first symbol decides."""
    if isinstance(data, list):
        for number, item in enumerate(data):
            yield from map_lines(item, industry_map, f"{path}.{number}")
    if not isinstance(data, dict):
        return
    symbols = data.get("ipc")
    if isinstance(symbols, list) and symbols and isinstance(symbols[0], str):
        rule = industry_map.rule_of(symbols[0])
        line = {"industry": rule.industry, "layer": rule.layer, "prefix": rule.prefix} if rule else {"industry": UNK}
        yield {"path": path, "id": data.get("id"), "symbol": symbols[0], **line}
    for name, value in data.items():
        yield from map_lines(value, industry_map, f"{path}.{name}")


def _compared(place: Place, known: bytes | None, record: Record | None, erasure: DemandedErasure | None) -> Reread:
    if record is None and erasure:
        return Reread(place, ERASED, None, None, erasure=erasure)
    if record is None:
        return Reread(place, GONE, None, None)
    found = record_hash(record.value, record.headers)
    return Reread(place, SAME if found == known else DIFFERS, found.hex(), record.value, record.headers)
