"""The identity of a log: the ids of its cluster and of its topics."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from schemas.topics import TOPICS
from streams.cluster import Cluster, admin_client, require_allowed, require_described


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """Distinguishes one log from another. Topics by name without prefix; ids as Kafka's own tools print them."""

    cluster_id: str
    topic_ids: dict[str, str]
    partitions: dict[str, int]


def identity(cluster: Cluster, names: Collection[str] = TOPICS) -> LogIdentity:
    """Return the identity of the log in these topics (names without prefix); requires Read of all of them.

    Raise BrokerUnavailable, TopicMissing, NotAuthorized.
    """
    with Identities(cluster) as identities:
        return identities.log(names)


class Identities:
    """Reads the identity of a log repeatedly over one connection, in a millisecond each.

    A topic id is never reused: records fetched before the answer came from these topics. librdkafka is not asked: it
    aborts the process that describes topics while the cluster lists no broker.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._admin: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def log(self, names: Collection[str] = TOPICS) -> LogIdentity:
        """Return the identity of the cluster and these topics (names without prefix). Raise BrokerUnavailable,
        TopicMissing, NotAuthorized."""
        cluster_id = self._ask(lambda admin: admin.describe_cluster())["cluster_id"]
        return LogIdentity(cluster_id, *self.topics(names))

    def topics(self, names: Collection[str] = TOPICS, operation: str = "Read") -> tuple[dict[str, str], dict[str, int]]:
        """Return id and partition count of these topics, by name without prefix.

        Raise BrokerUnavailable, TopicMissing; NotAuthorized if the brokers deny the caller this operation on them.
        """
        topics = self._ask(lambda admin: self._described(admin, names, operation))
        for name, topic in topics.items():
            if topic.error_code:
                raise self._cluster.missing(name)
        return (
            {name: _kafka_text(topic.topic_id) for name, topic in topics.items()},
            {name: len(topic.partitions) for name, topic in topics.items()},
        )

    def _described(self, admin: Any, names: Collection[str], operation: str) -> dict[str, Any]:
        """Return the answer for each topic, by name without prefix. `describe` would turn it into dictionaries, which
        takes as long as the request."""
        from kafka.admin import ACLOperation
        from kafka.protocol.metadata import MetadataRequest

        topics = [MetadataRequest.MetadataRequestTopic(name=self._cluster.topic(name)) for name in names]
        request = MetadataRequest(
            topics=topics,
            allow_auto_topic_creation=False,
            include_cluster_authorized_operations=False,
            include_topic_authorized_operations=True,
        )
        found = {topic.name: topic for topic in admin._manager.run(admin._manager.send, request).topics}
        for topic in found.values():
            require_described(self._cluster, topic.error_code, topic.name, operation)
            if not topic.error_code:
                numbers = topic.authorized_operations
                rights = None if numbers is None else [right.name for right in ACLOperation if right in numbers]
                require_allowed(self._cluster, rights, operation, "topic", topic.name)
        return {name: found[self._cluster.topic(name)] for name in names}

    def _ask(self, question: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Return the brokers' answer. If the connection broke since the last one, ask once more over a new one."""
        kept = self._admin is not None
        if self._admin is None:
            self._admin = admin_client(self._cluster)
            self._admin._net.stop()  # from now on the caller's thread waits itself, instead of for another thread
        from kafka.errors import KafkaError

        try:
            return question(self._admin)
        except KafkaError as error:
            self._close()
            if kept:
                return self._ask(question)
            raise self._cluster.unavailable(error) from error

    def _close(self) -> None:
        if self._admin is not None:
            self._admin.close()
        self._admin = None


def _kafka_text(topic_id: UUID) -> str:
    return urlsafe_b64encode(topic_id.bytes).decode().rstrip("=")
