"""Changes that a platform team makes to topics, by another admin client."""

from __future__ import annotations

from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    ResourceType,
)

from streams.cluster import Cluster
from tests.processes import PATIENCE_SECONDS, wait_until


def widen(cluster: Cluster, name: str, count: int) -> None:
    """Give a topic (plain name) more partitions."""
    admin, topic = AdminClient(cluster.librdkafka()), cluster.topic(name)
    admin.create_partitions([NewPartitions(topic, count)])[topic].result(PATIENCE_SECONDS)
    wait_until(lambda: len(admin.list_topics(topic, 60).topics[topic].partitions) == count, lambda: "no new partitions")


def configure(cluster: Cluster, name: str, setting: str, value: str) -> None:
    """Give a topic (plain name) a setting."""
    admin = AdminClient(cluster.librdkafka())
    entry = ConfigEntry(setting, value, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, cluster.topic(name), incremental_configs=[entry])
    admin.incremental_alter_configs([resource])[resource].result(PATIENCE_SECONDS)
    asked = ConfigResource(ResourceType.TOPIC, cluster.topic(name))

    def is_set() -> bool:
        return bool(admin.describe_configs([asked])[asked].result(PATIENCE_SECONDS)[setting].value == value)

    wait_until(is_set, lambda: f"{setting} is not {value}")
