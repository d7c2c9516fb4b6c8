"""Publish events: judge each one, then send it to its type's topic with its subject as key."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from time import monotonic, time_ns
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar
from uuid import UUID

import confluent_kafka
import orjson
from pydantic import BaseModel

from schemas.codec import Judged, Refusal, judge
from schemas.errors import InputUnusable, Unavailable
from schemas.topics import partition_of
from streams.cluster import CLUSTER_DENIED, TOPIC_DENIED, Cluster, LastError, connect, partition_count, partition_counts
from streams.rights import NotAuthorized
from streams.shape import read_shape

_HEADERS = [("content-type", b"application/cloudevents+json")]
"""Kafka protocol binding of CloudEvents 1.0.2, section 3.3 (structured mode)."""
ExtraHeaders = Sequence[tuple[str, bytes]]
"""Headers of a record besides those of its event, such as `traceparent`."""

_SETTINGS: dict[str, Any] = {
    "enable.idempotence": True,
    "acks": "all",
    "compression.type": "zstd",
    "linger.ms": 5,
    "message.max.bytes": 4 * 2**20,
    "queue.buffering.max.messages": 50_000,
    "queue.buffering.max.kbytes": 64 * 1024,
}
_FATAL = (confluent_kafka.KafkaException, SystemError)
"""Fatal errors of the client; the latter is raised if a receipt arrives in the same call."""
_WINDOW = 20_000  # lines that may wait for their receipts


class Refused(InputUnusable):
    """The value is not an event that the ledger accepts. Rule {rule}{where}: {message}. `ip-ledger schema` prints the
    fields of each type of event."""

    def __init__(self, refusal: Refusal) -> None:
        where = f" at {refusal.path}" if refusal.path else ""
        super().__init__(rule=refusal.rule.label, where=where, message=refusal.message)
        self.refusal = refusal


class NotDelivered(Unavailable):
    """{count} events were not confirmed by {brokers}; the last reason: {reason}. Publish events without a receipt again
    unchanged: duplicates are counted once."""


class Receipt(NamedTuple):
    """The place of an event in the log. `topic` is the name without the installation's prefix."""

    topic: str
    partition: int
    offset: int


OnReceipt = Callable[[Receipt], object]


class Producer:
    """Publishes events, in order for each subject. Leaving its `with` waits until all are in the log.

    Memory is bounded: `publish` waits while the local queue is full. An event that the brokers have not accepted within
    `patience` seconds is not delivered. Receipts arrive during later calls, in the calling thread. Raise
    BrokerUnavailable; LogShapeDiffers and ShapeUnreadable, since the log's shape determines a subject's partition.
    """

    def __init__(self, cluster: Cluster, patience: float = 120.0) -> None:
        self._cluster = cluster
        self._last_error = LastError()
        self._undelivered = 0
        self._reason = ""
        self._denied: NotAuthorized | None = None
        self._fatal: Any = None
        limits = {"message.timeout.ms": int(patience * 1000), "error_cb": self._last_error}
        self._client = connect(cluster, confluent_kafka.Producer, **_SETTINGS, **limits)
        self._partitions = partition_counts(cluster, self._client, self._last_error)
        read_shape(cluster).require(self._partitions)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.flush()
            else:
                self._drain(self._cluster.timeout)
        finally:
            self._client.purge()
            self._client.close()

    def publish(self, value: bytes, on_receipt: OnReceipt | None = None, headers: ExtraHeaders = ()) -> Judged:
        """Send an event byte for byte, with these headers besides its own; return the judged event.

        Raise Refused, TopicMissing, BrokerUnavailable; NotDelivered or NotAuthorized if an earlier event could not be
        delivered.
        """
        self._require_delivered()
        judged = judge(value)
        if isinstance(judged, Refusal):
            raise Refused(judged)
        name = judged.type.topic
        if name not in self._partitions:
            self._partitions[name] = partition_count(self._cluster, name, "Write")
        self._send(name, judged.event.subject.encode(), value, on_receipt, headers)
        return judged

    def publish_event(
        self,
        event_type: str,
        subject: str,
        source: str,
        data: BaseModel | Mapping[str, Any],
        *,
        event_id: str | None = None,
        time: datetime | str | None = None,
        on_receipt: OnReceipt | None = None,
        **extensions: str | int | bool,
    ) -> str:
        """Build an event from its parts, send it, and return its id: a new UUIDv7 if none is given.

        `time` defaults to now; `extensions` are CloudEvents extension attributes. Raise like `publish`.
        """
        event_id = event_id or uuid7()
        event = {
            "specversion": "1.0",
            "id": event_id,
            "source": source,
            "type": event_type,
            "subject": subject,
            "time": time or datetime.now(UTC),
            "datacontenttype": "application/json",
            **extensions,
            "data": data.model_dump(mode="json", exclude_none=True) if isinstance(data, BaseModel) else data,
        }
        self.publish(orjson.dumps(event, option=orjson.OPT_UTC_Z), on_receipt)
        return event_id

    def wait(self, seconds: float) -> None:
        """Receive receipts for at most this many seconds. Raise NotDelivered."""
        self._poll(seconds)
        self._require_delivered()

    def flush(self, timeout: float | None = None) -> None:
        """Wait until all published events are in the log. Raise NotDelivered."""
        self._require_delivered(self._drain(timeout))

    def _drain(self, timeout: float | None) -> int:
        deadline = None if timeout is None else monotonic() + timeout
        try:
            while self._client.flush(0.2):  # in slices: Ctrl-C cannot interrupt the call
                if deadline is not None and monotonic() >= deadline:
                    break
        except _FATAL as error:
            self._break_off(error)
        return len(self._client)

    def _send(self, name: str, key: bytes, value: bytes, on_receipt: OnReceipt | None, headers: ExtraHeaders) -> None:
        topic, partition = self._cluster.topic(name), partition_of(key, self._partitions[name])
        on_delivery = partial(self._delivered, on_receipt)
        all_headers = [*_HEADERS, *headers]
        while True:
            try:
                self._client.produce(topic, value, key, partition, headers=all_headers, on_delivery=on_delivery)
                break
            except BufferError:
                self._poll(0.1)
            except confluent_kafka.KafkaException as error:
                self._poll(0)  # delivers the reason
                self._fail(error.args[0], topic)
                self._require_delivered()
        self._poll(0)

    def _poll(self, seconds: float) -> None:
        try:
            self._client.poll(seconds)
        except _FATAL as error:
            self._break_off(error)

    def _break_off(self, error: BaseException) -> None:
        """Stop sending: fail each waiting event now. Raise errors that are not the client's."""
        cause = error.__cause__ if isinstance(error, SystemError) else error
        if not isinstance(cause, confluent_kafka.KafkaException):
            raise error
        self._fatal = cause.args[0]
        self._client.purge()
        with suppress(*_FATAL):  # the same error again
            self._client.poll(0)

    def _delivered(self, on_receipt: OnReceipt | None, error: Any, message: Any) -> None:
        if error is not None:
            self._fail(error, message.topic())
        elif on_receipt is not None:
            name = message.topic().removeprefix(self._cluster.prefix)
            on_receipt(Receipt(name, message.partition(), message.offset()))

    def _fail(self, error: Any, topic: str) -> None:
        error = self._fatal or error
        self._undelivered += 1
        self._reason = (error.name() == "_MSG_TIMED_OUT" and self._last_error.reason) or error.str()
        if error.code() in (TOPIC_DENIED, CLUSTER_DENIED):  # the latter: no right to write to any topic
            self._denied = self._cluster.denied("Write", "topic", topic)

    def _require_delivered(self, left: int = 0) -> None:
        count, self._undelivered = self._undelivered + left, 0
        if count and self._denied:
            raise self._denied
        if count:
            reason = self._reason or self._last_error.reason or "no response in time"
            raise NotDelivered(count=count, brokers=self._cluster.brokers, reason=reason)


_Given = TypeVar("_Given")


def publish_lines(
    producer: Producer,
    lines: Iterable[bytes | _Given],
    on_sent: Callable[[int, Judged], object] = lambda *_: None,
    headers: ExtraHeaders = (),
) -> Iterator[tuple[int, Receipt | Refusal | _Given]]:
    """Publish one event per line; yield the result of each line, by number (from 1) and in order.

    Blank lines are skipped. An input item that is already a result is passed on in its turn. A line's bytes are sent
    unchanged, without the line end, with `headers`; `on_sent` gets its number and the judged event. Receipts arrive
    while later lines are read, so those of a slow input arrive with its next line. Memory is bounded. Raise
    NotDelivered, TopicMissing.
    """
    waiting: deque[tuple[int, list[Receipt | Refusal | _Given]]] = deque()
    for number, line in enumerate(lines, start=1):
        answer: list[Receipt | Refusal | _Given] = []
        if not isinstance(line, bytes):
            answer.append(line)
        elif line.strip():
            try:
                on_sent(number, producer.publish(line.rstrip(b"\r\n"), answer.append, headers))
            except Refused as refused:
                answer.append(_without_data(refused.refusal))
        else:
            continue
        waiting.append((number, answer))
        yield from _answered(producer, waiting, _WINDOW)
    yield from _answered(producer, waiting, 0)


def _without_data(refusal: Refusal) -> Refusal:
    """Return the same rejection without the event's data, small enough to keep many of them."""
    envelope = refusal.envelope and refusal.envelope.model_copy(update={"data": None})
    return refusal._replace(envelope=envelope)


def _answered(
    producer: Producer, waiting: deque[tuple[int, list[Receipt | Refusal | _Given]]], at_most: int
) -> Iterator[tuple[int, Receipt | Refusal | _Given]]:
    while waiting:
        number, answer = waiting[0]
        if answer:
            waiting.popleft()
            yield number, answer[0]
        elif len(waiting) > at_most:
            producer.wait(0.1)
        else:
            return


def uuid7() -> str:
    """Return a UUIDv7 of now (RFC 9562 section 5.7), with 12 more bits of the clock (section 6.2, method 3)."""
    milliseconds, rest = divmod(time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    return str(UUID(int=milliseconds << 80 | 7 << 76 | fraction << 64 | 2 << 62 | secrets.randbits(62)))
