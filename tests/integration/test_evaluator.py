"""The evaluator with a real broker: each request is answered once, whatever is killed when, and the same each time."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from ledger.evaluator import GROUP
from schemas.topics import TOPICS
from streams.producer import Producer
from streams.reader import Reader
from tests.deals import request, sale
from tests.events import Event, money, value_of
from tests.posting import event_on
from tests.processes import Installation, wait_until

VALUATIONS = "ip.valuation.v1"
ANSWERS = ("ip.valuation.completed.v1", "ip.valuation.refused.v1")


def publish(installation: Installation, *events: Event) -> None:
    """Publish events and wait for their receipts."""
    with Producer(installation.cluster) as producer:
        for event in events:
            producer.publish(value_of(event))


def answers(installation: Installation) -> dict[str, list[bytes]]:
    """Return the answers in the log, as committed, by the subject of their request."""
    found: dict[str, list[bytes]] = {}
    with Reader(installation.cluster) as reader:
        bounds = reader.bounds([VALUATIONS])
        for batch in reader.batches(
            {topic_partition: (bound.first, bound.end) for topic_partition, bound in bounds.items()}
        ):
            for record in batch.records:
                value = json.loads(record.value or b"{}")
                if value["type"] in ANSWERS:
                    found.setdefault(value["subject"], []).append(record.value or b"")
    return found


def wait_until_answered(installation: Installation, count: int) -> dict[str, list[bytes]]:
    """Wait until so many subjects have an answer; the processes must stay alive."""

    def answered() -> bool:
        for process in installation.workers:
            if process.process.poll() not in (None, 0, -9):
                process.require_alive()
        return len(answers(installation)) >= count

    wait_until(answered, lambda: f"{len(answers(installation))} of {count} answers")
    return answers(installation)


def deals(count: int) -> list[Event]:
    return [sale(number, f"{number}00.00") for number in range(1, count + 1)]


def data_of(value: bytes) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(value)["data"]
    return data


def test_requests_are_answered_from_what_was_published_before(installation: Installation) -> None:
    publish(installation, *deals(9))
    publish(installation, request("CN90"), request("CN91", comparables=19))
    publish(installation, *(sale(number, "1.00", day="2024-06-29") for number in range(20, 40)))
    worker = installation.worker()
    installation.wait_until_posted(worker)
    evaluator = installation.service("evaluator")
    found = wait_until_answered(installation, 2)
    assert data_of(found["CN90"][0])["high"] == money("900.00")
    refused = data_of(found["CN91"][0])
    assert (refused["reason"], refused["had"], refused["needed"]) == ("too_few", 9, 19)
    publish(installation, request("CN92"))
    later = data_of(wait_until_answered(installation, 3)["CN92"][0])
    assert later["low"] == money("1.00")
    model = {"id": "bank/price", "version": "1"}
    publish(installation, request("CN93", model=model))
    unregistered = data_of(wait_until_answered(installation, 4)["CN93"][0])
    assert (unregistered["reason"], unregistered["model_id"]) == ("model_unregistered", "bank/price")
    named = {"model_id": "bank/price", "model_version": "1", "owner": "Bank", "purpose": "pledges"}
    publish(installation, event_on("reference.model", "models", "2024-01-01", **named))
    publish(installation, request("CN94", model=model))
    failed = data_of(wait_until_answered(installation, 5)["CN94"][0])
    assert (failed["reason"], failed["detail"]) == ("model_failed", "neither a plug-in nor an address")
    installation.wait_until_posted(worker)
    proof = installation.run("evaluate", "--verify", "--json")
    assert (proof.code, proof.json["verdict"], proof.json["requests"], proof.json["waiting"]) == (0, "equal", 5, 0)
    assert evaluator.stop() == 0
    verified = installation.run("verify", "--json")
    assert (verified.code, verified.json["verdict"]) == (0, "equal")


SMALL = "import ledger.evaluator as e; assert e._CHUNK > 2; e._CHUNK = 2; "
"""A program with transactions of two answers."""
MAIN = "from ledger.cli import main; main()"
ANOTHER_GROUP = f"{SMALL}e.GROUP = 'ip-ledger.{{prefix}}another'; {MAIN}"
KILLED_INSIDE = f"""{SMALL}
import os, streams.answers as a
produce, left = a.AnswerLog._produce, [8]
def dying(self, producer, answers, headers):
    failed = produce(self, producer, answers, headers)
    left[0] -= len(answers)
    if left[0] < 0:
        os.kill(os.getpid(), 9)
    return failed
a.AnswerLog._produce = dying
{MAIN}"""
"""The same, killed when answers are in the log and their transaction is open."""


def test_a_killed_evaluator_loses_no_answer_and_gives_none_twice(installation: Installation) -> None:
    subjects = [f"CN{number}" for number in range(100, 160)]
    publish(installation, *deals(30))
    publish(installation, *(request(subject) for subject in subjects))
    worker = installation.worker()
    installation.wait_until_posted(worker)
    for _ in range(3):
        assert installation.service("evaluator", program=KILLED_INSIDE).wait() == -9
    assert 0 < len(answers(installation)) < len(subjects)
    last = installation.service("evaluator", program=SMALL + MAIN)
    first = wait_until_answered(installation, len(subjects))
    assert Counter(map(len, first.values())) == {1: len(subjects)}
    assert sorted(first) == subjects
    # another evaluator, in a group whose offsets the brokers have forgotten, answers only what has no answer
    last.kill()
    installation.service("evaluator", program=ANOTHER_GROUP)
    publish(installation, *(request(f"CN{number}") for number in range(160, 170)))
    after = wait_until_answered(installation, len(subjects) + 10)
    assert {subject: after[subject] for subject in subjects} == first
    assert Counter(map(len, after.values())) == {1: len(subjects) + 10}
    installation.wait_until_posted(worker)
    proof = installation.run("evaluate", "--verify", "--json")
    assert (proof.code, proof.json["verdict"], len(proof.json["answers"])) == (0, "equal", len(subjects) + 10)


def test_an_evaluator_waits_for_its_book(installation: Installation) -> None:
    publish(installation, *deals(9))
    worker = installation.worker()
    installation.wait_until_posted(worker)
    worker.stop()
    publish(installation, request("CN90"))
    evaluator = installation.service("evaluator")
    wait_until(lambda: "evaluator started" in evaluator.output, lambda: evaluator.output)
    assert answers(installation) == {}
    installation.worker()
    wait_until_answered(installation, 1)


def test_two_evaluators_share_the_requests(installation: Installation) -> None:
    publish(installation, *deals(12))
    worker = installation.worker()
    installation.wait_until_posted(worker)
    first, second = installation.service("evaluator"), installation.service("evaluator")
    for evaluator in (first, second):
        wait_until(lambda one=evaluator: "evaluator started" in one.output, lambda: first.output)  # type: ignore[misc]
    subjects = [f"CN{number}" for number in range(100, 130)]
    for subject in subjects:
        publish(installation, request(subject))
    found = wait_until_answered(installation, len(subjects))
    assert Counter(map(len, found.values())) == {1: len(subjects)}


def test_an_evaluator_needs_a_book(installation: Installation) -> None:
    finished = installation.run("evaluator")
    assert finished.code == 69
    assert "book.db" in finished.err


@pytest.mark.parametrize("subject", ["CN90"])
def test_a_look_publishes_nothing(installation: Installation, subject: str) -> None:
    publish(installation, *deals(9), event_on("patent.fee_paid", subject, "2024-02-01", amount=money("900.00")))
    worker = installation.worker()
    installation.wait_until_posted(worker)
    ends = installation.ends()
    found = installation.run("evaluate", subject, "--approach", "cost", "--as-of", "2024-06-30", "--json")
    assert found.json["data"]["low"] == money("900.00")
    assert installation.run("evaluate", subject, "--table").code == 0
    assert installation.run("evaluate", subject, "--comparables", "8").code == 2
    assert installation.ends() == ends
    assert set(TOPICS) >= {topic for topic, _ in ends}
    assert GROUP.format(prefix="") == "ip-ledger.evaluator"
