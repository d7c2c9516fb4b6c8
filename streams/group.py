"""Who shares the partitions: the members of a consumer group, as the brokers know them."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from schemas.errors import LedgerError
from streams.cluster import Cluster, administration

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
    with administration(cluster) as admin:
        described = _described(cluster, admin, group, operation)
    allowed = described["authorized_operations"]
    if allowed is not None and operation.upper() not in allowed:
        raise cluster.denied(operation, "group", group)
    return [
        Member(member["client_id"], member["client_host"].lstrip("/"), _partitions(member["member_assignment"]))
        for member in described["members"]
    ]


def _described(cluster: Cluster, admin: Any, group: str, operation: str) -> dict[str, Any]:
    """What kafka-python says of a group. librdkafka may abort the process where a connection breaks while it asks."""
    from kafka.errors import GroupAuthorizationFailedError, KafkaError
    from kafka.protocol.admin import DescribeGroupsRequest

    # from version 6 on a broker does not say what we may do to a group that nobody has joined yet
    admin._describe_groups_request = lambda ids: DescribeGroupsRequest(
        groups=list(ids), include_authorized_operations=True, max_version=5
    )
    deadline = time.monotonic() + cluster.timeout
    while True:
        try:
            described: dict[str, Any] = admin.describe_groups([group])[group]
            problem = described["error"]
        except GroupAuthorizationFailedError as error:
            raise cluster.denied(operation, "group", group) from error
        except KafkaError as error:
            if error.errno not in _STARTING:
                raise
            problem = error
        if not problem:
            return described
        if time.monotonic() >= deadline:
            raise cluster.unavailable(problem)
        time.sleep(LOOK_SECONDS)


def _partitions(assignment: Any) -> int:
    """How many partitions an assignment gives; none before there is one."""
    return sum(len(topic["partitions"]) for topic in assignment["assigned_partitions"]) if assignment else 0


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
