"""Topics are created on clusters of several sizes, and refusals name their reasons."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from schemas.topics import REJECTION_TOPIC, TOPICS
from streams import topics
from streams.cluster import Cluster
from streams.rights import NotAuthorized
from streams.shape import Shape
from tests.each_case import each_case

CLUSTER = Cluster("a:1", prefix="t.")


ALL = {f"t.{name}" for name in (*TOPICS, REJECTION_TOPIC)}


class Admin:
    """An admin client of a cluster with `brokers` brokers that answers every request with one code."""

    def __init__(self, brokers: int, code: int = 0) -> None:
        self.brokers, self.code = brokers, code
        self.orders: dict[str, Any] = {}

    def describe_cluster(self) -> dict[str, Any]:
        return {"brokers": [{"broker_id": n} for n in range(self.brokers)]}

    def describe_topics(self, names: list[str]) -> list[dict[str, Any]]:
        return [{"name": name, "error_code": 3, "partitions": []} for name in names]

    def create_topics(self, orders: dict[str, Any], raise_errors: bool) -> dict[str, Any]:
        self.orders = orders
        return {"topics": [{"name": n, "error_code": self.code, "error_message": "as it happens"} for n in orders]}

    def wait_for_topics(self, names: list[str], timeout_ms: int) -> None:
        assert set(names) <= ALL


def create(admin: Admin, monkeypatch: pytest.MonkeyPatch) -> topics.Created:
    @contextmanager
    def administration(_: Cluster) -> Iterator[Admin]:
        yield admin

    monkeypatch.setattr(topics, "administration", administration)
    monkeypatch.setattr(topics, "kept_shape", lambda _: Shape())
    return topics.create(CLUSTER)


@pytest.mark.parametrize(("brokers", "replication", "in_sync"), [(1, 1, "1"), (2, 2, "1"), (3, 3, "2"), (5, 3, "2")])
def test_replicas_are_three_if_the_cluster_has_three_brokers(
    brokers: int, replication: int, in_sync: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = Admin(brokers)
    create(admin, monkeypatch)
    assert admin.orders.keys() == ALL
    for name, order in admin.orders.items():
        assert order["replication_factor"] == replication
        assert order["configs"]["min.insync.replicas"] == in_sync
        plain = name.removeprefix("t.")
        assert order["num_partitions"] == (TOPICS[plain].partitions if plain in TOPICS else 1)


def test_a_topic_that_was_created_meanwhile_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    create(Admin(1, code=36), monkeypatch)


def test_a_refusal_names_each_topic_and_the_brokers_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(topics.TopicsRefused, match=r"t\.ip\.pledge\.v1 \(as it happens\); t\.ip\.patent\.v1"):
        create(Admin(1, code=44), monkeypatch)


def test_a_missing_right_to_create_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotAuthorized, match=r"Create on the topic t\.ip\.pledge\.v1"):
        create(Admin(1, code=29), monkeypatch)


@each_case(
    ("setting", "found", "findings"),
    [
        ("max.message.bytes", "4194304", 0),
        ("max.message.bytes", "8388608", 0),
        ("max.message.bytes", "1048588", 1),
        ("min.insync.replicas", "3", 0),
        ("min.insync.replicas", "1", 1),
        ("retention.ms", "604800000", 1),
        ("retention.bytes", "1000", 1),
        ("cleanup.policy", "delete,compact", 1),
        ("compression.type", "gzip", 1),
        ("message.timestamp.type", "LogAppendTime", 1),
    ],
)
def test_a_setting_below_the_ledgers_minimum_is_named(setting: str, found: str, findings: int) -> None:
    wanted = topics.SETTINGS | {"min.insync.replicas": "2"}
    settings = {name: {"value": value} for name, value in (wanted | {setting: found}).items()}
    named = list(topics._setting_findings("t.ip.patent.v1", settings, 3))
    assert len(named) == findings
    for finding in named:
        assert finding[:4] == ("t.ip.patent.v1", setting, found, wanted[setting])
        assert f"{setting}={wanted[setting]}" in finding.next_step
