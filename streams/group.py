"""Who shares the partitions: the members of a consumer group, as the brokers know them."""

from __future__ import annotations

from typing import NamedTuple

from streams.cluster import Cluster, LastError, connect


class Member(NamedTuple):
    """One worker: from where it speaks, and how many partitions it has."""

    host: str
    partitions: int


def members(cluster: Cluster, group: str) -> list[Member]:
    """The members of a group; a worker that died is one of them until its session is over. Raises
    BrokerUnavailable."""
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient

    client = connect(cluster, AdminClient, error_cb=LastError())
    asked = client.describe_consumer_groups([group], request_timeout=cluster.timeout)
    try:
        described = asked[group].result()
    except KafkaException as error:
        raise cluster.unavailable(error.args[0].str()) from error
    return [Member(member.host.lstrip("/"), len(member.assignment.topic_partitions)) for member in described.members]
