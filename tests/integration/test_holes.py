"""A log with compacted records: worker, replay and verify name it, and never count a gap."""

from __future__ import annotations

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ResourceType

from streams.cluster import Cluster
from streams.fetch import LogHasHoles
from streams.reader import LogRangeMissing, Reader
from tests.acceptance.fault import Fault
from tests.events import PATENT, granted, value_of
from tests.processes import PATIENCE_SECONDS, Installation, wait_until

TOPIC_PARTITION = (PATENT, 1)
COMPACTED = {
    "cleanup.policy": "compact",
    "segment.ms": "100",
    "segment.bytes": "1048576",
    "min.cleanable.dirty.ratio": "0.0",
    "max.compaction.lag.ms": "1",
}


def configure(cluster: Cluster, settings: dict[str, str]) -> None:
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET) for name, value in settings.items()
    ]
    resource = ConfigResource(ResourceType.TOPIC, cluster.topic(PATENT), incremental_configs=entries)
    admin = AdminClient(cluster.librdkafka())
    for answer in admin.incremental_alter_configs([resource]).values():
        answer.result(PATIENCE_SECONDS)


def produce(cluster: Cluster, ids: range) -> None:
    """Produce events of one subject, one for each batch: compaction keeps the last."""
    producer = Producer(cluster.librdkafka())
    for number in ids:
        value = value_of(granted(f"g{number}", "US10000003B2", number="10000003"))
        producer.produce(cluster.topic(PATENT), value, b"US10000003B2", partition=TOPIC_PARTITION[1])
        assert producer.flush(PATIENCE_SECONDS) == 0


def has_holes(cluster: Cluster, start: int = 0) -> bool:
    with Reader(cluster) as reader:
        try:
            end = reader.bounds([PATENT])[TOPIC_PARTITION].end
            list(reader.batches({TOPIC_PARTITION: (start, end)}))
        except LogHasHoles:
            return True
        except LogRangeMissing:
            return False
    return False


def test_offsets_that_compaction_removed_are_named(installation: Installation, fault: Fault) -> None:
    """A topic compacted for a while, then its cleanup policy restored"""
    cluster = installation.cluster
    worker = installation.worker()
    produce(cluster, range(20))
    installation.wait_until_posted()
    assert worker.stop() == 0

    configure(cluster, COMPACTED)
    numbers = iter(range(20, 100_000))

    def compacted() -> bool:
        produce(cluster, range(n := next(numbers), n + 1))  # the active segment is never cleaned
        return has_holes(cluster)

    wait_until(compacted, lambda: "the broker has compacted nothing")
    configure(cluster, {"cleanup.policy": "delete"})

    verdict = installation.run("verify", "--json")
    assert (verdict.code, verdict.json["verdict"], verdict.json["differences"]) == (1, "incomplete", []), verdict.err
    assert "no longer holds [" in verdict.json["reason"]

    again = installation.run("replay", "--book", str(installation.book.with_name("again.db")))
    assert again.code == 70
    assert "LogHasHoles" in again.err
    assert not installation.book.with_name("again.db").exists()

    other = Installation(cluster, installation.book.with_name("other.db"))
    try:
        assert other.worker().wait() == 70
        assert "LogHasHoles" in other.workers[0].output
        assert other.query("SELECT sum(gap) FROM positions") == [(0,)]
    finally:
        other.close()
    fault.ended("stopped: LogHasHoles; `verify` of a book that has the records says `incomplete`", 1)
