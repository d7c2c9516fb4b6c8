"""The manifest of an archive: of which log it is, and its segments in order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from ledger.archive.errors import ArchiveOfOtherLog, NoArchive, NotAnArchive
from ledger.book.share import WHOLE
from ledger.durable import write_durably
from schemas.topics import TOPICS, TopicPartition
from streams.log_identity import LogIdentity

MANIFEST_NAME = "archive.json"
MANIFEST_FORMAT = 2
_BEFORE = 1
"""The format whose root covers the segments alone. It is read; the next change of the archive replaces it."""
_LARGEST = 256 * 2**20
"""Bytes of a manifest."""
_HASH = re.compile("[0-9a-f]{64}").fullmatch


class Segment(NamedTuple):
    """The offsets [start, end) of a partition in a file: how many records it has, the offset and hash of the last one,
    and the SHA-256 of its content."""

    topic: str
    partition: int
    start: int
    end: int
    records: int
    last: int | None
    last_hash: str | None
    sha256: str

    @property
    def topic_partition(self) -> TopicPartition:
        """The partition."""
        return self.topic, self.partition

    def path(self, archive: Path) -> Path:
        """Return the path of the file."""
        return archive / self.topic / str(self.partition) / f"{self.start:020}-{self.sha256}.seg.gz"


class ErasedSegment(NamedTuple):
    """A segment that was written again without names of persons: the hashes of its content before and after, the
    offsets of the erased records, and the places of the events that demand it."""

    topic: str
    partition: int
    start: int
    sha256_before: str
    sha256: str
    offsets: tuple[int, ...]
    events: tuple[str, ...]


@dataclass(frozen=True)
class Manifest:
    """The content of an archive."""

    log: LogIdentity
    unpacked_bytes: int
    segments: tuple[Segment, ...] = field(default=())
    erased: tuple[ErasedSegment, ...] = field(default=())

    @property
    def ends(self) -> dict[TopicPartition, int]:
        """The offset up to which each partition is archived."""
        return {segment.topic_partition: segment.end for segment in self.segments}

    @property
    def firsts(self) -> dict[TopicPartition, int]:
        """The offset at which each partition of the log begins in the archive; 0 for one without segments."""
        begun = dict.fromkeys(WHOLE.topic_partitions(self.log.partitions), 0)
        return begun | {segment.topic_partition: segment.start for segment in reversed(self.segments)}

    @property
    def root(self) -> str:
        """The SHA-256 of a line for each fact about the log, each segment and each erasure (docs/archive.md)."""
        log = self.log
        facts = [f"cluster {log.cluster_id}", f"unpacked_bytes {self.unpacked_bytes}"]
        facts += [
            f"topic {topic} {log.partitions[topic]} {log.topic_ids.get(topic, '-')}" for topic in sorted(log.partitions)
        ]
        erased = [
            f"erased {one.topic} {one.partition} {one.start} {one.sha256_before} {one.sha256} "
            f"{','.join(map(str, one.offsets))} {','.join(one.events)}"
            for one in self.erased
        ]
        return _hashed([*facts, *self._lines(), *erased])

    @property
    def root_before(self) -> str:
        """The root in a manifest of the format before."""
        return _hashed(self._lines())

    def _lines(self) -> list[str]:
        return [f"{one.topic} {one.partition} {one.start} {one.end} {one.sha256}" for one in self.segments]

    def of(self, topic_partition: TopicPartition) -> list[Segment]:
        """Return the segments of a partition, in order."""
        return [segment for segment in self.segments if segment.topic_partition == topic_partition]

    def with_segment(self, new: Segment) -> Manifest:
        """Return the manifest with one more segment; it replaces one that begins at the same offset."""
        kept = [one for one in self.segments if (one.topic_partition, one.start) != (new.topic_partition, new.start)]
        return replace(self, segments=tuple(sorted([*kept, new])))

    def require_log(self, path: Path, log: LogIdentity, unpacked_bytes: int) -> None:
        """Raise ArchiveOfOtherLog if this is another log."""
        for what, known, found in (
            ("the cluster id", self.log.cluster_id, log.cluster_id),
            ("the ids of its topics", self.log.topic_ids, log.topic_ids),
            ("the number of partitions", self.log.partitions, log.partitions),
            ("the size that a batch may unpack to", self.unpacked_bytes, unpacked_bytes),
        ):
            if known != found:
                raise ArchiveOfOtherLog(path=path, what=what, known=known, found=found)


def read_manifest(archive: Path) -> Manifest:
    """Return the manifest of an archive. Raise NoArchive, NotAnArchive."""
    path = archive / MANIFEST_NAME
    if not path.is_file():
        raise NoArchive(path=archive)
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError("its manifest is too large")
        return _parsed(json.loads(path.read_bytes()))
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise NotAnArchive(path=archive, reason=error) from error


def write_manifest(archive: Path, manifest: Manifest) -> None:
    """Write a manifest that replaces the one before, or nothing."""
    document = {
        "format": MANIFEST_FORMAT,
        **asdict(manifest.log),
        "unpacked_bytes": manifest.unpacked_bytes,
        "root": manifest.root,
        "segments": [segment._asdict() for segment in manifest.segments],
    }
    if manifest.erased:  # others stay byte for byte as they were before there were erasures
        document["erased"] = [one._asdict() for one in manifest.erased]
    write_durably(archive / MANIFEST_NAME, json.dumps(document, indent=1, sort_keys=True).encode() + b"\n")


def _parsed(document: Mapping[str, Any]) -> Manifest:
    if document["format"] not in (_BEFORE, MANIFEST_FORMAT):
        raise ValueError(f"its format is {document['format']}, not {MANIFEST_FORMAT}")
    log = LogIdentity(document["cluster_id"], document["topic_ids"], document["partitions"])
    segments = tuple(Segment(**one) for one in document["segments"])
    erased = tuple(
        ErasedSegment(**one | {"offsets": tuple(one["offsets"]), "events": tuple(one["events"])})
        for one in document.get("erased", [])
    )
    manifest = Manifest(log, int(document["unpacked_bytes"]), segments, erased)
    _require_contiguous(segments)
    if document["root"] != (manifest.root if document["format"] == MANIFEST_FORMAT else manifest.root_before):
        raise ValueError("its root is not that of its log, segments and erasures")
    return manifest


def _hashed(lines: Iterable[str]) -> str:
    return sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _require_contiguous(segments: Iterable[Segment]) -> None:
    before: Segment | None = None
    for one in segments:
        if one.topic not in TOPICS or not 0 <= one.start < one.end or not _HASH(one.sha256):
            raise ValueError(f"a segment of {one.topic} is impossible")
        if before is not None and before.topic_partition == one.topic_partition and before.end != one.start:
            raise ValueError(f"it lacks [{before.end}, {one.start}) of {one.topic}:{one.partition}")
        before = one
