"""Topics in a real cluster: made as the ledger needs them, found out where they are not, told apart."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from schemas.topics import TOPICS
from streams import topics
from streams.cluster import Cluster, TopicMissing, administration, identity
from tests.processes import wait_until


@pytest.fixture
def cluster(brokers: str, prefix: str) -> Cluster:
    return Cluster(brokers, prefix)


def test_topics_are_created_once_and_then_nothing_is_wrong_with_them(cluster: Cluster) -> None:
    assert topics.create(cluster) == (tuple(TOPICS), ())
    assert topics.create(cluster) == ((), tuple(TOPICS))
    assert topics.check(cluster) == []


def test_every_setting_is_said_and_none_left_to_the_brokers_defaults(cluster: Cluster) -> None:
    from kafka.admin import ConfigResource

    topics.create(cluster, ["ip.pledge.v1"])
    topic = cluster.topic("ip.pledge.v1")
    with administration(cluster) as admin:
        said = admin.describe_configs([ConfigResource("TOPIC", topic)])["topic"][topic]
    assert {name: setting["value"] for name, setting in said.items()}.items() >= topics.SETTINGS.items()


def test_two_that_create_at_once_both_succeed(cluster: Cluster) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(topics.create, [cluster, cluster]))
    assert all(sorted(answer.created + answer.existing) == sorted(TOPICS) for answer in answers)
    assert topics.check(cluster) == []


def test_what_is_wrong_is_named_setting_by_setting_with_the_next_step(cluster: Cluster) -> None:
    wrong = {
        "cleanup.policy": "compact",
        "retention.ms": "604800000",
        "retention.bytes": "1073741824",
        "max.message.bytes": "1048588",
        "compression.type": "gzip",
        "message.timestamp.type": "LogAppendTime",
    }
    topic = cluster.topic("ip.patent.v1")
    with administration(cluster) as admin:
        admin.create_topics(
            {topic: {"num_partitions": 1, "replication_factor": 1, "configs": wrong}}, wait_for_metadata=True
        )
    findings = topics.check(cluster, ["ip.pledge.v1", "ip.patent.v1"])
    missing, partitions, *settings = [finding for finding in findings if finding.setting != "replication factor"]
    assert missing == (
        cluster.topic("ip.pledge.v1"), "topic", "missing", "there", "ip-ledger topics create"
    )  # fmt: skip
    assert partitions[:4] == (topic, "partitions", "1", "4")
    assert "LEDGER_TOPIC_PREFIX" in partitions.next_step
    wanted = [(topic, name, found, topics.SETTINGS[name]) for name, found in wrong.items()]
    assert [finding[:4] for finding in settings] == wanted


def test_the_step_that_is_named_repairs_a_setting(cluster: Cluster) -> None:
    from kafka.admin import ConfigResource

    topics.create(cluster, ["ip.patent.v1"])
    topic = cluster.topic("ip.patent.v1")
    with administration(cluster) as admin:
        admin.alter_configs([ConfigResource("TOPIC", topic, {"retention.ms": "1000000000"})])
    (finding,) = topics.check(cluster, ["ip.patent.v1"])
    name, _, value = finding.next_step.rpartition(" ")[2].partition("=")
    with administration(cluster) as admin:
        admin.alter_configs([ConfigResource("TOPIC", topic, {name: value})])
    assert topics.check(cluster, ["ip.patent.v1"]) == []


def test_a_log_is_known_by_its_cluster_and_its_topics_and_a_new_topic_is_another(cluster: Cluster) -> None:
    topics.create(cluster)
    first = identity(cluster)
    assert first == identity(cluster)
    assert first.partitions == {topic.name: topic.partitions for topic in TOPICS.values()}
    with administration(cluster) as admin:
        admin.delete_topics([cluster.topic("ip.patent.v1")])
    wait_until(lambda: topics.check(cluster, ["ip.patent.v1"]) != [], lambda: "the topic is still there")
    with pytest.raises(TopicMissing, match=r"ip\.patent\.v1 is not .*`ip-ledger topics create`"):
        identity(cluster)
    topics.create(cluster)
    second = identity(cluster)
    assert second.cluster_id == first.cluster_id
    assert second.topic_ids["ip.pledge.v1"] == first.topic_ids["ip.pledge.v1"]
    assert second.topic_ids["ip.patent.v1"] != first.topic_ids["ip.patent.v1"]


def test_ids_read_as_kafkas_own_tools_print_them(cluster: Cluster) -> None:
    from confluent_kafka import TopicCollection
    from confluent_kafka.admin import AdminClient

    topics.create(cluster)
    admin = AdminClient(cluster.librdkafka())
    described = admin.describe_topics(TopicCollection([cluster.topic(name) for name in TOPICS]))
    ids = {cluster.plain(topic): str(answer.result().topic_id) for topic, answer in described.items()}
    url_safe = str.maketrans("+/", "-_")  # as Kafka has it; librdkafka prints plain Base64
    assert identity(cluster).topic_ids == {name: text.translate(url_safe) for name, text in ids.items()}
    assert identity(cluster).cluster_id == admin.describe_cluster().result().cluster_id
