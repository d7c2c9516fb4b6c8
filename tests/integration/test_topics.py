"""Topics in a real cluster: created as the ledger needs them, checked, and identified."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from schemas.topics import LOG_TOPIC, REJECTION_TOPIC, TOPICS
from streams import topics
from streams.cluster import Cluster, TopicMissing, administration
from streams.log_identity import identity
from streams.shape import LogShapeDiffers, Shape, ShapeUnreadable, log_in_shape, read_shape
from tests.processes import wait_until


@pytest.fixture
def cluster(brokers: str, prefix: str) -> Cluster:
    return Cluster(brokers, prefix)


def test_topics_are_created_once_and_are_right(cluster: Cluster) -> None:
    names = (LOG_TOPIC, *TOPICS, REJECTION_TOPIC)
    assert topics.create(cluster) == (names, (), Shape())
    assert topics.create(cluster) == ((), names, Shape())
    assert topics.check(cluster) == []


def test_every_setting_is_explicit_and_none_is_a_default_of_the_broker(cluster: Cluster) -> None:
    topics.create(cluster)
    topic = cluster.topic("ip.pledge.v1")
    with administration(cluster) as admin:
        from kafka.admin import ConfigResource

        settings = admin.describe_configs([ConfigResource("TOPIC", topic)])["topic"][topic]
    assert {name: setting["value"] for name, setting in settings.items()}.items() >= topics.SETTINGS.items()


def test_two_that_create_at_once_both_succeed(cluster: Cluster) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(topics.create, [cluster, cluster]))
    assert all(
        sorted(answer.created + answer.existing) == sorted((LOG_TOPIC, *TOPICS, REJECTION_TOPIC)) for answer in answers
    )
    assert topics.check(cluster) == []


def test_wrong_settings_are_named_one_by_one_with_the_next_step(cluster: Cluster) -> None:
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
    assert "topics copy --to-prefix" in partitions.next_step
    wanted = [(topic, name, found, topics.SETTINGS[name]) for name, found in wrong.items()]
    assert [finding[:4] for finding in settings] == wanted


def test_the_named_step_repairs_a_setting(cluster: Cluster) -> None:
    topics.create(cluster)
    topic = cluster.topic("ip.patent.v1")
    with administration(cluster) as admin:
        from kafka.admin import ConfigResource

        admin.alter_configs([ConfigResource("TOPIC", topic, {"retention.ms": "1000000000"})])
    # brokers apply a setting a moment after they accept it
    wait_until(lambda: topics.check(cluster, ["ip.patent.v1"]) != [], lambda: "nothing is wrong")
    (finding,) = topics.check(cluster, ["ip.patent.v1"])
    name, _, value = finding.next_step.partition(";")[0].rpartition(" ")[2].partition("=")
    with administration(cluster) as admin:
        admin.alter_configs([ConfigResource("TOPIC", topic, {name: value})])
    wait_until(lambda: topics.check(cluster, ["ip.patent.v1"]) == [], lambda: "it is not repaired")


def test_a_log_is_known_by_its_cluster_and_its_topics_and_a_new_topic_is_another(cluster: Cluster) -> None:
    topics.create(cluster)
    first = identity(cluster)
    assert first == identity(cluster)
    assert first.partitions == {topic.name: topic.partitions for topic in TOPICS.values()}
    with administration(cluster) as admin:
        admin.delete_topics([cluster.topic("ip.patent.v1")])
    wait_until(lambda: topics.check(cluster, ["ip.patent.v1"]) != [], lambda: "the topic is still there")
    with pytest.raises(TopicMissing, match=r"ip\.patent\.v1 does not exist .*`ip-ledger topics create`"):
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
    url_safe = str.maketrans("+/", "-_")  # as Kafka prints it; librdkafka prints plain Base64
    assert identity(cluster).topic_ids == {name: text.translate(url_safe) for name, text in ids.items()}
    assert identity(cluster).cluster_id == admin.describe_cluster().result().cluster_id


def produce_value(cluster: Cluster, name: str, value: bytes) -> None:
    """Produce a record by a foreign client."""
    client = Producer(cluster.librdkafka())
    client.produce(cluster.topic(name), value)
    client.flush()


def make(cluster: Cluster, partitions: dict[str, int]) -> None:
    """Create topics as somebody else may."""
    orders = {cluster.topic(name): {"num_partitions": count} for name, count in partitions.items()}
    with administration(cluster) as admin:
        admin.create_topics(orders, wait_for_metadata=True)


def test_a_log_keeps_its_first_shape(cluster: Cluster) -> None:
    shape = Shape.of(6, 2**23)
    assert topics.create(cluster, 6, 2**23).shape == shape
    assert log_in_shape(cluster) == (identity(cluster), shape)
    assert identity(cluster).partitions == shape.partitions
    assert topics.create(cluster).shape == topics.create(cluster, 6, 2**24).shape == shape
    assert topics.check(cluster) == []
    with pytest.raises(LogShapeDiffers, match=r"ip.pledge.v1 has 6 partitions instead of 4"):
        topics.create(cluster, 4)


def test_if_two_create_a_log_in_two_shapes_one_wins(cluster: Cluster) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(topics.create, cluster, partitions) for partitions in (3, 5)]
    for answer in answers:
        if isinstance(answer.exception(), LogShapeDiffers):
            continue
        assert answer.result().shape == read_shape(cluster)
    assert log_in_shape(cluster)[1] in (Shape.of(3), Shape.of(5))


def test_only_the_first_record_counts(cluster: Cluster) -> None:
    topics.create(cluster)
    produce_value(cluster, LOG_TOPIC, Shape.of(9).record())
    assert read_shape(cluster) == Shape()


def test_a_first_record_that_is_no_shape_is_named(cluster: Cluster) -> None:
    make(cluster, {LOG_TOPIC: 1})
    produce_value(cluster, LOG_TOPIC, b"hello")
    with pytest.raises(ShapeUnreadable, match=rf"{cluster.prefix}ip.log.v1:0=0, does not hold a valid log shape"):
        topics.create(cluster)


def test_a_missing_first_record_is_named(cluster: Cluster) -> None:
    topics.create(cluster)
    produce_value(cluster, LOG_TOPIC, b"more")
    topic_partition = TopicPartition(cluster.topic(LOG_TOPIC), 0, 1)
    admin = AdminClient(cluster.librdkafka())
    admin.delete_records([topic_partition])[topic_partition].result(60)
    with pytest.raises(ShapeUnreadable, match="the record at offset 0 was deleted"):
        read_shape(cluster)


def test_a_log_that_is_older_than_its_own_topic_has_the_default_shape_and_keeps_it_from_now_on(
    cluster: Cluster,
) -> None:
    make(cluster, dict(Shape().partitions))
    assert log_in_shape(cluster)[1] == Shape()
    assert LOG_TOPIC not in {finding.topic.removeprefix(cluster.prefix) for finding in topics.check(cluster)}
    produce_value(cluster, "ip.pledge.v1", b"old")
    with pytest.raises(LogShapeDiffers, match=r"ip.pledge.v1 has 4 partitions instead of 6"):
        topics.create(cluster, 6)
    assert topics.create(cluster).created == (LOG_TOPIC, REJECTION_TOPIC)
    assert read_shape(cluster) == Shape()


def test_topics_of_another_shape_are_refused_by_name_and_none_is_created(cluster: Cluster) -> None:
    make(cluster, {"ip.patent.v1": 1})
    with pytest.raises(LogShapeDiffers, match=r"ip.patent.v1 has 1 partitions instead of 4"):
        topics.create(cluster)
    with administration(cluster) as admin:
        assert [name for name in admin.list_topics() if name.startswith(cluster.prefix)] == [
            cluster.topic("ip.patent.v1")
        ]


def test_empty_topics_can_be_adopted(cluster: Cluster) -> None:
    make(cluster, {"ip.patent.v1": 6})
    assert topics.create(cluster, 6).shape == log_in_shape(cluster)[1] == Shape.of(6)


def test_widened_topics_with_events_are_not_adopted(cluster: Cluster) -> None:
    make(cluster, {"ip.patent.v1": 6})
    produce_value(cluster, "ip.patent.v1", b"an event")
    with pytest.raises(LogShapeDiffers, match=r"ip.patent.v1 has 6 partitions instead of 4"):
        topics.create(cluster, 6)
