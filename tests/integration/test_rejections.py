"""Producers learn about their rejections: those of a book are in `ip.rejection.v1`, on a real broker."""

from __future__ import annotations

import json
from typing import Any

import confluent_kafka
import pytest
from confluent_kafka import Consumer, TopicPartition
from confluent_kafka.admin import AdminClient

from ledger.audit.replay import replay
from schemas.topics import REJECTION_TOPIC, TOPICS
from streams import topics
from streams.cluster import Cluster, TopicMissing
from streams.reader import Reader
from streams.rejections import RejectionTopic
from tests.acceptance.load import OutgoingRecord, send
from tests.events import OTHER_SOURCE, PLEDGE, SOURCE, money, partition, registered, value_of
from tests.processes import PROGRAM, Installation, wait_until
from tests.record_batches import CODECS, batch, produce, record

HOME = partition("P1")
MINE = value_of(registered(secured=money("-1")))
THEIRS = value_of(registered(secured=money("-2")) | {"source": OTHER_SOURCE})
VALUES = [value_of(registered()), MINE, THEIRS, b"{", value_of(registered(secured=money("7")))]
PLACES = [f"{PLEDGE}:{HOME}={offset}" for offset in (1, 2, 3, 4)]
KILLED = """import os, streams.rejections
streams.rejections.RejectionTopic.keep = lambda *_: os._exit(9)
"""


def produce_values(cluster: Cluster, *values: bytes) -> None:
    send(
        cluster,
        confluent_kafka.Producer(cluster.librdkafka()),
        [OutgoingRecord(PLEDGE, HOME, b"P1", it) for it in values],
    )


def announced(cluster: Cluster) -> list[Any]:
    """Return all records of the topic, as any client reads them."""
    with Reader(cluster) as reader:
        end = reader.bounds([REJECTION_TOPIC])[REJECTION_TOPIC, 0].end
    consumer = Consumer(cluster.librdkafka(**{"group.id": "any", "enable.auto.commit": False}))
    consumer.assign([TopicPartition(cluster.topic(REJECTION_TOPIC), 0, 0)])
    found: list[Any] = []
    while len(found) < end:
        message = consumer.poll(60)
        assert message is not None
        assert message.error() is None
        found.append(message)
    consumer.close()
    return found


def places(cluster: Cluster) -> list[str]:
    return [dict(message.headers())["place"].decode() for message in announced(cluster)]


def delete(cluster: Cluster, name: str) -> None:
    admin = AdminClient(cluster.librdkafka())
    admin.delete_topics([cluster.topic(name)])[cluster.topic(name)].result(60)
    wait_until(lambda: cluster.topic(name) not in admin.list_topics(timeout=60).topics, lambda: "it is there")


@pytest.fixture
def refused(installation: Installation) -> Installation:
    produce_values(installation.cluster, *VALUES)
    replay(installation.cluster, installation.book)
    return installation


def test_unsent_rejections_are_published_once(refused: Installation) -> None:
    first = refused.run("rejections", "publish", "--json")
    assert (first.code, first.json["published"]) == (0, 4), first.err
    assert f"{PLEDGE}:{HOME}=5" in first.json["position"]
    assert places(refused.cluster) == PLACES
    assert refused.run("rejections", "publish", "--json").json == first.json | {"published": 0}
    assert refused.run("rejections", "publish", "--all", "--json").json["published"] == 4
    assert refused.run("rejections", "publish", "--json").json["published"] == 0
    messages = announced(refused.cluster)
    sent = [(message.key(), message.value(), message.headers()) for message in messages]
    assert sent[:4] == sent[4:]
    assert [message.key() for message in messages[:4]] == [
        SOURCE.encode(),
        OTHER_SOURCE.encode(),
        None,
        SOURCE.encode(),
    ]
    assert [json.loads(message.value())["rule"] for message in messages[:4]] == [
        "bad_data", "bad_data", "not_json", "conflict"
    ]  # fmt: skip
    assert ("content-type", b"application/json") in messages[0].headers()


def test_a_process_killed_between_sending_and_committing_sends_the_same_again(refused: Installation) -> None:
    assert refused.run("rejections", "publish", program=KILLED + PROGRAM).code == 9
    assert places(refused.cluster) == PLACES
    assert refused.run("rejections", "publish", "--json").json["published"] == 4
    assert places(refused.cluster) == [*PLACES, *PLACES]


def test_a_group_without_offsets_only_repeats(refused: Installation) -> None:
    assert refused.run("rejections", "publish", "--json").json["published"] == 4
    admin = AdminClient(refused.cluster.librdkafka())
    group = f"{refused.group}.rejections"
    admin.delete_consumer_groups([group])[group].result(60)
    assert refused.run("rejections", "publish", "--json").json["published"] == 4


def test_a_named_group_is_shared_by_another_book(refused: Installation) -> None:
    group = f"{refused.cluster.prefix}books"
    assert refused.run("rejections", "publish", "--json", LEDGER_GROUP=group).json["published"] == 4
    refused.book = refused.book.with_name("another.db")
    replay(refused.cluster, refused.book)
    assert refused.run("rejections", "publish", "--json", LEDGER_GROUP=group).json["published"] == 0
    assert refused.run("rejections", "publish", "--json").json["published"] == 4


def test_an_unreadable_batch_is_one_record(refused: Installation) -> None:
    number, pack = CODECS["gzip"]
    content = pack(b"".join(record(delta, b"P1", b"{}") for delta in range(40))) + b"trailing"
    produce(refused.cluster.brokers, refused.cluster.topic(PLEDGE), HOME, batch(content, 40, number))
    refused.book.unlink()
    replay(refused.cluster, refused.book)
    assert refused.run("rejections", "publish", "--json").json["published"] == 5
    last = json.loads(announced(refused.cluster)[-1].value())
    assert (last["rule"], last["offset"], last["offsets"], last["source"]) == ("unreadable", 5, 40, None)


def test_a_producer_sees_its_own_rejections(refused: Installation) -> None:
    assert refused.run("rejections", "publish").code == 0
    mine = [json.loads(message.value()) for message in announced(refused.cluster) if message.key() == SOURCE.encode()]
    assert [(row["rule"], row["offset"], row["key"]) for row in mine] == [("bad_data", 1, "P1"), ("conflict", 4, "P1")]


def test_a_missing_topic_is_named_and_created_by_topics_create(refused: Installation) -> None:
    delete(refused.cluster, REJECTION_TOPIC)
    done = refused.run("rejections", "publish")
    assert (done.code, done.out) == (69, "")
    assert f"{REJECTION_TOPIC} does not exist in the cluster" in done.err
    assert "`ip-ledger topics create`" in done.err
    assert topics.check(refused.cluster) == []
    assert topics.create(refused.cluster).created == (REJECTION_TOPIC,)
    assert topics.check(refused.cluster) == []
    assert refused.run("rejections", "publish", "--json").json["published"] == 4


def test_a_book_of_another_log_publishes_no_rejection_here(refused: Installation) -> None:
    delete(refused.cluster, PLEDGE)
    topics.create(refused.cluster)
    done = refused.run("rejections", "publish")
    assert done.code == 70
    assert "OtherLog" in done.err
    assert announced(refused.cluster) == []


def test_unreachable_brokers_are_named(refused: Installation) -> None:
    done = refused.run("rejections", "publish", LEDGER_BROKERS="127.0.0.1:1")
    assert done.code == 69
    assert "BrokerUnavailable: Cannot connect to Kafka at 127.0.0.1:1" in done.err


def test_a_topic_that_is_deleted_meanwhile_is_not_recreated(refused: Installation) -> None:
    with RejectionTopic(refused.cluster, refused.group) as topic:
        topic.send([(None, b"{}", [])])
        delete(refused.cluster, REJECTION_TOPIC)
        with pytest.raises(TopicMissing):
            topic.send([(None, b"{}", [])])
    with pytest.raises(TopicMissing):
        RejectionTopic(refused.cluster, refused.group)


@pytest.mark.parametrize("source", ["option", "setting"])
def test_a_worker_publishes_meanwhile(installation: Installation, source: str) -> None:
    if source == "setting":
        (installation.book.parent / ".env").write_text("LEDGER_PUBLISH_REJECTIONS=true\n")
    produce_values(installation.cluster, *VALUES[:3])
    worker = installation.worker(*["--publish-rejections"][: source == "option"])
    wait_until(lambda: places(installation.cluster) == PLACES[:2], lambda: worker.output)
    produce_values(installation.cluster, *VALUES[3:])
    wait_until(lambda: places(installation.cluster) == PLACES, lambda: worker.output)
    assert worker.stop() == 0
    assert "rejections not published" not in worker.output
    assert installation.run("rejections", "publish", "--json").json["published"] == 0
    assert {topic for topic, _ in installation.next_offsets()} == set(TOPICS), "its own topic must not feed back"


def test_a_worker_without_the_option_publishes_no_rejection(installation: Installation) -> None:
    produce_values(installation.cluster, *VALUES)
    worker = installation.worker()
    installation.wait_until_posted()
    assert worker.stop() == 0
    assert places(installation.cluster) == []


def test_of_two_workers_each_publishes_what_it_posts(installation: Installation) -> None:
    workers = [installation.worker("--publish-rejections")]
    wait_until(lambda: bool(installation.next_offsets()) and installation.members() == 1, lambda: workers[0].output)
    workers.append(installation.worker("--publish-rejections"))
    wait_until(lambda: len(installation.shares()) == 2, lambda: workers[1].output)
    values = [b"refused %d" % number for number in range(40)]
    cluster = installation.cluster
    records = [
        OutgoingRecord(topic, number % 4, b"P1", it)
        for topic in (PLEDGE, "ip.patent.v1")
        for number, it in enumerate(values)
    ]
    send(cluster, confluent_kafka.Producer(cluster.librdkafka()), records)
    wait_until(lambda: len(set(places(cluster))) == 80, lambda: workers[0].output + workers[1].output)
    assert [worker.stop() for worker in workers] == [0, 0]


def test_a_worker_logs_a_missing_topic_once_and_continues(installation: Installation) -> None:
    delete(installation.cluster, REJECTION_TOPIC)
    produce_values(installation.cluster, *VALUES)
    worker = installation.worker("--publish-rejections")
    wait_until(lambda: "rejections not published" in worker.output, lambda: worker.output)
    installation.wait_until_posted()
    topics.create(installation.cluster)
    wait_until(lambda: "rejections published again" in worker.output, lambda: worker.output)
    assert worker.output.count("TopicMissing") == 1
    assert places(installation.cluster) == PLACES
    assert worker.stop() == 0
