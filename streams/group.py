"""Who shares the partitions: the members of a consumer group, as the brokers know them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from schemas.errors import PromiseBroken
from streams.cluster import Cluster, administration

CLIENT = "ip-ledger."
"""What workers call themselves begins so; the id of their book follows."""
_STARTING = (14, 15, 16)
"""Error codes of a broker that has just begun to look after groups: who does so is known a moment later."""
LOOK_SECONDS = 0.5
"""Between two looks at a group in which a worker that died may still be."""


class GroupTaken(PromiseBroken):
    """The consumer group {group} has a member that is no worker of this book, {client} on {host}: it gets a part of the
    log, which this book then lacks. Nothing of that part was posted or acknowledged. Give each book and each program a
    group of its own (LEDGER_GROUP), or stop that member; one that died is a member until its session is over."""


class GroupNotClassic(PromiseBroken):
    """The consumer group {group} has a member that speaks the newer protocol of groups (group.protocol=consumer), so it
    is no worker: a worker cannot share the log with it. Nothing of its part was posted or acknowledged. Give each
    program a group of its own (LEDGER_GROUP), or stop that member: `kafka-consumer-groups.sh --describe --members
    --group {group}` names it."""


class Member(NamedTuple):
    """One member: what it calls itself, from where it speaks, and how many partitions it has."""

    client: str
    host: str
    partitions: int


def members(cluster: Cluster, group: str, operation: str = "Describe") -> list[Member]:
    """The members of a group, which we may do this to; a worker that died is one of them until its session is over.

    Raises GroupNotClassic, BrokerUnavailable, NotAuthorized.
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
            if described["group_state"] == "Dead" and _speaks_newer(admin, group):
                raise GroupNotClassic(group=group)
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


def _speaks_newer(admin: Any, group: str) -> bool:
    """Whether it is a group of the newer protocol, which `_described` says nothing of. An empty one may be joined."""
    from kafka.errors import IncompatibleBrokerVersion

    try:
        listed = admin.list_groups(types_filter=["consumer"])
    except IncompatibleBrokerVersion:  # these brokers know no other protocol than ours
        return False
    return any(found["group_id"] == group and found["group_state"] != "Empty" for found in listed)


def _partitions(assignment: Any) -> int:
    """How many partitions an assignment gives; none before there is one."""
    return sum(len(topic["partitions"]) for topic in assignment["assigned_partitions"]) if assignment else 0


def require_ours(cluster: Cluster, group: str, client: str, seconds: float = 0) -> list[Member]:
    """Return the members of the group, which we must be let read. Raises GroupTaken if one is no worker of this book
    and still is there after so many seconds; and GroupNotClassic, BrokerUnavailable, NotAuthorized."""
    deadline = time.monotonic() + seconds
    while error := taken(group, there := members(cluster, group, "Read"), client):
        if time.monotonic() >= deadline:
            raise error
        time.sleep(LOOK_SECONDS)
    return there


def taken(group: str, there: Iterable[Member], client: str) -> GroupTaken | None:
    """Return the error that names a member that does not call itself `client`, if there is one."""
    others = (GroupTaken(group=group, client=m.client, host=m.host) for m in there if m.client != client)
    return next(others, None)
