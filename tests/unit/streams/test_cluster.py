"""A cluster's settings for each client, and the error if no broker answers."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from streams import topics
from streams.cluster import BrokerUnavailable, Cluster, LastError
from streams.log_identity import identity
from streams.producer import Producer
from streams.reader import Reader
from tests.each_case import each_case

SECURED = Cluster(
    "a:9092,b:9093",
    prefix="shanghai.",
    security_protocol="SASL_SSL",
    sasl_mechanism="SCRAM-SHA-512",
    sasl_username="ledger",
    sasl_password="not for eyes",
    ssl_cafile="/ca.pem",
    ssl_certfile="/client.pem",
    ssl_key_password="nor this",
)


def test_the_prefix_is_added_to_a_topics_name_and_removed_again() -> None:
    assert SECURED.topic("ip.patent.v1") == "shanghai.ip.patent.v1"
    assert SECURED.plain("shanghai.ip.patent.v1") == "ip.patent.v1"
    assert Cluster("a:1").plain("ip.patent.v1") == "ip.patent.v1"


@each_case("topic", ["ip.patent.v1", "shanghai.ip.patent.v2", "shanghai.shanghai.ip.patent.v1", "shanghai."])
def test_a_topic_without_the_prefix_has_no_plain_name(topic: str) -> None:
    assert SECURED.plain(topic) is None


def test_librdkafka_gets_the_security_settings() -> None:
    settings = SECURED.librdkafka(acks="all")
    assert settings.pop("logger").disabled, "what is fatal would go to stderr"
    assert settings == {
        "bootstrap.servers": "a:9092,b:9093",
        "client.id": "ip-ledger",
        "log_level": 0,
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "ledger",
        "sasl.password": "not for eyes",
        "ssl.ca.location": "/ca.pem",
        "ssl.certificate.location": "/client.pem",
        "ssl.key.location": "/client.pem",
        "ssl.key.password": "nor this",
        "acks": "all",
    }


def test_both_python_clients_get_the_security_settings() -> None:
    secured = replace(SECURED, ssl_cafile=None, ssl_certfile=None)
    settings = secured.aiokafka(retry_backoff_ms=1)
    assert isinstance(settings.pop("ssl_context"), ssl.SSLContext)
    assert settings == {
        "bootstrap_servers": "a:9092,b:9093",
        "client_id": "ip-ledger",
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "ledger",
        "sasl_plain_password": "not for eyes",
        "retry_backoff_ms": 1,
    }
    assert secured.kafka_python(retries=1).keys() == settings.keys() - {"retry_backoff_ms"} | {"ssl_context", "retries"}
    assert secured.kafka_python()["bootstrap_servers"] == ["a:9092", "b:9093"]


def test_missing_settings_are_left_to_the_client() -> None:
    left = {"sasl.mechanism", "sasl.password", "ssl.ca.location", "ssl.key.location", "ssl.certificate.location"}
    assert not left & Cluster("a:1").librdkafka().keys()
    assert not {"sasl_mechanism", "ssl_context"} & Cluster("a:1").aiokafka().keys()


def test_faust_is_given_every_broker() -> None:
    assert SECURED.broker_url() == "kafka://a:9092;kafka://b:9093"
    assert Cluster("a:1, b:2").broker_url() == "kafka://a:1;kafka://b:2"


def test_passwords_are_not_shown() -> None:
    assert "not for eyes" not in repr(SECURED)
    assert "nor this" not in repr(SECURED)


def test_the_last_error_with_a_reason_is_kept() -> None:
    class KafkaErrorLike:
        def __init__(self, name: str, text: str) -> None:
            self.name, self.str = lambda: name, lambda: text

    last = LastError()
    last(KafkaErrorLike("_TRANSPORT", "a:9092: connection refused"))
    last(KafkaErrorLike("_ALL_BROKERS_DOWN", "1/1 brokers are down"))
    assert last.reason == "a:9092: connection refused"


@pytest.fixture(params=["refuses", "is silent"])
def nowhere(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield an address where nothing listens, or where nothing answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param == "is silent":
            server.listen()
        yield f"127.0.0.1:{server.getsockname()[1]}"


def read_bounds(cluster: Cluster) -> None:
    with Reader(cluster) as reader:
        reader.bounds(["ip.patent.v1"])


@pytest.mark.parametrize("ask", [identity, topics.create, topics.check, Producer, read_bounds])
def test_an_absent_broker_is_one_named_error_and_nothing_on_stderr(
    nowhere: str, ask: Callable[[Cluster], object], capfd: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    with pytest.raises(BrokerUnavailable) as caught:
        ask(Cluster(nowhere, timeout=0.3))
    assert time.monotonic() - began < 30  # not a test of speed: without a timeout it would wait forever
    message = str(caught.value)
    assert nowhere in message
    assert "ip-ledger broker start" in message
    assert "LEDGER_BROKERS" in message
    assert "\n" not in message
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("brokers", ["", "nowhere.invalid:9092", "127.0.0.1:port"])
@pytest.mark.parametrize("ask", [identity, Producer, read_bounds])
def test_an_impossible_address_is_the_same_error(
    brokers: str, ask: Callable[[Cluster], object], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BrokerUnavailable):
        ask(Cluster(brokers, timeout=0.3))
    assert capfd.readouterr() == ("", "")
