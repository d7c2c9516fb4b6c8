"""The members of a consumer group, as the brokers know them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from schemas.errors import PromiseBroken
from streams.cluster import Cluster, administration, require_allowed

CLIENT = "ip-ledger."
"""The prefix of workers' client ids, before the id of their book."""
_STARTING = (14, 15, 16)
"""Error codes of a broker that has just become a group coordinator; it is ready a moment later."""
_LOOK_SECONDS = 0.5
"""The pause between two checks of a group that may still contain a dead worker."""


class GroupTaken(PromiseBroken):
    """The consumer group {group} has a member that is not a worker of this book, {client} on {host}: it receives a part
    of the log, which this book then lacks. That part was neither posted nor acknowledged. Give each book and each
    program its own group (LEDGER_GROUP), or stop that member; a dead one remains a member until its session expires."""


class GroupNotClassic(PromiseBroken):
    """The consumer group {group} has a member that uses the newer group protocol (group.protocol=consumer), so it is
    not a worker, and a worker cannot share the log with it. Its part was neither posted nor acknowledged. Give each
    program its own group (LEDGER_GROUP), or stop that member: `kafka-consumer-groups.sh --describe --members --group
    {group}` names it."""


class GroupMember(NamedTuple):
    """One member: its client id, its host and its number of partitions."""

    client: str
    host: str
    partitions: int


def members(cluster: Cluster, group: str, operation: str = "Describe") -> list[GroupMember]:
    """Return the members of a group, which requires the right `operation`. A dead worker stays until its session ends.

    Raise GroupNotClassic, BrokerUnavailable, NotAuthorized.
    """
    with administration(cluster) as admin:
        described = _described(cluster, admin, group, operation)
    require_allowed(cluster, described["authorized_operations"], operation, "group", group)
    return [
        GroupMember(member["client_id"], member["client_host"].lstrip("/"), _partitions(member["member_assignment"]))
        for member in described["members"]
    ]


def _described(cluster: Cluster, admin: Any, group: str, operation: str) -> dict[str, Any]:
    """Return kafka-python's description of a group. librdkafka may abort the process if a connection breaks during this
    call."""
    from kafka.errors import BrokerResponseError, GroupAuthorizationFailedError
    from kafka.protocol.admin import DescribeGroupsRequest

    # from version 6 on a broker does not report our rights on a group that nobody has joined yet
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
        except BrokerResponseError as error:  # a lost connection is not an answer: `administration` names it
            if error.errno not in _STARTING:
                raise
            problem = error
        if not problem:
            return described
        if time.monotonic() >= deadline:
            raise cluster.unavailable(problem)
        time.sleep(_LOOK_SECONDS)


def _speaks_newer(admin: Any, group: str) -> bool:
    """Return whether the group uses the newer protocol, which `_described` does not show. An empty group may be
    joined."""
    from kafka.errors import IncompatibleBrokerVersion

    try:
        listed = admin.list_groups(types_filter=["consumer"])
    except IncompatibleBrokerVersion:  # these brokers know only our protocol
        return False
    return any(found["group_id"] == group and found["group_state"] != "Empty" for found in listed)


def _partitions(assignment: Any) -> int:
    """Return the number of partitions of an assignment; 0 before there is one."""
    return sum(len(topic["partitions"]) for topic in assignment["assigned_partitions"]) if assignment else 0


def require_ours(cluster: Cluster, group: str, client: str, seconds: float = 0) -> list[GroupMember]:
    """Return the members of the group; requires Read of it. Raise GroupTaken if one is not a worker of this book and
    remains after this many seconds; also GroupNotClassic, BrokerUnavailable, NotAuthorized."""
    deadline = time.monotonic() + seconds
    while error := taken(group, there := members(cluster, group, "Read"), client):
        if time.monotonic() >= deadline:
            raise error
        time.sleep(_LOOK_SECONDS)
    return there


def taken(group: str, there: Iterable[GroupMember], client: str) -> GroupTaken | None:
    """Return the error for a member with another client id than `client`, or None."""
    others = (GroupTaken(group=group, client=m.client, host=m.host) for m in there if m.client != client)
    return next(others, None)
