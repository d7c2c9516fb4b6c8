"""Assignment of some partitions only: the members of a group share those that their book holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor

Holds = Callable[[str, int], bool]
"""(topic in the cluster, partition) -> whether the book holds it."""


def assignor_of(holds: Holds) -> type[RoundRobinPartitionAssignor]:
    """Return the assignor that deals only the partitions that the book holds."""

    class HeldPartitions(RoundRobinPartitionAssignor):  # type: ignore[misc]
        @classmethod
        def assign(cls, cluster: Any, members: Mapping[str, Any]) -> Any:
            return super().assign(_Held(cluster), members)

    class _Held:
        """The metadata of a cluster with only these partitions."""

        def __init__(self, cluster: Any) -> None:
            self._cluster = cluster

        def partitions_for_topic(self, topic: str) -> set[int] | None:
            partitions: set[int] | None = self._cluster.partitions_for_topic(topic)
            return partitions and {number for number in partitions if holds(topic, number)}

    return HeldPartitions
