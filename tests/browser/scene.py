"""Books to look at: synthetic markets, the real examples, and records of every outcome, posted without a broker."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledger.book.book import Book, create_book
from ledger.book.sink import BookSink
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from streams.batch import Batch, Record
from streams.synthetic.market import generate_all
from tests.events import LOG, TOPIC_PARTITIONS, granted
from tests.posting import event_on

EXAMPLES = Path(__file__).parents[2] / "examples"
BATCH = 4000
Ends = dict[tuple[str, int], int]

_UNKNOWN = {
    "specversion": "1.0",
    "id": "broken-3",
    "source": "urn:example:bank",
    "type": "ip.deal.sold.v9",
    "subject": "D-1",
    "time": "2024-01-01T00:00:00Z",
    "datacontenttype": "application/json",
    "data": {},
}
BROKEN: tuple[tuple[str, bytes], ...] = (
    ("ip.pledge.v1", b'{"specversion":"1.0","id":"broken-1","type":"ip.pledge.registered.v1","data":{"secured":'),
    ("ip.pledge.v1", b"\xff\xfe\x00\x01 not text"),
    ("ip.patent.v1", json.dumps(_UNKNOWN | {"specversion": "0.3", "id": "broken-2"}).encode()),
    ("ip.patent.v1", b""),
    ("ip.deal.v1", json.dumps(_UNKNOWN).encode()),
)
"""Records that the ledger refuses, each by another rule."""


def small(count: int = 3_000, seed: int = 7) -> list[bytes]:
    """Return a synthetic market with the published figures of the examples."""
    figures = [line for file in sorted(EXAMPLES.glob("shanghai/*.ndjson")) for line in file.read_bytes().splitlines()]
    return [*figures, *generate_all(count, seed), *offered()]


def offered() -> list[bytes]:
    """Return a patent that is on offer, a grant that cites it, two needs near to it, and a reading of its text."""
    battery, name = "H01M0010056200", {"name": "Example Battery Ltd", "country": "CN"}
    text = "1. A battery with a solid electrolyte, in which the electrolyte is a sulphide."
    grant = {"office": "CN", "kind": "B", "ipc": [battery], "application_number": ..., "region": "CN-SH"}
    titles = {"CN119000001B": "Battery with a solid electrolyte", "CN119000002B": "Sulphide electrolyte of a battery"}
    patents = [
        granted(
            subject, subject, number=subject[2:-1], title=title, applicants=[{"name": f"Owner of {title}"}], **grant
        )
        for subject, title in titles.items()
    ]
    patents[1]["data"]["backward_cites"] = ["CN119000001B"]
    assets = [{"id": "CN119000001B", "right": "invention", "ipc": [battery]}]
    offer = {"patentees": [name], "assets": assets, "region": "CN-SH", "fee": "royalty", "royalty_bp": 350}
    sought = {"seeker": {"name": "Example Vehicles Ltd"}, "region": "CN-SH", "codes": ["H01M"]}
    asked = {"question": "solid_electrolyte", "asked": "Does a claim require a solid electrolyte?", "part": "claims"}
    answer = {"answer": "yes", "quote": "a solid electrolyte", "quote_at": text.index("a solid electrolyte")}
    hashes = {"text": text, "text_hash": sha256(text.encode()).hexdigest()}
    events = [
        *patents,
        event_on("open_licence.declared", "OL-battery", "2024-01-05", **{**offer, "amount": ...}),
        event_on("need.published", "need-battery", "2024-02-01", text="solid electrolytes for batteries", **sought),
        event_on("need.published", "need-sulphide", "2024-03-01", text="a sulphide electrolyte", **sought),
        event_on("patent.read", "CN119000001B", "2024-02-21", **asked, **answer, **hashes),
    ]
    return [json.dumps(event).encode() for event in events]


def build(path: Path, lines: Iterable[bytes], *, broken: bool = True) -> Ends:
    """Create a book of these events and some broken records, as if the broker had just taken them; return the next
    offset of each partition."""
    create_book(path, LOG, dict.fromkeys(TOPIC_PARTITIONS, 0))
    logs: dict[tuple[str, int], list[tuple[bytes, bytes]]] = defaultdict(list)
    for line in lines:
        topic_partition, key = _routed(line)
        logs[topic_partition].append((key, line))
    if broken:
        for topic, value in BROKEN:
            logs[topic, 0].append((b"broken", value))
        topic_partition, log = next(
            (topic_partition, log) for topic_partition, log in logs.items() if topic_partition[0] == "ip.pledge.v1"
        )
        first = log[0]
        changed = json.loads(first[1])
        changed["data"]["region"] = "JP"
        log += [first, (first[0], json.dumps(changed).encode())]
    return dict(_posted(path, logs))


def append(path: Path, ends: Ends, lines: Iterable[bytes]) -> None:
    """Post more events to a book, as its worker does."""
    logs: dict[tuple[str, int], list[tuple[bytes, bytes]]] = defaultdict(list)
    for line in lines:
        topic_partition, key = _routed(line)
        logs[topic_partition].append((key, line))
    ends.update(_posted(path, logs, ends))


def _routed(line: bytes) -> tuple[tuple[str, int], bytes]:
    event: dict[str, Any] = json.loads(line)
    topic, key = EVENT_TYPES[event["type"]].topic, event["subject"].encode()
    return (topic, partition_of(key, TOPICS[topic].partitions)), key


def _posted(
    path: Path, logs: dict[tuple[str, int], list[tuple[bytes, bytes]]], ends: Ends | None = None
) -> Iterator[tuple[tuple[str, int], int]]:
    now = int(time.time() * 1000)
    with Book(path, writable=True) as book:
        book.connection.execute("PRAGMA synchronous = OFF")
        sink = BookSink(book)
        for (topic, partition), log in logs.items():
            first = (ends or {}).get((topic, partition), 0)
            records = [Record(first + at, now - len(log) + at, key, value) for at, (key, value) in enumerate(log)]
            for start in range(0, len(records), BATCH):
                part = records[start : start + BATCH]
                sink.post(Batch(topic, partition, part[0].offset, part[-1].offset + 1, part))
            yield (topic, partition), first + len(records)
