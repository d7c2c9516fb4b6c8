"""Builders of single events and records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ledger.independent.fold import TopicPartition
from schemas.catalogue import example_of
from schemas.topics import TOPICS, partition_of
from streams.batch import Record
from streams.log_identity import LogIdentity

SOURCE = "urn:registry:cn-sh"
OTHER_SOURCE = "urn:bank:1"
PATENT, PLEDGE = "ip.patent.v1", "ip.pledge.v1"
LOG = LogIdentity(
    "a cluster", {name: f"id of {name}" for name in TOPICS}, {t.name: t.partitions for t in TOPICS.values()}
)
"""The identity of the log in tests without a broker."""
TOPIC_PARTITIONS: list[TopicPartition] = [(topic.name, p) for topic in TOPICS.values() for p in range(topic.partitions)]

Event = dict[str, Any]
"""An event as a JSON object."""

# ---- one event


def money(amount: str, currency: str = "CNY") -> dict[str, str]:
    """Return an amount as on the wire."""
    return {"amount": amount, "currency": currency}


def asset(ipc: str | None = "G06N0003047500", right: str = "invention", **more: Any) -> dict[str, Any]:
    """Return an asset of a pledge, by its first IPC symbol."""
    return _without_omitted({"id": "CN1", "right": right, "ipc": [ipc] if ipc else ..., **more})


def event(type_: str, data: Any, **attributes: Any) -> Event:
    """Return an event of a type; the value `...` omits an attribute or a field."""
    envelope = {
        "specversion": "1.0",
        "id": "e1",
        "source": SOURCE,
        "type": type_,
        "subject": "P1",
        "time": "2023-05-04T02:00:00Z",
        "data": data,
    }
    return _without_omitted(envelope | attributes)


def example_event(stem: str, event_id: str = "e1", subject: str = "P1", **data: Any) -> Event:
    """Return the published example of a type (`patent.ceased`) from SOURCE, with these fields replaced."""
    type_ = f"ip.{stem}.v1"
    return event(type_, _without_omitted(example_of(type_)["data"] | data), id=event_id, subject=subject)


def granted_number(number: int) -> Event:
    """Return the grant of the US patent with a number."""
    return granted(f"g{number}", subject=f"US{number}B2", number=str(number))


def granted(event_id: str = "g1", subject: str = "US10000000B2", **data: Any) -> Event:
    """Return a grant of 2023-05-02 in CN-SH, an invention of generative AI."""
    fields = {
        "occurred_on": "2023-05-02",
        "region": "CN-SH",
        "office": "US",
        "number": "10000000",
        "kind": "B2",
        "right": "invention",
        "ipc": ["G06N0003047500"],
        "applicants": [{"name": "上海某某科技有限公司"}],
    }
    return event("ip.patent.granted.v1", _without_omitted(fields | data), id=event_id, subject=subject)


def registered(event_id: str = "r1", subject: str = "P1", **data: Any) -> Event:
    """Return a pledge of 2023-03-01 in CN-SH: one asset, 1000.00 CNY."""
    fields = {
        "occurred_on": "2023-03-01",
        "region": "CN-SH",
        "registration_no": "Y2023310000123",
        "pledgors": [{"name": "上海某某科技有限公司"}],
        "pledgees": [{"name": "某某银行"}],
        "assets": [asset()],
        "secured": money("1000.00"),
        "amount_status": "registered",
    }
    return event("ip.pledge.registered.v1", _without_omitted(fields | data), id=event_id, subject=subject)


def modified(event_id: str = "m1", subject: str = "P1", **data: Any) -> Event:
    """Return a change of 2023-06-01 to 1500.00 CNY."""
    fields = {
        "occurred_on": "2023-06-01",
        "registration_no": "Y2023310000123",
        "secured": money("1500.00"),
        "debt_to": "2026-06-01",
    }
    return event("ip.pledge.modified.v1", _without_omitted(fields | data), id=event_id, subject=subject)


def cancelled(event_id: str = "c1", subject: str = "P1", **data: Any) -> Event:
    """Return a cancellation of 2024-02-29."""
    fields = {"occurred_on": "2024-02-29", "registration_no": "Y2023310000123"}
    return event("ip.pledge.cancelled.v1", _without_omitted(fields | data), id=event_id, subject=subject)


def corrected(target: Event, event_id: str = "k1", **data: Any) -> Event:
    """Return a correction of `target` that replaces these fields."""
    replacement = _without_omitted(_original_data(target) | data)
    return _revision(target, "corrected", event_id, {"data": replacement})


def voided(target: Event, event_id: str = "v1") -> Event:
    """Return a void of `target`."""
    return _revision(target, "voided", event_id, {})


def value_of(event: Event) -> bytes:
    """Return the event's bytes, as a producer may send them."""
    return json.dumps(event, ensure_ascii=False).encode()


def record(offset: int, content: Event | bytes | None, key: bytes | None = None) -> Record:
    """Return a record at an offset; its default key is the event's subject."""
    if isinstance(content, dict):
        return Record(offset, timestamp(offset), key or content["subject"].encode(), value_of(content))
    return Record(offset, timestamp(offset), key, content)


def timestamp(offset: int) -> int:
    """Return the broker's timestamp at an offset."""
    return 1_700_000_000_000 + offset


def partition(subject: str) -> int:
    """Return the partition of a subject, on a topic of 4 partitions."""
    return partition_of(subject.encode(), 4)


def _revision(target: Event, role: str, event_id: str, more: Mapping[str, Any]) -> Event:
    stem, version = _family(target)
    data = {"target": target["id"], "reason": "typing error", **more}
    return target | {"id": event_id, "type": f"{stem}.{role}.{version}", "data": data}


def _family(event: Event) -> tuple[str, str]:
    parts = event["type"].split(".")
    return ".".join(parts[:3]), parts[-1]


def _original_data(event: Event) -> dict[str, Any]:
    if "target" not in event["data"]:
        return dict(event["data"])
    stem, version = _family(event)
    return dict(event["data"].get("data") or example_of(f"{stem}.{version}")["data"])


def _without_omitted(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if value is not ...}
