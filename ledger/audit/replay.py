"""Replay: a new book from the log, read from its beginning."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ledger.audit.together import post_ranges
from ledger.book import book as books
from ledger.book.draft import draft_of
from ledger.book.errors import BeyondLog
from ledger.book.recognition import firsts
from ledger.book.share import WHOLE, Share
from schemas.industry import SHIPPED, IndustryMap
from schemas.topics import TOPICS, TopicPartition
from streams.cluster import Cluster
from streams.reader import Bounds, Progress, Reader
from streams.retention import require_uncompacted
from streams.shape import log_in_shape


def replay(
    cluster: Cluster,
    path: Path,
    to: Mapping[TopicPartition, int] | None = None,
    *,
    from_earliest: bool = False,
    industry_map: IndustryMap = SHIPPED,
    share: Share = WHOLE,
    progress: Progress = lambda done, whole: None,
    processes: int | None = 1,
) -> int:
    """Build a new book at `path` from the log, or a `share` of it, up to a position, or up to the log's end at the
    call. The book stores share and industry map for later workers. `processes`: see `post_ranges`.

    Return the number of records read. Raise BookExists, NotMade, LogIncomplete, LogShapeDiffers, TopicCompacted,
    BeyondLog, BrokerUnavailable.
    """
    log, shape = log_in_shape(cluster)
    require_uncompacted(cluster)
    with draft_of(path) as draft:
        with Reader(cluster) as reader:
            everywhere = reader.bounds(TOPICS)
        bounds = {
            topic_partition: everywhere[topic_partition] for topic_partition in share.topic_partitions(shape.partitions)
        }
        begin = firsts(bounds, from_earliest=from_earliest)
        books.create_book(draft, log, begin, industry_map, shape.unpacked_bytes, share)
        return post_ranges(cluster, shape.unpacked_bytes, draft, _ranges(bounds, begin, to), progress, processes)


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
