"""Write the log into an archive, segment by segment; continue one; check one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ledger.archive.errors import (
    ArchiveAhead,
    ArchiveGap,
    ArchiveOfOtherLog,
    ArchiveUnwritable,
    NotAnArchive,
    OtherRoot,
    SegmentDamaged,
)
from ledger.archive.manifest import MANIFEST_NAME, Manifest, Segment, read_manifest, write_manifest
from ledger.archive.segment import SegmentReader, SegmentWriter
from ledger.book.errors import BeyondLog, LogIncomplete
from ledger.durable import settle
from schemas.modes import record_hash
from schemas.topics import TOPICS, TopicPartition
from streams.batch import Record
from streams.cluster import Cluster
from streams.reader import Bounds, PositionInsideBatch, Progress, Reader
from streams.retention import require_uncompacted
from streams.shape import log_in_shape

SEGMENT = 65_536
"""Offsets of a segment: it ends at a multiple of this, or where the archive ends."""
_OURS = re.compile(r"[0-9]{20}(-[0-9a-f]{64}\.seg\.gz|\.partial)").fullmatch


def archive(
    cluster: Cluster,
    path: Path,
    to: Mapping[TopicPartition, int] | None = None,
    *,
    from_earliest: bool = False,
    progress: Progress = lambda done, whole: None,
) -> Manifest:
    """Append new records of the log to the archive at `path`, up to a position or the end. Return its manifest.

    A partition that `to` does not name is left as it is. The same log up to the same position gives the same files,
    however often the work was interrupted. Raise NotAnArchive, ArchiveOfOtherLog, ArchiveGap, ArchiveAhead,
    LogIncomplete, BeyondLog, ArchiveUnwritable, LogHasHoles, BrokerUnavailable.
    """
    log, shape = log_in_shape(cluster)
    require_uncompacted(cluster)
    with writable(path):
        manifest = _opened(path) or Manifest(log, shape.unpacked_bytes)
        manifest.require_log(path, log, shape.unpacked_bytes)
        with Reader(cluster, shape.unpacked_bytes) as reader:
            bounds = {
                topic_partition: bound
                for topic_partition, bound in reader.bounds(TOPICS).items()
                if topic_partition in manifest.firsts
            }
            begin = _begin(path, manifest, bounds, from_earliest=from_earliest)
            _recognise(path, manifest, bounds, reader)
            ends = _ends(bounds, begin, to)
            if not (path / MANIFEST_NAME).exists():  # before any segment, so that a killed run can be continued
                write_manifest(path, manifest)
            whole, done = sum(ends[topic_partition] - begin[topic_partition] for topic_partition in ends), 0
            for topic_partition, end in sorted(ends.items()):
                position = begin[topic_partition]
                while position < end:
                    segment = _write(
                        path, reader, _incomplete(manifest, topic_partition), topic_partition, position, end
                    )
                    manifest = _added(path, manifest, segment)
                    done, position = done + segment.end - position, segment.end
                    progress(done, whole)
        sweep(path, manifest)
    return manifest


def check_archive(path: Path, progress: Progress = lambda done, whole: None, root: str | None = None) -> Manifest:
    """Read every segment of an archive and compare it with its hash, and the root with the one that somebody wrote
    down. Raise NoArchive, NotAnArchive, OtherRoot, SegmentDamaged."""
    manifest = read_manifest(path)
    if root not in (None, manifest.root):
        raise OtherRoot(path=path, known=root, found=manifest.root)
    whole, done = sum(one.end - one.start for one in manifest.segments), 0
    for segment in manifest.segments:
        for _ in records_of(path, segment):
            pass
        done += segment.end - segment.start
        progress(done, whole)
    return manifest


def records_of(path: Path, segment: Segment) -> Iterator[Record]:
    """Yield the records of a segment; raise SegmentDamaged, at the latest after the last one, if it is not the one that
    the manifest names."""
    file = segment.path(path)
    reader = SegmentReader(file)
    last: Record | None = None
    for last in reader.records():
        yield last
    if reader.sha256 != segment.sha256:
        raise SegmentDamaged(path=file, reason="its content does not have the hash that its name says")
    if reader.summary is None or reader.summary[:5] != segment[:5]:
        raise SegmentDamaged(path=file, reason=f"it holds {reader.summary}")
    if (found := _end_of(last)) != (segment.last, segment.last_hash):
        raise SegmentDamaged(path=file, reason=f"its last record is {found}, and the manifest has another one")


def _end_of(last: Record | None) -> tuple[int | None, str | None]:
    """Return offset and hash of the last record of a segment."""
    if last is None:
        return None, None
    return last.offset, (last.erased or record_hash(last.value, last.headers)).hex()


def _opened(path: Path) -> Manifest | None:
    """Return the manifest; None for a new archive, whose directory is made."""
    if (path / MANIFEST_NAME).exists():
        return read_manifest(path)
    path.mkdir(parents=True, exist_ok=True)
    if any(file.name != f"{MANIFEST_NAME}.partial" for file in path.iterdir()):
        raise NotAnArchive(path=path, reason="it holds other files")
    return None


def _begin(
    path: Path, manifest: Manifest, bounds: Mapping[TopicPartition, Bounds], *, from_earliest: bool
) -> dict[TopicPartition, int]:
    """Return the offset at which each partition continues. Raise ArchiveGap, ArchiveAhead, LogIncomplete."""
    begin, gaps = {}, []
    for (topic, partition), bound in sorted(bounds.items()):
        known = manifest.ends.get((topic, partition))
        if known is None and bound.first > 0 and not from_earliest:
            raise LogIncomplete(topic=topic, partition=partition, start=bound.first)
        begin[topic, partition] = bound.first if known is None else known
        if known is not None and known < bound.first:
            gaps.append(f"[{known}, {bound.first}) of {topic}:{partition}")
        if known is not None and known > bound.end:
            raise ArchiveAhead(topic=topic, partition=partition, end=bound.end, path=path, archived=known)
    if gaps:
        raise ArchiveGap(ranges=", ".join(gaps), path=path)
    return begin


def _recognise(path: Path, manifest: Manifest, bounds: Mapping[TopicPartition, Bounds], reader: Reader) -> None:
    """Raise ArchiveOfOtherLog if the log has another record at the last archived offset of a partition."""
    last = {one.topic_partition: one for one in manifest.segments if one.last is not None}
    held = {
        topic_partition: one
        for topic_partition, one in last.items()
        if one.last is not None and one.last >= bounds[topic_partition].first
    }
    places = [(*topic_partition, one.last or 0) for topic_partition, one in held.items()]
    for (topic, partition, offset), one, record in zip(places, held.values(), reader.records(places), strict=True):
        found = None if record is None else record_hash(record.value, record.headers).hex()
        if found != one.last_hash:
            what = f"the hash of the record {topic}:{partition}={offset}"
            raise ArchiveOfOtherLog(path=path, what=what, known=one.last_hash, found=found)


def _ends(
    bounds: Mapping[TopicPartition, Bounds],
    begin: Mapping[TopicPartition, int],
    to: Mapping[TopicPartition, int] | None,
) -> dict[TopicPartition, int]:
    """Return where each partition shall end. Raise BeyondLog."""
    ends = {}
    for topic_partition, bound in bounds.items():
        end = bound.end if to is None else to.get(topic_partition, begin[topic_partition])
        if not 0 <= end <= bound.end:
            raise BeyondLog(
                topic=topic_partition[0], partition=topic_partition[1], offset=end, first=bound.first, end=bound.end
            )
        ends[topic_partition] = max(end, begin[topic_partition])
    return ends


def _incomplete(manifest: Manifest, topic_partition: TopicPartition) -> Segment | None:
    """Return the last segment of a partition if it will be written again, longer."""
    last = next(reversed(manifest.of(topic_partition)), None)
    return last if last and last.end < _boundary(last.start) else None


def _boundary(start: int) -> int:
    return (start // SEGMENT + 1) * SEGMENT


def _write(
    path: Path, reader: Reader, before: Segment | None, topic_partition: TopicPartition, position: int, end: int
) -> Segment:
    """Write the segment that has the records from a position on, and those of the incomplete one `before`. If its
    boundary is inside an unreadable batch, it ends after that. Raise PositionInsideBatch if the `end` is."""
    start = before.start if before else position
    until = min(_boundary(start), end)
    try:
        return _written(path, reader, topic_partition, (start, position, until), before)
    except PositionInsideBatch as error:
        following = int(str(error.facts["next"]))
        if following > end:
            raise
        return _written(path, reader, topic_partition, (start, position, following), before)


def _written(
    path: Path, reader: Reader, topic_partition: TopicPartition, span: tuple[int, int, int], before: Segment | None
) -> Segment:
    start, begin, until = span
    return write_segment(
        path, topic_partition, (start, until), _all(path, reader, topic_partition, begin, until, before)
    )


def write_segment(
    path: Path, topic_partition: TopicPartition, span: tuple[int, int], records: Iterable[Record]
) -> Segment:
    """Write the segment [start, end) of a partition, durably. Raise OSError, and the errors of the records."""
    start, until = span
    directory = path / topic_partition[0] / str(topic_partition[1])
    directory.mkdir(parents=True, exist_ok=True)
    draft = directory / f"{start:020}.partial"
    last: Record | None = None
    try:
        with draft.open("wb") as file:
            writer = SegmentWriter(file, *topic_partition, start)
            for record in records:
                writer.add(record)
                last = record
            sha256 = writer.close(until)
            file.flush()
            os.fsync(file.fileno())
        segment = Segment(*topic_partition, start, until, writer.records, *_end_of(last), sha256)
        settle(draft, segment.path(path))
    finally:
        draft.unlink(missing_ok=True)
    return segment


def _all(
    path: Path, reader: Reader, topic_partition: TopicPartition, begin: int, until: int, before: Segment | None
) -> Iterator[Record]:
    if before is not None:
        yield from records_of(path, before)
    for batch in reader.batches({topic_partition: (begin, until)}):
        yield from batch.records


def _added(path: Path, manifest: Manifest, segment: Segment) -> Manifest:
    """Add a written segment to the manifest."""
    manifest = manifest.with_segment(segment)
    write_manifest(path, manifest)
    return manifest


def sweep(path: Path, manifest: Manifest) -> None:
    """Delete shorter segments that were replaced, and what killed runs left."""
    kept = {segment.path(path) for segment in manifest.segments}
    for topic in manifest.log.partitions:
        for file in (path / topic).glob("*/*"):
            if file not in kept and _OURS(file.name):
                file.unlink(missing_ok=True)


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """Raise errors of the system inside the block as ArchiveUnwritable."""
    try:
        yield
    except OSError as error:
        raise ArchiveUnwritable(path=path, reason=error.strerror or error) from error
