"""Positions as text: `topic:partition=offset,...`, the next offset of each partition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ledger.book.book import Reached
from schemas.errors import UsageError
from schemas.topics import TOPICS, TopicPartition

_PART = re.compile(r"(?P<topic>[A-Za-z0-9._-]+):(?P<partition>[0-9]{1,4})=(?P<offset>[0-9]{1,18})")


class BadPosition(UsageError):
    """{part!r} is not part of a position. Write topic:partition=offset,... as printed with --position."""


def position_text(positions: Iterable[Reached]) -> str:
    """Return the next offset of every partition, as text for `parse_position`."""
    return offsets_text({(position.topic, position.partition): position.next for position in positions})


def offsets_text(offsets: Mapping[TopicPartition, int]) -> str:
    """Return the offsets of partitions, in their order, as text for `parse_position`."""
    return ",".join(f"{topic}:{partition}={offset}" for (topic, partition), offset in offsets.items())


def brief_position(text: str) -> str:
    """Return a position without the partitions at offset 0, or all of it if all are."""
    return ",".join(part for part in text.split(",") if not part.endswith("=0")) or text


def parse_position(text: str) -> dict[TopicPartition, int]:
    """Return the offsets in a text, by partition; a text need not have all partitions. Raise BadPosition."""
    offsets: dict[TopicPartition, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _PART.fullmatch(part)
        if match is None or match["topic"] not in TOPICS:
            raise BadPosition(part=part)
        offsets[match["topic"], int(match["partition"])] = int(match["offset"])
    return offsets


def as_of_offsets(positions: Iterable[Reached]) -> Mapping[str, list[int | None]]:
    """Return topic -> the next offset of each of its partitions, in order; None for one that is in another book."""
    offsets: dict[str, list[int | None]] = {}
    for position in positions:
        known = offsets.setdefault(position.topic, [])
        known += [None] * (position.partition - len(known))
        known.append(position.next)
    return offsets
