"""Replay: a new book from the log, read from its beginning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ledger.book import book as books
from ledger.book.book import Book
from ledger.book.draft import draft_of
from ledger.book.recognition import firsts
from ledger.book.sink import BookSink, rare_collections
from schemas.errors import UsageError
from schemas.industry import SHIPPED, IndustryMap
from schemas.topics import TOPICS, TopicPartition
from streams.batch import PostResult
from streams.cluster import Cluster
from streams.reader import Bounds, Reader
from streams.retention import require_uncompacted
from streams.shape import log_in_shape

BATCH = 8000
"""Records in a batch: large, as throughput matters here and latency does not."""

Progress = Callable[[int, int], None]
"""Called with (offsets read, offsets in total)."""


class BeyondLog(UsageError):
    """{topic}:{partition}={offset} is outside the log, which holds [{first}, {end}). Choose a position within it."""


def replay(
    cluster: Cluster,
    path: Path,
    to: Mapping[TopicPartition, int] | None = None,
    *,
    from_earliest: bool = False,
    industry_map: IndustryMap = SHIPPED,
    progress: Progress = lambda done, whole: None,
) -> int:
    """Build a new book at `path` from the log up to a position, or up to the log's end at the call. The book stores
    the industry map for later workers.

    Return the number of records read. Raise BookExists, NotMade, LogIncomplete, LogShapeDiffers, TopicCompacted,
    BeyondLog, BrokerUnavailable.
    """
    log, shape = log_in_shape(cluster)
    require_uncompacted(cluster)
    with draft_of(path) as draft, Reader(cluster, shape.unpacked_bytes) as reader:
        bounds = reader.bounds(TOPICS)
        begin = firsts(bounds, from_earliest=from_earliest)
        books.create(draft, log, begin, industry_map, shape.unpacked_bytes)
        return post_ranges(reader, draft, _ranges(bounds, begin, to), progress)


def post_ranges(
    reader: Reader, path: Path, ranges: Mapping[TopicPartition, tuple[int, int]], progress: Progress
) -> int:
    """Post these ranges of the log to the empty book at `path`, and return the number of records."""
    whole = sum(end - start for start, end in ranges.values())
    done = records = 0
    with Book(path, writable=True) as book, rare_collections():
        book.connection.execute("PRAGMA synchronous = OFF")  # a draft: completed and synced, or deleted
        sink = BookSink(book)
        for batch in reader.batches(ranges, size=BATCH):
            result = sink.post(batch)
            assert result is PostResult.POSTED, "nobody else writes to a draft"
            done += batch.end - batch.start
            records += sum(record.offsets for record in batch.records)
            progress(done, whole)
        book.connection.execute("PRAGMA synchronous = FULL")
    return records


def _ranges(
    bounds: Mapping[TopicPartition, Bounds],
    begin: Mapping[TopicPartition, int],
    to: Mapping[TopicPartition, int] | None,
) -> dict[TopicPartition, tuple[int, int]]:
    ranges = {}
    for (topic, partition), bound in bounds.items():
        end = bound.end if to is None else to.get((topic, partition), bound.first)
        if not bound.first <= end <= bound.end:
            raise BeyondLog(topic=topic, partition=partition, offset=end, first=bound.first, end=bound.end)
        ranges[topic, partition] = (begin[topic, partition], end)
    return ranges
