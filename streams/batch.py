"""What moves: a batch of records of one partition, and the sink that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol


class Record(Protocol):
    """One record as it lies at (topic, partition, offset). Timestamp: the broker's, milliseconds since 1970 UTC."""

    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...


class PlainRecord(NamedTuple):
    """A record as a plain value, for readers and tests."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything the log holds in [start, end); `end - start - len(records)` offsets of it hold no record.

    `topic` is the plain name, without the prefix of the installation.
    """

    topic: str
    partition: int
    start: int
    end: int
    records: Sequence[Record]


class Outcome(Enum):
    """What a sink made of a batch."""

    POSTED = "posted"
    BEHIND = "behind"  # another worker was first: seek the partition to the sink's next offset


class Sink(Protocol):
    """Keeps batches, each whole or not at all; an error that it raises ends the process."""

    def next_offset(self, topic: str, partition: int) -> int:
        """The offset at which this partition goes on, read anew at each call."""

    def together(self) -> AbstractContextManager[None]:
        """What is posted inside, of one partition or of several, is committed at its end, all or nothing."""

    def post(self, batch: Batch) -> Outcome:
        """Keep the batch if it begins at the next offset; BEHIND if it begins below it."""
