"""The real office files by kind of import, and the results of importing them."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from ledger.book.book import Book
from ledger.book.sink import BookSink
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from streams.batch import Batch, Record
from streams.sources.importers import IMPORTERS
from streams.sources.reading import Reading
from streams.sources.results import Imported, Skipped
from tests.events import timestamp

PATTERNS = {
    "uspto-grants": ["us-grants-xml/**/*.xml.gz", "us-grants-xml/**/*.txt.gz", "us-grants-search-json/*"],
    "uspto-assignments": ["us-assignments/*.gz", "us-assignments/*.txt"],
    "uspto-trademarks": ["trademarks/*.xml.gz"],
    "uspto-trademark-assignments": ["trademarks/*.json"],
    "uspto-issue-reports": ["us-grants-xml/*rpt.html.gz"],
    "tipo-patents": ["tw-tipo/patent*"],
    "tipo-trademarks": ["tw-tipo/tmark*"],
    "ecb-rates": ["reference/ecb*"],
    "worldbank-population": ["reference/population*"],
    "worldbank-patents": ["aggregates/worldbank*"],
    "ncses-tables": ["aggregates/ncses*"],
    "published-figures": ["aggregates/published*"],
}
"""Kind of import -> patterns of its files in the directory of office data."""


def files_of(office_data: Path, kind: str) -> list[Path]:
    """Return the files of a kind, sorted by name."""
    return sorted({path for pattern in PATTERNS[kind] for path in office_data.glob(pattern)})


def results_of(kind: str, *paths: Path) -> tuple[list[Imported], list[Skipped], Reading]:
    """Import files; return the events, the skipped records, and the reading."""
    reading = Reading(paths)
    results = list(IMPORTERS[kind].results(reading))
    events = [result for result in results if isinstance(result, Imported)]
    return events, [result for result in results if isinstance(result, Skipped)], reading


def post(book: Book, events: list[Imported]) -> None:
    """Post these events, each at the end of its own partition."""
    records: dict[tuple[str, int], list[Record]] = defaultdict(list)
    ends = {(position.topic, position.partition): position.next for position in book.positions()}
    for event in events:
        topic, key = EVENT_TYPES[event.type].topic, event.subject.encode()
        topic_partition = (topic, partition_of(key, TOPICS[topic].partitions))
        offset = ends[topic_partition] + len(records[topic_partition])
        records[topic_partition].append(Record(offset, timestamp(offset), key, event.value))
    sink = BookSink(book)
    for (topic, partition), batch in sorted(records.items()):
        start = batch[0].offset
        sink.post(Batch(topic, partition, start, start + len(batch), batch))
