"""The share of a log that a book holds: all of its partitions, or some, so that several books hold one log together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from schemas.errors import UsageError
from schemas.topics import TOPICS, TopicPartition

_LONGEST = 60_000
"""Characters of a share in `meta`."""
_OF = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")
_PART = re.compile(r"([A-Za-z0-9._-]+):([0-9]{1,4})")


class BadShare(UsageError):
    """{given!r} is not a share of the log: {reason}. Write all, or 2/4 for the second of four shares, or a list of
    partitions, topic:partition,..."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share as text: `all`, `2/4` or `topic:partition,...`."""

    text: str = "all"

    @classmethod
    def parse(cls, given: str) -> Share:
        """Return the share in a text, in its canonical form. Raise BadShare."""
        text = given.strip()
        if text == "all":
            return cls()
        if match := _OF.fullmatch(text):
            if int(match[1]) > int(match[2]):
                raise BadShare(given=given, reason=f"there are {match[2]} shares")
            return cls() if match[2] == "1" else cls(text)
        parts = sorted({_partition(given, part.strip()) for part in text.split(",")})
        return cls.listing(parts)

    @classmethod
    def listing(cls, topic_partitions: list[TopicPartition]) -> Share:
        """Return the share that lists these partitions. Raise BadShare."""
        text = ",".join(f"{topic}:{partition}" for topic, partition in topic_partitions)
        if len(text) > _LONGEST:
            raise BadShare(given=f"{text[:60]}...", reason="it is too long")
        return cls(text)

    @property
    def is_whole(self) -> bool:
        """True if it is the whole log."""
        return self.text == "all"

    def topic_partitions(self, partitions: Mapping[str, int]) -> list[TopicPartition]:
        """Return its partitions in a log with these numbers of partitions by topic. Raise BadShare if there are none.

        Shares by number deal the partitions in turn: each gets about as many of each topic.
        """
        whole = [(topic, number) for topic in TOPICS for number in range(partitions[topic])]
        if self.is_whole:
            return whole
        if match := _OF.fullmatch(self.text):
            dealt = whole[int(match[1]) - 1 :: int(match[2])]
            if not dealt:
                raise BadShare(given=self.text, reason=f"the log has {len(whole)} partitions")
            return dealt
        listed = [_partition(self.text, part) for part in self.text.split(",")]
        if missing := [topic_partition for topic_partition in listed if topic_partition not in set(whole)]:
            raise BadShare(given=self.text, reason=f"the log has no {missing[0][0]}:{missing[0][1]}")
        return listed


WHOLE = Share()


def _partition(given: str, part: str) -> TopicPartition:
    match = _PART.fullmatch(part)
    if match is None or match[1] not in TOPICS:
        raise BadShare(given=given, reason=f"{part!r} is not topic:partition")
    return match[1], int(match[2])
