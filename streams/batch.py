"""What moves: a batch of records of one partition, and the sink that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol

from schemas.wording import Reason

Header = tuple[bytes, bytes | None]
"""The key of a header and its value."""


class Record(NamedTuple):
    """One record as it lies at (topic, partition, offset), or a record batch that nobody can read.

    timestamp: milliseconds since 1970 UTC. wire: its share of the bytes that its batch has in the log. fault: why a
    batch cannot be read; then `value` is what its checksum covers, and `offsets` how many it has.
    """

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[Header, ...] = ()
    wire: int = 0
    fault: Reason | None = None
    offsets: int = 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything the log holds in [start, end). Offsets without a record held transaction markers or aborted records.

    `topic` is the plain name, without the prefix of the installation.
    """

    topic: str
    partition: int
    start: int
    end: int
    records: Sequence[Record]


class PostResult(Enum):
    """What a sink made of a batch."""

    POSTED = "posted"
    BEHIND = "behind"  # another worker was first: seek the partition to the sink's next offset


class Sink(Protocol):
    """Keeps batches, each whole or not at all; an error that it raises ends the process."""

    def next_offset(self, topic: str, partition: int) -> int:
        """The offset at which this partition goes on, read anew at each call."""

    def post_all(self, batches: Sequence[Batch]) -> list[PostResult]:
        """Keep batches of different partitions, all or nothing: each if it begins at the next offset; BEHIND if it
        begins below it."""
