"""The members of a group share the partitions that their book holds, and no others."""

from __future__ import annotations

from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor

from streams.held import assignor_of

TOPICS = {"a": {0, 1, 2, 3}, "b": {0, 1, 2, 3}, "c": {0}}


class Metadata:
    def partitions_for_topic(self, topic: str) -> set[int] | None:
        return TOPICS.get(topic)


def test_only_held_partitions_are_dealt_and_evenly() -> None:
    """Of every second partition, an ordinary assignor would give all to one of two members."""
    assignor = assignor_of(lambda topic, partition: partition % 2 == 1)
    members = {name: RoundRobinPartitionAssignor.metadata(["a", "b", "c", "gone"]) for name in ("one", "two")}

    dealt = {name: dict(given.assignment) for name, given in assignor.assign(Metadata(), members).items()}

    assert dealt == {"one": {"a": [1], "b": [1]}, "two": {"a": [3], "b": [3]}}
    assert assignor.name == RoundRobinPartitionAssignor.name
