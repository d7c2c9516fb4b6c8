"""P7, step by step: after each event, in any order, the book is what the model computes from the log."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ledger.book.sink import BookSink
from ledger.independent.fold import Log, PartitionLog, TopicPartition, ledger_of
from schemas.topics import TOPICS, partition_of
from streams.batch import Batch, PostResult
from tests.books import new_book, opened
from tests.comparison import assert_as_expected
from tests.data import FIELDS, TOGETHER
from tests.each_case import each_case
from tests.effort import examples
from tests.events import (
    OTHER_SOURCE,
    SOURCE,
    TOPIC_PARTITIONS,
    Event,
    corrected,
    example_event,
    record,
    value_of,
    voided,
)
from tests.histories import SUBJECTS


class Story(RuleBasedStateMachine):
    """A sequence of events that a registry, a court or a bank may publish about the entities of a topic."""

    topic = ""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.path = Path(self.directory.name) / "book.db"
        new_book(self.path)
        self.sink = BookSink(opened(self.path))
        self.log: dict[TopicPartition, list[bytes]] = defaultdict(list)
        self.posted: list[Event] = []
        self.late: list[Event] = []
        self.stems: list[str] = []

    def teardown(self) -> None:
        self.sink.book.close()
        self.directory.cleanup()

    @initialize(data=st.data())
    def choose_types(self, data: st.DataObject) -> None:
        self.stems = data.draw(st.sampled_from(TOGETHER[self.topic]))

    def _new(self, data: st.DataObject) -> Event:
        stem = data.draw(st.sampled_from(self.stems))
        fields: dict[str, Any] = data.draw(FIELDS[self.topic][stem])
        subject = data.draw(st.sampled_from(SUBJECTS[self.topic][:2]))
        source = data.draw(st.sampled_from([SOURCE, SOURCE, SOURCE, OTHER_SOURCE]))
        return example_event(stem, self._id(), subject, **fields) | {"source": source}

    def _id(self) -> str:
        return f"e{len(self.posted) + len(self.late)}"

    def _post(self, *events: Event) -> None:
        """Post events, those of one partition in one batch."""
        batches: dict[TopicPartition, list[bytes]] = defaultdict(list)
        for event in events:
            partition = partition_of(event["subject"].encode(), TOPICS[self.topic].partitions)
            batches[self.topic, partition].append(value_of(event))
            self.posted.append(event)
        for topic_partition, values in batches.items():
            start = len(self.log[topic_partition])
            self.log[topic_partition] += values
            records = [record(start + n, _event(value)) for n, value in enumerate(values)]
            assert self.sink.post(Batch(*topic_partition, start, start + len(records), records)) is PostResult.POSTED

    @rule(data=st.data())
    def post_an_event(self, data: st.DataObject) -> None:
        self._post(self._new(data))

    @rule(data=st.data())
    def post_two_events_together(self, data: st.DataObject) -> None:
        first = self._new(data)
        second = self._new(data) | {"id": f"{first['id']}b", "subject": first["subject"]}
        self._post(first, second)

    @precondition(lambda self: self.posted)
    @rule(data=st.data())
    def correct_an_event(self, data: st.DataObject) -> None:
        target = data.draw(st.sampled_from(self.posted))
        fields: dict[str, Any] = data.draw(FIELDS[self.topic][".".join(target["type"].split(".")[1:3])])
        self._post(corrected(target, self._id(), **fields))

    @precondition(lambda self: self.posted)
    @rule(data=st.data())
    def void_an_event(self, data: st.DataObject) -> None:
        self._post(voided(data.draw(st.sampled_from(self.posted)), self._id()))

    @rule(data=st.data(), role=st.sampled_from(["corrected", "voided"]))
    def post_a_revision_first(self, data: st.DataObject, role: str) -> None:
        target = self._new(data)
        self.late.append(target)
        self._post(corrected(target, self._id()) if role == "corrected" else voided(target, self._id()))

    @precondition(lambda self: self.late)
    @rule()
    def post_its_late_target(self) -> None:
        self._post(self.late.pop(0))

    @precondition(lambda self: self.posted)
    @rule(data=st.data())
    def post_a_duplicate(self, data: st.DataObject) -> None:
        self._post(data.draw(st.sampled_from(self.posted)))

    @rule()
    def restart_the_worker(self) -> None:
        self.sink.book.close()
        self.sink = BookSink(opened(self.path))

    @invariant()
    def the_book_is_what_the_model_computes(self) -> None:
        log: Log = {topic_partition: _partition_log(self.log[topic_partition]) for topic_partition in TOPIC_PARTITIONS}
        assert_as_expected(self.sink.book, log, ledger_of(log))


def _event(value: bytes) -> Event:
    event: Event = json.loads(value)
    return event


def _partition_log(values: list[bytes]) -> PartitionLog:
    return PartitionLog(
        0, len(values), [(n, _event(value)["subject"].encode(), value) for n, value in enumerate(values)]
    )


@each_case("topic", ["ip.pledge.v1", "ip.patent.v1", "ip.deal.v1", "ip.loan.v1", "ip.trademark.v1"])
def test_a_story(topic: str) -> None:
    run_state_machine_as_test(
        type("StoryOf", (Story,), {"topic": topic}),
        settings=settings(
            max_examples=examples(3),
            stateful_step_count=12,
            suppress_health_check=[HealthCheck.too_slow],
            deadline=None,
        ),
    )
