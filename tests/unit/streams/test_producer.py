"""A producer's failures: bad values, full queues, unreachable brokers.

The brokers are librdkafka's own mock cluster, on loopback inside the test process.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import confluent_kafka
import pytest

from schemas.codec import Refusal
from schemas.data.pledge import PledgeCancellation
from schemas.rules import Rule
from streams.cluster import Cluster, TopicMissing
from streams.producer import NotDelivered, Producer, Receipt, Refused, publish_lines, uuid7


def event(subject: str = "P1", **more: object) -> bytes:
    """Return a valid event, a pledge's cancellation."""
    content = {
        "specversion": "1.0",
        "id": uuid7(),
        "source": "urn:test",
        "type": "ip.pledge.cancelled.v1",
        "subject": subject,
        "time": "2023-05-04T02:00:00Z",
        "data": {"occurred_on": "2023-05-04", "registration_no": "Y2023310000001"},
    }
    return json.dumps(content | more).encode()


def wait_for_failure(producer: Producer) -> None:
    while True:
        producer.wait(1)


class MockBrokers:
    """Brokers that can be stopped."""

    def __init__(self, *topics: str) -> None:
        self._host = confluent_kafka.Producer({"test.mock.num.brokers": 1, "log_level": 0, "linger.ms": 0})
        for topic in topics:
            self._host.list_topics(topic, timeout=30)
        found = self._host.list_topics(timeout=30).brokers.values()
        self.addresses = ",".join(f"{broker.host}:{broker.port}" for broker in found)

    def go_away(self) -> None:
        self._host.close()


@pytest.fixture
def mock() -> Iterator[MockBrokers]:
    """Yield brokers with only the topic of pledges."""
    brokers = MockBrokers("ip.pledge.v1")
    yield brokers
    brokers.go_away()


def test_a_refused_value_carries_rule_path_and_message_and_is_not_sent(mock: MockBrokers) -> None:
    receipts: list[Receipt] = []
    with Producer(Cluster(mock.addresses)) as producer:
        with pytest.raises(Refused) as caught:
            producer.publish(event(data={"occurred_on": "2023-02-30", "registration_no": "Y1"}), receipts.append)
        assert caught.value.refusal.rule is Rule.BAD_DATA
        assert caught.value.refusal.path == "data.occurred_on"
        assert "bad_data at data.occurred_on: " in str(caught.value)
        producer.publish(event(), receipts.append)
    assert [receipt.offset for receipt in receipts] == [0]


def test_a_missing_topic_is_named_and_not_created(mock: MockBrokers) -> None:
    for _ in range(2):
        with (
            Producer(Cluster(mock.addresses, prefix="other.")) as producer,
            pytest.raises(TopicMissing, match=r"other\.ip\.pledge\.v1.*ip-ledger topics create"),
        ):
            producer.publish(event())


@pytest.mark.slow
def test_closing_the_producer_reports_undelivered_events(mock: MockBrokers) -> None:
    receipts: list[Receipt] = []

    def publish_three() -> None:
        with Producer(Cluster(mock.addresses, timeout=1), patience=5) as producer:
            producer.publish(event(), receipts.append)
            producer.flush()
            mock.go_away()
            producer.publish(event(), receipts.append)
            producer.publish(event(), receipts.append)

    with pytest.raises(NotDelivered, match=r"^2 events .* a receipt again"):
        publish_three()
    assert len(receipts) == 1


def test_a_failed_delivery_is_raised_once_by_the_next_call(mock: MockBrokers) -> None:
    with Producer(Cluster(mock.addresses, timeout=1), patience=1) as producer:
        mock.go_away()
        producer.publish(event())
        with pytest.raises(NotDelivered, match=r"^1 events"):
            wait_for_failure(producer)


def test_undelivered_events_do_not_hide_the_callers_error(mock: MockBrokers) -> None:
    def fail() -> None:
        with Producer(Cluster(mock.addresses, timeout=0.3)) as producer:
            mock.go_away()
            producer.publish(event())
            raise KeyError

    with pytest.raises(KeyError):
        fail()


def test_flush_times_out_and_counts_undelivered_events(mock: MockBrokers) -> None:
    with Producer(Cluster(mock.addresses, timeout=0.3), patience=1) as producer:
        mock.go_away()
        producer.publish(event())
        with pytest.raises(NotDelivered, match=r"^1 events"):
            producer.flush(timeout=0.3)
        with pytest.raises(NotDelivered, match=r"^1 events"):
            wait_for_failure(producer)


def test_publish_waits_for_room_in_a_full_queue(mock: MockBrokers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Producer.publish.__globals__["_SETTINGS"], "queue.buffering.max.messages", 2)
    receipts: list[Receipt] = []
    with Producer(Cluster(mock.addresses)) as producer:
        for number in range(200):
            producer.publish(event(f"P{number}"), receipts.append)
    assert len(receipts) == 200


def test_lines_get_their_results_in_order_and_blank_lines_are_skipped(mock: MockBrokers) -> None:
    lines = [
        event("a") + b"\r\n",
        b"\n",
        b"not json\n",
        b"  \r\n",
        event("b", type="ip.pledge.sung.v1") + b"\n",
        event("c"),
    ]
    with Producer(Cluster(mock.addresses)) as producer:
        answers = list(publish_lines(producer, lines))
    assert [number for number, _ in answers] == [1, 3, 5, 6]
    assert [answer.rule.label if isinstance(answer, Refusal) else answer.topic for _, answer in answers] == [
        "ip.pledge.v1",
        "not_json",
        "unknown_type",
        "ip.pledge.v1",
    ]


def test_lines_are_not_held_in_memory_until_the_end_of_input(
    mock: MockBrokers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(publish_lines.__globals__, "_WINDOW", 10)
    read = 0

    def lines() -> Iterator[bytes]:
        nonlocal read
        for number in range(100):
            read += 1
            yield event(f"P{number}")

    with Producer(Cluster(mock.addresses)) as producer:
        for number, _ in publish_lines(producer, lines()):
            assert read <= number + 10
    assert read == 100


@pytest.mark.slow
def test_lines_stop_at_a_failed_delivery_after_the_earlier_receipts(mock: MockBrokers) -> None:
    answers: list[tuple[int, Receipt | Refusal]] = []

    def lines() -> Iterator[bytes]:
        yield event("a")
        while not answers:
            yield b"not json"
        mock.go_away()
        yield event("b")

    def publish() -> None:
        with Producer(Cluster(mock.addresses, timeout=1), patience=1) as producer:
            answers.extend(publish_lines(producer, lines()))

    with pytest.raises(NotDelivered, match=r"^1 events"):
        publish()
    delivered = [number for number, answer in answers if isinstance(answer, Receipt)]
    assert delivered == [1]


def test_an_event_is_built_of_its_parts(mock: MockBrokers) -> None:
    sent: list[bytes] = []
    data = PledgeCancellation.model_validate({"occurred_on": "2023-05-04", "registration_no": "Y1"})
    with Producer(Cluster(mock.addresses)) as producer:
        producer.publish = lambda value, _: sent.append(value)  # type: ignore[method-assign, assignment, misc]
        made = producer.publish_event("ip.pledge.cancelled.v1", "质押一", "urn:test", data, traceparent="00-1")
        moment = datetime(2023, 5, 4, 2, tzinfo=UTC)
        given = {"occurred_on": "2023-05-04", "registration_no": "Y1"}
        producer.publish_event("ip.pledge.cancelled.v1", "P", "urn:test", given, event_id="x", time=moment)
    first, second = map(json.loads, sent)
    assert first["id"] == made
    assert UUID(made).version == 7
    assert first["subject"] == "质押一"
    assert first["traceparent"] == "00-1"
    assert first["data"] == {"occurred_on": "2023-05-04", "registration_no": "Y1"}
    occurred = datetime.fromisoformat(first["time"])
    assert abs((datetime.now(UTC) - occurred).total_seconds()) < 600
    assert (second["id"], second["time"]) == ("x", "2023-05-04T02:00:00Z")


def test_uuid7_has_its_version_and_rises_with_the_clock() -> None:
    before = time.time_ns() // 1_000_000
    ids = [UUID(uuid7()) for _ in range(10_000)]
    after = time.time_ns() // 1_000_000
    assert {made.version for made in ids} == {7}
    assert {made.variant for made in ids} == {"specified in RFC 4122"}
    assert all(before <= made.int >> 80 <= after for made in ids)
    assert len(set(ids)) == len(ids)
    instants = [made.int >> 64 for made in ids]
    assert instants == sorted(instants)
    assert len(set(instants)) > after - before + 1  # finer than milliseconds
