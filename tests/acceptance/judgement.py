"""Compare a book with an independent fold of its log, and with what the ledger reports about itself.

A plain consumer reads the log, Python's own SQLite and the command line read the book: nothing depends on the code of
the worker or of replay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

import confluent_kafka
from confluent_kafka import Consumer, KafkaError, KafkaException

from ledger.independent.fold import BASES, ExpectedBook, Figures, Log, PartitionLog, TopicPartition, ledger_of
from schemas.topics import TOPICS
from streams.cluster import Cluster
from tests.processes import PATIENCE_SECONDS, Installation, wait_until

NO_LEADER_YET = (KafkaError.NOT_LEADER_FOR_PARTITION, KafkaError.LEADER_NOT_AVAILABLE)
COUNTS = ("first", "next", "accepted", "duplicate", "conflict", "rejected", "gap")


def _first(consumer: Consumer, topic_partition: TopicPartition) -> int:
    """Return the first offset; a new topic needs a moment until each partition has a leader."""
    found: list[int] = []

    def answered() -> bool:
        try:
            found[:] = consumer.get_watermark_offsets(topic_partition, PATIENCE_SECONDS)[:1]
        except KafkaException as error:
            if error.args[0].code() not in NO_LEADER_YET:
                raise
        return bool(found)

    wait_until(answered, lambda: f"{topic_partition} has no leader")
    return found[0]


def log_of(cluster: Cluster) -> Log:
    """Return all records of the log, and the end of each partition (the last stable offset)."""
    settings = {
        "group.id": f"{cluster.prefix}judge",
        "enable.auto.commit": False,
        "isolation.level": "read_committed",
        "enable.partition.eof": True,
        "auto.offset.reset": "error",
        "fetch.wait.max.ms": 10,
    }
    consumer = Consumer(cluster.librdkafka(**settings))
    topic_partitions = [(name, p) for name, topic in TOPICS.items() for p in range(topic.partitions)]
    records: dict[TopicPartition, list[tuple[int, bytes | None, bytes | None]]] = {
        topic_partition: [] for topic_partition in topic_partitions
    }
    requests = [
        confluent_kafka.TopicPartition(cluster.topic(topic), partition) for topic, partition in topic_partitions
    ]
    for topic_partition in requests:
        topic_partition.offset = _first(consumer, topic_partition)
    firsts = {topic_partition: one.offset for topic_partition, one in zip(topic_partitions, requests, strict=True)}
    consumer.assign(requests)
    ends: dict[TopicPartition, int] = {}
    while len(ends) < len(topic_partitions):
        message = consumer.poll(PATIENCE_SECONDS)
        assert message is not None, "no message from the log"
        topic_partition = (message.topic().removeprefix(cluster.prefix), message.partition())
        if message.error() is None:
            records[topic_partition].append((message.offset(), message.key(), message.value()))
        else:
            assert message.error().code() == KafkaError._PARTITION_EOF, message.error()
            ends[topic_partition] = message.offset()
    consumer.close()
    return {
        topic_partition: PartitionLog(firsts[topic_partition], ends[topic_partition], records[topic_partition])
        for topic_partition in topic_partitions
    }


def assert_true_to_the_log(installation: Installation, verdict: str = "equal") -> Log:
    """Assert every promise of a book about a log at rest; return the log."""
    log = log_of(installation.cluster)
    expected = assert_book_of(installation, log)
    _assert_at_rest(installation, expected)
    _assert_verified(installation, log, verdict)
    return log


def assert_book_of(installation: Installation, log: Log) -> ExpectedBook:
    """Assert that the book is the independent fold of this log; return the result of the fold."""
    expected = ledger_of(log)
    journal = _journal(installation)
    assert journal == _expected_journal(log, expected, journal)
    assert _positions(installation) == expected.positions
    assert _unmatched(installation) == set(expected.unmatched)
    assert _stock(installation) == expected_stock(expected)
    for basis in BASES:
        assert _totals(installation, basis) == expected.totals[basis]
    return expected


def _assert_at_rest(installation: Installation, expected: ExpectedBook) -> None:
    done = installation.run("status", "--json")
    assert done.code == 0, done.err
    assert done.json["balanced"] is True
    for partition in done.json["partitions"]:
        counts = expected.positions[partition["topic"], partition["partition"]]
        assert {name: partition[name] for name in COUNTS} == counts
        assert (partition["end"], partition["lag"]) == (counts["next"], 0)
    assert len(done.json["partitions"]) == len(expected.positions)


def _assert_verified(installation: Installation, log: Log, verdict: str) -> None:
    done = installation.run("verify", "--json")
    found = (done.code, done.json["verdict"], done.json["differences"])
    assert found == (int(verdict != "equal"), verdict, []), done.out[:5000] + done.err
    assert done.json["records"] == sum(len(part.records) for part in log.values())
    assert done.json["position"] == ",".join(f"{t}:{p}={part.end}" for (t, p), part in sorted(log.items()))


def _journal(installation: Installation) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    rows = installation.query(
        'SELECT topic, partition, "offset", outcome, journal.rule, value_hash, key, size, value'
        ' FROM journal LEFT JOIN rejections USING (topic, partition, "offset", outcome)'
    )
    return {row[:3]: row[3:] for row in rows}


def _expected_journal(
    log: Log, expected: ExpectedBook, found: dict[tuple[Any, ...], tuple[Any, ...]]
) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return the journal row of each record. The journal may cut a long key, and a batch that unpacks to many times its
    size."""
    journal: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for topic_partition, part in log.items():
        for offset, key, value in part.records:
            outcome, rule = (
                expected.outcomes[(*topic_partition, offset)],
                expected.rules.get((*topic_partition, offset)),
            )
            *_, its_key, _, its_value = found.get((*topic_partition, offset), (None, None, None))
            size = None if value is None else len(value)
            kept = (_as_long(key, its_key), size, _as_long(value, its_value)) if rule else (None, None, None)
            journal[(*topic_partition, offset)] = (outcome, rule, sha256(value or b"").hexdigest(), *kept)
    return journal


def _as_long(whole: bytes | None, kept: bytes | None) -> bytes | None:
    return whole if whole is None or kept is None else whole[: len(kept)]


def _positions(installation: Installation) -> dict[TopicPartition, dict[str, int]]:
    rows = installation.query(f"SELECT topic, partition, {', '.join(COUNTS)} FROM positions")
    return {(topic, partition): dict(zip(COUNTS, counts, strict=True)) for topic, partition, *counts in rows}


def _unmatched(installation: Installation) -> set[tuple[Any, ...]]:
    return set(installation.query('SELECT topic, partition, "offset", basis FROM unmatched'))


def _stock(installation: Installation) -> dict[tuple[str, str | None], tuple[int, int | None]]:
    rows = installation.query("SELECT industry, currency, pledges, amount_minor FROM pledge_stock")
    return {row[:2]: row[2:] for row in rows}


def expected_stock(expected: ExpectedBook) -> dict[tuple[str, str | None], tuple[int, int | None]]:
    """Return (pledges in force, minor units) by industry and currency, from the result of a fold."""
    sums: dict[tuple[str, str | None], Figures] = defaultdict(Figures)
    for (_, _, industry, currency), figures in expected.stock(None).items():
        sums[industry, currency] = sums[industry, currency].plus(figures)
    return {key: (s.events, s.amount if key[1] else None) for key, s in sums.items()}


def _totals(installation: Installation, basis: str) -> dict[tuple[Any, ...], Figures]:
    """Return the totals of the command line: shares by industry, and the whole."""
    arguments = ["totals", "--json"] + ["--recorded"] * (basis == "recorded")
    shares = installation.run(*arguments, "--by", "year,region,right,industry").json["rows"]
    whole = installation.run(*arguments, "--by", "year,region,right").json["rows"]
    return dict(_cells([*shares, *({**row, "industry": "ALL"} for row in whole)]))


def _cells(rows: Iterable[dict[str, Any]]) -> Iterable[tuple[tuple[Any, ...], Figures]]:
    for row in rows:
        key = tuple(row[name] for name in ("kind", "year", "region", "right", "industry", "currency"))
        yield key, Figures(row["events"], row["with_amount"], row["amount_minor"] or 0)
