"""The private names of Faust and aiokafka that the transport uses, checked at start: an upgrade that removes one fails
with a clear error."""

from __future__ import annotations

from typing import Any

from aiokafka.client import AIOKafkaClient
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.consumer.group_coordinator import GroupCoordinator
from faust.transport.drivers import aiokafka as driver

from schemas.errors import PromiseBroken


class FaustChanged(PromiseBroken):
    """Faust or aiokafka was upgraded: {missing} no longer exists, and the batch transport needs it. Install the
    versions of requirements.lock, or adapt streams/transport.py."""


# Every private name of Faust and aiokafka that the transport overrides or reads.
PRIVATE_NAMES: tuple[tuple[Any, str], ...] = (
    (driver.Consumer, "perform_seek"),
    (driver.Consumer, "verify_event_path"),
    (driver.Consumer, "resume_flow"),
    (driver.Consumer, "getmany"),
    (driver.Consumer, "_getmany"),
    (driver.Consumer, "_wait_next_records"),
    (driver.Consumer, "_new_offset"),
    (driver.Consumer, "_new_consumer_thread"),
    (driver.Consumer, "on_partitions_revoked"),
    (driver.AIOKafkaConsumerThread, "_create_worker_consumer"),
    (driver.AIOKafkaConsumerThread, "getmany"),
    (driver.AIOKafkaConsumerThread, "_fetch_records"),
    (AIOKafkaClient, "_on_connection_closed"),
    (Fetcher, "_fetch_requests_routine"),
    (GroupCoordinator, "check_errors"),
    (GroupCoordinator, "_maybe_leave_group"),
    (AIOKafkaClient, "_get_conn"),
)
PRIVATE_ATTRIBUTES = ("_read_offset", "_committed_offset", "_acked", "_acked_index")


def check_upstream_internals() -> None:
    """Raise FaustChanged with the first private name that no longer exists."""
    for owner, name in PRIVATE_NAMES:
        if not hasattr(owner, name):
            raise FaustChanged(missing=f"{owner.__module__}.{owner.__qualname__}.{name}")
    source = driver.Consumer.__mro__
    known = {name for owner in source for name in getattr(owner, "__annotations__", {})}
    for name in PRIVATE_ATTRIBUTES:
        if name not in known:
            raise FaustChanged(missing=f"faust Consumer.{name}")


def private(owner: Any, name: str) -> Any:
    """Return a required private attribute. Raise FaustChanged if it does not exist."""
    if not hasattr(owner, name):
        raise FaustChanged(missing=f"{type(owner).__module__}.{type(owner).__qualname__}.{name}")
    return getattr(owner, name)
