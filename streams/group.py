"""Who shares the partitions: the members of a consumer group, as the brokers know them."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from schemas.errors import LedgerError
from streams.cluster import GROUP_DENIED, Cluster, LastError, connect, lets

CLIENT = "ip-ledger."
"""What workers call themselves begins so; the id of their book follows."""
_STARTING = (14, 15, 16)
"""Error codes of a broker that has just begun to look after groups: who does so is known a moment later."""
LOOK_SECONDS = 0.5
"""Between two looks at a group in which a worker that died may still be."""


class GroupTaken(LedgerError):
    """The consumer group {group} has a worker of another book, {client} on {host}: each book would get a part of the
    log. Nothing was posted. Give each book a LEDGER_GROUP of its own, or stop that worker; one that died is a member
    until its LEDGER_SESSION_SECONDS are over."""


class Member(NamedTuple):
    """One worker: what it calls itself, from where it speaks, and how many partitions it has."""

    client: str
    host: str
    partitions: int


def members(cluster: Cluster, group: str, operation: str = "Describe") -> list[Member]:
    """The members of a group, which we may do this to; a worker that died is one of them until its session is over.

    Raises BrokerUnavailable, NotAuthorized.
    """

    described = _described(cluster, group, operation)
    if not lets(described, operation.upper()):
        raise cluster.denied(operation, "group", group)
    return [
        Member(member.client_id, member.host.lstrip("/"), len(member.assignment.topic_partitions))
        for member in described.members
    ]


def _described(cluster: Cluster, group: str, operation: str) -> Any:
    from confluent_kafka import KafkaException
    from confluent_kafka.admin import AdminClient

    last_error = LastError()
    client = connect(cluster, AdminClient, error_cb=last_error)
    deadline = time.monotonic() + cluster.timeout
    while True:
        asked = client.describe_consumer_groups(
            [group], include_authorized_operations=True, request_timeout=cluster.timeout
        )
        try:
            return asked[group].result()
        except KafkaException as error:
            code = error.args[0].code()
            if code == GROUP_DENIED:
                raise cluster.denied(operation, "group", group) from error
            if code in _STARTING and time.monotonic() < deadline:
                time.sleep(LOOK_SECONDS)
                continue
            client.poll(0)  # brings the reason
            raise cluster.unavailable(last_error.reason or error.args[0].str() or error.args[0].name()) from error


def require_ours(cluster: Cluster, group: str, client: str, seconds: float = 0) -> None:
    """Raise GroupTaken if a worker of another book is a member of the group, which we must be let read, and still is
    after so many seconds. Raises BrokerUnavailable, NotAuthorized."""
    deadline = time.monotonic() + seconds
    while others := [member for member in members(cluster, group, "Read") if _is_other(member, client)]:
        if time.monotonic() >= deadline:
            raise GroupTaken(group=group, client=others[0].client, host=others[0].host)
        time.sleep(LOOK_SECONDS)


def _is_other(member: Member, client: str) -> bool:
    return member.client.startswith(CLIENT) and member.client != client
