"""P7, step by step: after each thing that is said, in whatever order, the book is what the model makes of the log."""

from __future__ import annotations

import json
import os
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
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
from schemas.topics import TOPICS, partition_of
from streams.batch import Batch, PostResult
from tests.books import new_book, opened
from tests.data import FIELDS, TOGETHER
from tests.events import OTHER_SOURCE, PLACES, SOURCE, Event, corrected, example_event, record, value_of, voided
from tests.histories import SUBJECTS
from tests.model import Log, Stretch, TopicPartition, ledger_of
from tests.shown import assert_as_expected

STORIES = int(os.environ.get("LEDGER_STORIES", "3"))


class Story(RuleBasedStateMachine):
    """What a registry, a court, a bank may say of the entities of a topic, one thing after the other."""

    topic = ""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.path = Path(self.directory.name) / "book.db"
        new_book(self.path)
        self.sink = BookSink(opened(self.path))
        self.log: dict[TopicPartition, list[bytes]] = defaultdict(list)
        self.said: list[Event] = []
        self.owed: list[Event] = []
        self.stems: list[str] = []

    def teardown(self) -> None:
        self.sink.book.close()
        self.directory.cleanup()

    @initialize(data=st.data())
    def it_is_about_few_things(self, data: st.DataObject) -> None:
        self.stems = data.draw(st.sampled_from(TOGETHER[self.topic]))

    def _new(self, data: st.DataObject) -> Event:
        stem = data.draw(st.sampled_from(self.stems))
        fields: dict[str, Any] = data.draw(FIELDS[self.topic][stem])
        subject = data.draw(st.sampled_from(SUBJECTS[self.topic][:2]))
        source = data.draw(st.sampled_from([SOURCE, SOURCE, SOURCE, OTHER_SOURCE]))
        return example_event(stem, self._id(), subject, **fields) | {"source": source}

    def _id(self) -> str:
        return f"e{len(self.said) + len(self.owed)}"

    def _tell(self, *events: Event) -> None:
        """In one batch where they are of one partition."""
        batches: dict[TopicPartition, list[bytes]] = defaultdict(list)
        for event in events:
            partition = partition_of(event["subject"].encode(), TOPICS[self.topic].partitions)
            batches[self.topic, partition].append(value_of(event))
            self.said.append(event)
        for place, values in batches.items():
            start = len(self.log[place])
            self.log[place] += values
            records = [record(start + n, _event(value)) for n, value in enumerate(values)]
            assert self.sink.post(Batch(*place, start, start + len(records), records)) is PostResult.POSTED

    @rule(data=st.data())
    def something_is_said(self, data: st.DataObject) -> None:
        self._tell(self._new(data))

    @rule(data=st.data())
    def several_things_are_said_at_once(self, data: st.DataObject) -> None:
        first = self._new(data)
        second = self._new(data) | {"id": f"{first['id']}b", "subject": first["subject"]}
        self._tell(first, second)

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def something_was_wrong(self, data: st.DataObject) -> None:
        target = data.draw(st.sampled_from(self.said))
        fields: dict[str, Any] = data.draw(FIELDS[self.topic][".".join(target["type"].split(".")[1:3])])
        self._tell(corrected(target, self._id(), **fields))

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def something_should_not_have_been_said(self, data: st.DataObject) -> None:
        self._tell(voided(data.draw(st.sampled_from(self.said)), self._id()))

    @rule(data=st.data(), role=st.sampled_from(["corrected", "voided"]))
    def a_follow_up_comes_first(self, data: st.DataObject, role: str) -> None:
        late = self._new(data)
        self.owed.append(late)
        self._tell(corrected(late, self._id()) if role == "corrected" else voided(late, self._id()))

    @precondition(lambda self: self.owed)
    @rule()
    def what_it_follows_comes_late(self) -> None:
        self._tell(self.owed.pop(0))

    @precondition(lambda self: self.said)
    @rule(data=st.data())
    def it_is_said_again(self, data: st.DataObject) -> None:
        self._tell(data.draw(st.sampled_from(self.said)))

    @rule()
    def the_worker_comes_back(self) -> None:
        self.sink.book.close()
        self.sink = BookSink(opened(self.path))

    @invariant()
    def the_book_is_what_the_model_makes_of_the_log(self) -> None:
        log: Log = {place: _stretch(self.log[place]) for place in PLACES}
        assert_as_expected(self.sink.book, log, ledger_of(log))


def _event(value: bytes) -> Event:
    event: Event = json.loads(value)
    return event


def _stretch(values: list[bytes]) -> Stretch:
    return Stretch(0, len(values), [(n, _event(value)["subject"].encode(), value) for n, value in enumerate(values)])


@pytest.mark.parametrize("topic", ["ip.pledge.v1", "ip.patent.v1", "ip.deal.v1", "ip.loan.v1", "ip.trademark.v1"])
def test_a_story(topic: str) -> None:
    run_state_machine_as_test(
        type("StoryOf", (Story,), {"topic": topic}),
        settings=settings(
            max_examples=STORIES, stateful_step_count=12, suppress_health_check=[HealthCheck.too_slow], deadline=None
        ),
    )
