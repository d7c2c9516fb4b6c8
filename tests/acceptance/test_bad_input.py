"""Bad input on a real topic: every record has an outcome, nothing blocks, and people can find and repair it."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from random import Random
from typing import Any

import confluent_kafka

from schemas.topics import TOPICS, partition_of
from streams.cluster import Cluster
from tests.acceptance.fault import Fault
from tests.acceptance.judgement import assert_true_to_the_log
from tests.acceptance.load import OutgoingRecord
from tests.bad_input import Case, cases
from tests.events import example_event, granted, registered, value_of
from tests.processes import PATIENCE_SECONDS, Installation, on_a_terminal, wait_until
from tests.unit.schemas.test_bad_input import assert_fit_for_people

Headers = Sequence[tuple[str, bytes | None]]
Offset = tuple[str, int, int]
"""(topic, partition, offset)"""
FIRST = {
    "ip.pledge.v1": "pledge.registered",
    "ip.patent.v1": "patent.granted",
    "ip.valuation.v1": "valuation.completed",
    "ip.deal.v1": "licence.recorded",
    "ip.loan.v1": "loan.disbursed",
    "ip.trademark.v1": "trademark.registered",
    "ip.pct.v1": "pct.filed",
    "ip.reference.v1": "reference.fx_rate",
}
"""The type of the first event of a life, by topic."""


def send(
    cluster: Cluster, records: Iterable[OutgoingRecord], headers: Mapping[int, Headers] | None = None
) -> list[Offset]:
    """Produce records as a careless program would, some with headers (by their index); return the position of each."""
    records = list(records)
    places: dict[int, Offset] = {}
    producer = confluent_kafka.Producer(cluster.librdkafka(**{"message.max.bytes": 4 * 2**20, "linger.ms": 5}))
    for number, (topic, partition, key, value) in enumerate(records):

        def lies(error: Any, message: Any, number: int = number, topic: str = topic) -> None:
            assert error is None, error
            places[number] = (topic, message.partition(), message.offset())

        with_headers = {"headers": (headers or {}).get(number, []), "on_delivery": lies}
        producer.produce(cluster.topic(topic), value, key, partition=partition, **with_headers)
        producer.poll(0)
    assert producer.flush(PATIENCE_SECONDS) == 0
    return [places[number] for number in range(len(records))]


def good(number: int, topic: str, partition: int) -> OutgoingRecord:
    """Return a valid event for this partition that depends on no other event."""
    partitions = TOPICS[topic].partitions
    names = (f"good {number} {i}" for i in count())
    subject = next(name for name in names if partition_of(name.encode(), partitions) == partition)
    return OutgoingRecord(topic, partition, subject.encode(), value_of(example_event(FIRST[topic], subject, subject)))


def exported_value(line: dict[str, Any]) -> bytes | None:
    """Return the bytes that a line of `rejections export` represents."""
    if "value_base64" in line:
        return base64.b64decode(line["value_base64"])
    return None if line["value"] is None else str(line["value"]).encode()


def place_of(row: dict[str, Any]) -> Offset:
    return row["topic"], row["partition"], row["offset"]


# ---- the corpus


def test_every_case_of_the_corpus_has_its_outcome_and_good_events_are_posted(
    installation: Installation,
) -> None:
    corpus = [case for case in cases() if not case.headers]
    between = [good(number, case.record.topic, case.record.partition) for number, case in enumerate(corpus)]
    pairs = zip((case.record for case in corpus), between, strict=True)
    worker = installation.worker()
    lie = send(installation.cluster, (record for pair in pairs for record in pair))
    installation.wait_until_posted()
    assert worker.stop() == 0

    at = dict(zip(lie[::2], corpus, strict=True))
    outcomes = {row[:3]: row[3:] for row in installation.query(OUTCOMES)}
    assert {place: outcomes[place] for place in at} == {place: (case.outcome, case.rule) for place, case in at.items()}
    assert {outcomes[place] for place in lie[1::2]} == {("accepted", None)}
    _assert_listed(installation, at)
    _assert_exported(installation, at)
    unmatched = installation.run("view", "unmatched", "--where", "basis=corrected", "--json").json["rows"]
    assert {place_of(row): row["reason"] for row in unmatched} == {
        place: case.unmatched for place, case in at.items() if case.unmatched
    }
    assert_true_to_the_log(installation)


def test_every_case_with_headers_has_its_outcome_in_worker_and_verify(installation: Installation) -> None:
    corpus = [case for case in cases() if case.headers]
    worker = installation.worker()
    lie = send(
        installation.cluster, [case.record for case in corpus], {n: case.headers for n, case in enumerate(corpus)}
    )
    installation.wait_until_posted()
    assert worker.stop() == 0
    restarted = installation.worker()  # the headers of the last record are part of its identity
    wait_until(lambda: "worker started" in restarted.output, lambda: restarted.output)
    assert restarted.stop() == 0

    at = dict(zip(lie, corpus, strict=True))
    outcomes = {row[:3]: row[3:] for row in installation.query(OUTCOMES)}
    assert outcomes == {place: (case.outcome, case.rule) for place, case in at.items()}
    _assert_listed(installation, at)
    done = installation.run("verify", "--json")
    assert (done.code, done.json["verdict"], done.json["differences"]) == (0, "equal", []), done.err


OUTCOMES = 'SELECT topic, partition, "offset", outcome, rule FROM journal'


def _assert_listed(installation: Installation, at: dict[Offset, Case]) -> None:
    rows = installation.run("rejections", "list", "--json").json["rows"]
    refused = {place: case for place, case in at.items() if case.rule}
    assert [place_of(row) for row in rows] == sorted(refused, key=lambda place: (TOPICS[place[0]].number, *place[1:]))
    for row in rows:
        case = refused[place_of(row)]
        assert (row["outcome"], row["rule"]) == (case.outcome, case.rule), case.name
        assert row["path"].startswith(case.path), case.name
        assert case.message in row["message"], case.name
        assert_fit_for_people(row["path"], row["message"])


def _assert_exported(installation: Installation, at: dict[Offset, Case]) -> None:
    refused = {place: case for place, case in at.items() if case.rule}
    lines = installation.run("rejections", "export").lines
    assert {place_of(line): exported_value(line) for line in lines} == {
        place: case.record.value for place, case in refused.items()
    }
    few = {case.name: place for place, case in refused.items()}
    for name in ("no value (a tombstone)", "GB 18030", "a comma too many"):
        place = "{}:{}={}".format(*few[name])
        shown = installation.run("rejections", "show", place)
        assert shown.code == 0
        assert exported_value(shown.json) == refused[few[name]].record.value


# ---- repaired


def test_rejected_events_are_exported_repaired_and_published_with_the_same_id(installation: Installation) -> None:
    wrong = [
        granted("g1", "US1", occurred_on="2023-5-4"),
        registered("r1", "P1", secured={"amount": "1,000.00", "currency": "CNY"}),
        granted("g2", "US2"),
    ]
    spelled = [json.dumps(event, ensure_ascii=False, indent=2).encode() for event in wrong]
    records = []
    for event, value in zip(wrong, spelled, strict=True):
        topic = f"ip.{event['type'].split('.')[1]}.v1"
        key = event["subject"].encode()
        records.append(OutgoingRecord(topic, partition_of(key, TOPICS[topic].partitions), key, value))
    records[2] = records[2]._replace(key=b"us2", partition=(records[2].partition + 1) % 4)
    lie = send(installation.cluster, records)
    worker = installation.worker()
    installation.wait_until_posted()

    lines = {place_of(line): line for line in installation.run("rejections", "export").lines}
    assert [exported_value(lines[place]) for place in lie] == spelled
    assert [(lines[place]["rule"], lines[place]["path"]) for place in lie] == [
        ("bad_data", "data.occurred_on"),
        ("bad_data", "data.secured.amount"),
        ("misrouted", "subject"),
    ]
    raw = installation.run("rejections", "show", "{}:{}={}".format(*lie[0]), "--value")
    assert raw.out.encode() == spelled[0]
    values = installation.run("rejections", "export", "--values")
    assert (values.code, values.out) == (0, "")
    assert "3 values skipped" in values.err

    repaired = [json.loads(value) for value in spelled]
    repaired[0]["data"]["occurred_on"] = "2023-05-04"
    repaired[1]["data"]["secured"]["amount"] = "1000.00"
    lines_of_events = b"\n".join(map(value_of, repaired))
    answer = installation.run("publish", "-", "--json", given=lines_of_events)
    assert answer.code == 0, answer.out + answer.err
    again = installation.run("publish", "-", "--json", given=lines_of_events)  # an unsure producer publishes again
    assert again.code == 0
    installation.wait_until_posted()
    outcomes = {row[:3]: row[3] for row in installation.query(OUTCOMES)}
    assert [outcomes[place_of(receipt)] for receipt in answer.lines] == ["accepted"] * 3
    assert [outcomes[place_of(receipt)] for receipt in again.lines] == ["duplicate"] * 3
    assert worker.stop() == 0
    assert_true_to_the_log(installation)


def test_a_rejected_event_in_binary_mode_is_exported_as_a_whole_event(installation: Installation) -> None:
    wrong = [granted("g1", "US1", occurred_on="19.06.2018"), granted("g2", "US2", occurred_on="19.06.2018")]
    event = wrong[0] | {"traceid": '质"b\\'}
    structured, tombstone = wrong[1], granted("g3", "US3")
    binary = binary_mode(event)
    corpus = [
        (event, value_of(event["data"]), binary),
        (structured, value_of(structured), []),
        (tombstone, None, binary_mode(tombstone)),
        (event, value_of(event["data"])[:-1], binary),
        (event, value_of(event["data"]), [*binary, ("ce_id", b"another")]),
        (event, b"\xff", binary),
    ]
    records = []
    for event, value, _ in corpus:
        key = event["subject"].encode()
        records.append(OutgoingRecord("ip.patent.v1", partition_of(key, TOPICS["ip.patent.v1"].partitions), key, value))
    lie = send(installation.cluster, records, {number: headers for number, (*_, headers) in enumerate(corpus)})
    worker = installation.worker()
    installation.wait_until_posted()

    lines = {place_of(line): line for line in installation.run("rejections", "export").lines}
    assert [lines[place]["rule"] for place in lie] == [
        "bad_data", "bad_data", "empty", "not_json", "bad_envelope", "not_utf8"
    ]  # fmt: skip
    assert [exported_value(lines[place]) for place in lie] == [value for _, value, _ in corpus]
    whole = lines[lie[0]]["event"]
    assert json.loads(whole) == event | {"datacontenttype": "application/json", "other": None}
    assert "event" not in lines[lie[1]]
    assert lines[lie[3]]["event"] == whole[:-2] + "}", "a value that is not JSON is exported for repair too"
    assert [lines[lie[number]]["event"] for number in (2, 4, 5)] == [None] * 3
    assert installation.run("rejections", "show", "{}:{}={}".format(*lie[0])).json["event"] == whole

    values = installation.run("rejections", "export", "--rule", "bad_data", "--values")
    assert (values.code, values.err) == (0, "")
    assert sorted(map(json.dumps, values.lines)) == sorted(map(json.dumps, (json.loads(whole), structured)))
    for rule in ("empty", "bad_envelope"):
        without = installation.run("rejections", "export", "--values", "--rule", rule)
        assert (without.out, "1 values skipped" in without.err) == ("", True)
    repaired = values.out.replace("19.06.2018", "2018-06-19").encode()
    answer = installation.run("publish", "-", "--json", given=repaired)
    assert answer.code == 0, answer.out + answer.err
    installation.wait_until_posted()
    outcomes = {row[:3]: row[3] for row in installation.query(OUTCOMES)}
    assert [outcomes[place_of(receipt)] for receipt in answer.lines] == ["accepted"] * 2
    assert worker.stop() == 0
    verdict = installation.run("verify", "--json").json
    assert (verdict["verdict"], verdict["differences"]) == ("equal", [])


def binary_mode(event: dict[str, Any]) -> list[tuple[str, bytes | None]]:
    """Return the headers of an event in binary mode, as libraries write them."""
    attributes: list[tuple[str, bytes | None]] = [
        (f"ce_{name}", text.encode()) for name, text in event.items() if name != "data"
    ]
    return [*attributes, ("content-type", b"application/json"), ("ce_other", None), ("trace", b"\xff")]


# ---- a flood

GOOD, BAD = 2_000, 20_000
"""Records of a round: ten rejected for each accepted."""


def test_a_flood_of_bad_input_keeps_log_and_screen_short(installation: Installation, fault: Fault) -> None:
    """A flood of bad input: ten bad records for each good event"""
    refused = [case.record for case in cases() if case.outcome == "rejected" and not case.headers]
    poisons = [record for record in refused if len(record.value or b"") < 2000]
    worker = installation.worker()
    for round_ in range(fault.rounds):
        send(installation.cluster, _flood(round_, poisons, fault.chance))
    installation.wait_until_posted()
    assert worker.stop() == 0

    status = installation.run("status", "--json").json
    sums = {name: sum(part[name] for part in status["partitions"]) for name in ("accepted", "rejected", "lag")}
    assert (status["balanced"], sums) == (
        True,
        {"accepted": GOOD * fault.rounds, "rejected": BAD * fault.rounds, "lag": 0},
    )
    assert len(worker.output.splitlines()) < 20, "a line for each fact, not for each record"
    _assert_brief(installation, BAD * fault.rounds)
    rows = installation.run("rejections", "list", "--json").json["rows"]
    assert len(rows) == BAD * fault.rounds
    verdict = installation.run("verify", "--json").json
    assert (verdict["verdict"], verdict["records"]) == ("equal", (GOOD + BAD) * fault.rounds)
    fault.ended("right and balanced", (GOOD + BAD) * fault.rounds)


def _flood(round_: int, poisons: list[OutgoingRecord], chance: Random) -> Iterable[OutgoingRecord]:
    topic_partitions = [(name, p) for name, topic in TOPICS.items() for p in range(topic.partitions)]
    kinds = Counter({"bad": BAD, "good": GOOD})
    order = list(kinds.elements())
    chance.shuffle(order)
    for number, kind in enumerate(order):
        yield (
            chance.choice(poisons) if kind == "bad" else good(round_ * 10**6 + number, *chance.choice(topic_partitions))
        )


def _assert_brief(installation: Installation, whole: int) -> None:
    shown = shown_by(installation, "rejections", "list")
    assert 50 <= len(shown.splitlines()) < 400
    assert f"{whole:,} in all: " in shown
    assert f"{whole - 50:,} more: --newest {whole} shows all" in shown
    few = shown_by(installation, "rejections", "list", "--newest", "3", "--rule", "misrouted")
    assert len(few.splitlines()) < 40
    assert " misrouted\n" in few
    assert "more: --newest" in few


def shown_by(installation: Installation, *arguments: str) -> str:
    """Return the output of a command on a terminal of 120 columns."""
    done = on_a_terminal(*arguments, environment=installation.environment, where=installation.book.parent, columns=120)
    assert done.code == 0, done.out
    return done.out
