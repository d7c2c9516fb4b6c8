"""The Kafka cluster that holds the log: its connection settings, topic names and identity."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Any

from schemas.errors import Unavailable
from schemas.topics import LOG_TOPIC, TOPICS
from streams import rights, security
from streams.broker_check import ClientSecurity, Mismatch, check_broker

if TYPE_CHECKING:
    from ssl import SSLContext

UNKNOWN_TOPIC, TOPIC_EXISTS, TOPIC_DENIED, GROUP_DENIED, CLUSTER_DENIED = 3, 36, 29, 30, 31
"""Error codes of the Kafka protocol."""
_RECONNECT_MS = 1000
"""A worker keeps its clients, and asks, while the brokers are away: each reconnects once a second, not twenty times."""
KNOCK_SECONDS = 2.0
"""The timeout of each step that finds out why a broker is unreachable."""


class BrokerUnavailable(Unavailable):
    """Cannot connect to Kafka at {brokers}: {reason}. Start a development broker with `ip-ledger broker start`, or set
    LEDGER_BROKERS (and the security settings) to a running cluster."""


class SecurityMismatch(BrokerUnavailable):
    """The broker {address} and this client disagree on security: {reason}. {next_step}."""


class TopicMissing(Unavailable):
    """The topic {topic} does not exist in the cluster {brokers}. Create it with `ip-ledger topics create`."""


_SILENT = logging.getLogger("ip-ledger.librdkafka")
_SILENT.disabled = True  # fatal errors go to stderr at any log level, unless there is a logger


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster of the log. `brokers` is `host:port,host:port`, `timeout` the limit for an answer in seconds."""

    brokers: str
    prefix: str = ""
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str | None = None
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    ssl_cafile: str | None = None
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = None
    ssl_key_password: str | None = field(default=None, repr=False)
    timeout: float = 10.0

    def topic(self, name: str) -> str:
        """Return a topic's name in the cluster."""
        return self.prefix + name

    def plain(self, topic: str) -> str | None:
        """Return a topic's name without the installation's prefix; None if it is not ours."""
        name = topic.removeprefix(self.prefix)
        return name if name in TOPICS and topic == self.topic(name) else None

    def librdkafka(self, **more: Any) -> dict[str, Any]:
        """Return settings of a confluent-kafka client. It writes nothing to stderr: `error_cb` gets the errors."""
        return {
            "bootstrap.servers": self.brokers,
            "client.id": "ip-ledger",
            "log_level": 0,
            "logger": _SILENT,
            "security.protocol": self.security_protocol,
            **_given(
                {
                    "sasl.mechanism": self.sasl_mechanism,
                    "sasl.username": self.sasl_username,
                    "sasl.password": self.sasl_password,
                    "ssl.ca.location": self.ssl_cafile,
                    "ssl.certificate.location": self.ssl_certfile,
                    "ssl.key.location": self.ssl_keyfile or self.ssl_certfile,
                    "ssl.key.password": self.ssl_key_password,
                }
            ),
            **more,
        }

    def kafka_python(self, **more: Any) -> dict[str, Any]:
        """Return settings of a kafka-python client. Raise SecurityFileUnusable."""
        return self.aiokafka(bootstrap_servers=self.brokers.split(",")) | more

    def aiokafka(self, **more: Any) -> dict[str, Any]:
        """Return settings of an aiokafka client. Raise SecurityFileUnusable."""
        return {
            "bootstrap_servers": self.brokers,
            "client_id": "ip-ledger",
            "security_protocol": self.security_protocol,
            **_given(
                {
                    "sasl_mechanism": self.sasl_mechanism,
                    "sasl_plain_username": self.sasl_username,
                    "sasl_plain_password": self.sasl_password,
                    "ssl_context": self.ssl_context(),
                }
            ),
            **more,
        }

    def ssl_context(self) -> SSLContext | None:
        """Return the TLS context of a client; None if the protocol has no TLS. Raise SecurityFileUnusable."""
        if not self.security_protocol.endswith("SSL"):
            return None
        return security.context(self.ssl_cafile, self.ssl_certfile, self.ssl_keyfile, self.ssl_key_password)

    def broker_url(self) -> str:
        """Return the brokers in Faust's form: `kafka://host:port;kafka://host:port`."""
        return ";".join(f"kafka://{address.strip()}" for address in self.brokers.split(","))

    def unavailable(self, reason: object) -> BrokerUnavailable:
        """Return BrokerUnavailable for this reason, or SecurityMismatch if a test connection finds one."""
        found = check_broker(self.brokers, str(reason), self._security())
        if isinstance(found, str) and self.security_protocol.startswith("SASL"):
            found = self._password_refused(found)
        if isinstance(found, Mismatch):
            return SecurityMismatch(brokers=self.brokers, **found._asdict())
        return BrokerUnavailable(brokers=self.brokers, reason=reason)

    def _security(self) -> ClientSecurity:
        seconds = min(self.timeout, KNOCK_SECONDS)
        context = self.ssl_context()
        return ClientSecurity(
            self.security_protocol, self.sasl_mechanism, self.ssl_cafile, self.ssl_certfile, context, seconds
        )

    def _password_refused(self, address: str) -> Mismatch | None:
        from confluent_kafka.admin import AdminClient

        last_error, deadline = LastError(), monotonic() + min(self.timeout, KNOCK_SECONDS)
        client = AdminClient(self.librdkafka(error_cb=last_error))
        while last_error.name != "_AUTHENTICATION" and monotonic() < deadline:
            client.poll(0.1)
        if last_error.name != "_AUTHENTICATION":
            return None
        reason = f"it rejects the password of {self.sasl_username} ({self.sasl_mechanism})"
        return Mismatch(address, reason, "Set LEDGER_SASL_USERNAME and LEDGER_SASL_PASSWORD")

    def denied(self, operation: str, kind: str, name: str = "") -> rights.NotAuthorized:
        """Return the error for a missing right. `operation` (`Read`), `kind` (`topic`) and the name in the cluster are
        those of `kafka-acls.sh`."""
        return rights.not_authorized(self.brokers, self.principal, operation, kind, name)

    @property
    def principal(self) -> str:
        """Return the principal that the brokers see."""
        if self.security_protocol.startswith("SASL"):
            return f"User:{self.sasl_username}"
        if self.security_protocol == "SSL" and self.ssl_certfile:
            return rights.certified(security.pem(self.ssl_certfile))
        return rights.ANONYMOUS

    def missing(self, name: str) -> TopicMissing:
        """Return the error for a missing topic (name without prefix)."""
        return TopicMissing(topic=self.topic(name), brokers=self.brokers)


def _given(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if value is not None}


class LastError:
    """An `error_cb` for librdkafka that keeps the last reason, which is more precise than the error of a call."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self.name: str | None = None

    def __call__(self, error: Any) -> None:
        if error.name() != "_ALL_BROKERS_DOWN":  # a summary of the brokers' own errors, which give the reason
            self.name, self.reason = error.name(), error.str()


def connect(cluster: Cluster, kind: Callable[[dict[str, Any]], Any], **settings: Any) -> Any:
    """Return a confluent-kafka client of this class. Raise BrokerUnavailable if the settings are unusable."""
    from confluent_kafka import KafkaException

    try:
        return kind(cluster.librdkafka(**settings))
    except KafkaException as error:
        raise cluster.unavailable(error.args[0].str()) from error


def partition_counts(cluster: Cluster, client: Any, last_error: LastError) -> dict[str, int]:
    """Return the partition counts of our existing topics, by name without prefix, through a confluent-kafka client.

    Raise BrokerUnavailable.
    """
    topics = _list(cluster, client, last_error)
    found = ((cluster.plain(topic.topic), len(topic.partitions)) for topic in topics.values())
    return {name: partitions for name, partitions in found if name is not None}


def partition_count(cluster: Cluster, name: str, operation: str) -> int:
    """Return the partition count of a topic (name without prefix) that the brokers did not list a moment ago.

    Raise TopicMissing, BrokerUnavailable; NotAuthorized if we lack the right to see it, which comes with the right to
    this operation.
    """
    topic = cluster.topic(name)
    found = _listed(cluster, topic)
    if found.error is None:  # created meanwhile, or listed late by a busy broker
        return len(found.partitions)
    if found.error.code() == TOPIC_DENIED:
        raise cluster.denied(operation, "topic", topic)
    raise cluster.missing(name) if found.error.code() == UNKNOWN_TOPIC else cluster.unavailable(found.error.str())


def _listed(cluster: Cluster, topic: str, **settings: Any) -> Any:
    """Return the entry of a topic (its name in the cluster) in the list of the brokers. Raise BrokerUnavailable."""
    from confluent_kafka import Consumer

    last_error = LastError()
    settings |= {"group.id": "ip-ledger", "error_cb": last_error}
    client = connect(cluster, Consumer, **settings)  # an admin would create the topic
    try:
        return _list(cluster, client, last_error, topic)[topic]
    finally:
        client.close()


def _list(cluster: Cluster, client: Any, last_error: LastError, topic: str | None = None) -> dict[str, Any]:
    """Return the brokers' entry of a topic (its name in the cluster), by its name; without one, of all topics.

    Raise BrokerUnavailable with librdkafka's reason, which is more precise than those of other clients.
    """
    from confluent_kafka import KafkaException

    try:
        found: dict[str, Any] = client.list_topics(topic, timeout=cluster.timeout).topics
    except KafkaException as error:
        client.poll(0)  # delivers the reason
        raise cluster.unavailable(last_error.reason or error.args[0].str()) from error
    return found


def describe(cluster: Cluster, admin: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return the cluster's description of topics, by name without prefix in the given order; None for a missing one.

    Raise NotAuthorized.
    """
    names = tuple(names)
    found = {topic["name"]: topic for topic in admin.describe_topics([cluster.topic(name) for name in names])}
    described = {name: found[cluster.topic(name)] for name in names}
    for topic in described.values():
        require_described(cluster, topic["error_code"], topic["name"], "Describe")
    return {name: None if topic["error_code"] else topic for name, topic in described.items()}


def require_described(cluster: Cluster, code: int, topic: str, operation: str) -> None:
    """Raise NotAuthorized or a KafkaError for the error code of a description of a topic (its name in the cluster),
    unless it is that of a missing one."""
    if code == TOPIC_DENIED:
        raise cluster.denied(operation, "topic", topic)
    if code not in (0, UNKNOWN_TOPIC):
        from kafka.errors import for_code

        raise for_code(code)(topic)


def require_allowed(cluster: Cluster, allowed: Container[str] | None, operation: str, kind: str, name: str) -> None:
    """Raise NotAuthorized if our rights (`READ`) in the description of this topic or group lack this operation. Brokers
    may leave the rights out: None."""
    if allowed is not None and operation.upper() not in allowed:
        raise cluster.denied(operation, kind, name)


@contextmanager
def administration(cluster: Cluster) -> Iterator[Any]:
    """Yield kafka-python's admin client. Connection failures raise BrokerUnavailable."""
    admin = admin_client(cluster)
    from kafka.errors import KafkaError

    try:
        yield admin
    except KafkaError as error:
        raise cluster.unavailable(error) from error
    finally:
        admin.close()


def admin_client(cluster: Cluster) -> Any:
    """Return kafka-python's admin client, with a thread of its own until it is closed. Raise BrokerUnavailable."""
    with warnings.catch_warnings():  # at import it calls a function that Python 3.11 deprecates and 3.13 accepts again
        warnings.simplefilter("ignore", DeprecationWarning)
        from kafka.admin import KafkaAdminClient
        from kafka.errors import KafkaError
        from kafka.net.compat import KafkaNetClient

    # librdkafka connects first: it names the cause of a failure
    _listed(cluster, cluster.topic(LOG_TOPIC), **{"reconnect.backoff.ms": _RECONNECT_MS})
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # its errors are raised as exceptions too
    milliseconds = int(cluster.timeout * 1000)
    limits = {"bootstrap_timeout_ms": milliseconds, "request_timeout_ms": milliseconds}
    opened: list[Any] = []

    def network(**settings: Any) -> Any:
        opened.append(KafkaNetClient(**settings))
        return opened[-1]

    try:
        admin = KafkaAdminClient(**cluster.kafka_python(**limits, kafka_client=network))
        admin._manager.cluster.config["retry_backoff_ms"] = _RECONNECT_MS  # an option that it does not pass on
        return admin
    except KafkaError as error:
        for client in opened:  # it would leave its thread and sockets behind
            client.close()
            client._net.stop()
        raise cluster.unavailable(error) from error
