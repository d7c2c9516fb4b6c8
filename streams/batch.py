"""The unit of work: a batch of records of one partition, and the sink that stores it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple, Protocol

from schemas.wording import Reason

Header = tuple[bytes, bytes | None]
"""A header: key and value."""


class Record(NamedTuple):
    """One record at (topic, partition, offset), or one record batch that cannot be read.

    timestamp: milliseconds since 1970 UTC. wire: its share of its batch's bytes in the log. fault: why a batch cannot
    be read; then `value` is the bytes that its checksum covers, and `offsets` is the number of its offsets. erased: the
    hash of the bytes that it had, if names of persons were erased from its `value`; only archives have such records.
    """

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[Header, ...] = ()
    wire: int = 0
    fault: Reason | None = None
    offsets: int = 1
    erased: bytes | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything the log holds in [start, end). Offsets without a record held transaction markers or aborted records.

    `topic` is the name without the installation's prefix.
    """

    topic: str
    partition: int
    start: int
    end: int
    records: Sequence[Record]

    def until(self, count: int) -> Batch:
        """Return its part before the record with this index."""
        if count >= len(self.records):
            return self
        return replace(self, end=self.records[count].offset, records=self.records[:count])

    def since(self, count: int) -> Batch:
        """Return its part from the record with this index on."""
        return replace(self, start=self.records[count].offset, records=self.records[count:])


class PostResult(Enum):
    """The result of posting a batch to a sink."""

    POSTED = "posted"
    BEHIND = "behind"  # another worker was faster: seek the partition to the sink's next offset
    PARTLY = "partly"  # its first records alone were much work: seek the partition likewise


class Sink(Protocol):
    """Stores batches, each whole or not at all. An error that it raises ends the process."""

    def next_offset(self, topic: str, partition: int) -> int:
        """Return the offset at which this partition continues, read from storage at each call."""

    def post_all(self, batches: Sequence[Batch]) -> list[PostResult]:
        """Store batches of different partitions, all or nothing. A batch is posted if it begins at the next offset, and
        BEHIND if it begins below it; PARTLY if only its first records are stored."""
