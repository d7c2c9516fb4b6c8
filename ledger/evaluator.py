"""Assembly of the evaluator: Faust shares the requests among its processes; each answer is an event, exactly once.

It reads the book and never writes it. A batch of the log only says that there may be requests: what was requested
stands in the book, once the book has posted it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from ledger.book.book import Book
from ledger.book.recognition import same_topics
from ledger.evaluate.model_answer import AskModel
from ledger.valuations.answer import Request, answer, evidence_before, is_answered, no_model, requests, topics_of
from ledger.valuations.evidence import VALUATIONS, EvidenceReader
from schemas.errors import Unavailable, UsageError
from schemas.topics import TopicPartition
from streams.answers import AnswerLog, Keyed, Taken
from streams.batch import Batch, PostResult
from streams.cluster import Cluster
from streams.group import require_ours
from streams.log_identity import Identities
from streams.producer import ExtraHeaders
from streams.worker import Group, Worker

if TYPE_CHECKING:
    from ledger.evaluator_traces import EvaluatorTraces

GROUP = "ip-ledger.{prefix}evaluator"
"""The consumer group of the evaluators of a log: two books of one log give the same answers."""
_CHUNK = 100
"""The most answers in a transaction: at most these are computed again after a crash."""
_LOOK_SECONDS = 0.1
"""The pause between two looks at a book that is behind."""
_WARN_AGAIN_SECONDS = 30.0

log = structlog.get_logger()


class BookOfAShare(UsageError):
    """The book {path} holds only the share {share} of the log, and evidence may be anywhere. Give the evaluator a book
    of the whole log: `ip-ledger merge`, or a worker without `--share`."""


class Stopping(Unavailable):
    """The evaluator stops before the book has reached {place}. Nothing was answered. Start it again: it continues
    there."""


def evaluate(
    cluster: Cluster,
    path: Path,
    *,
    ask: AskModel = no_model,
    session_seconds: float = 10.0,
    group_id: str | None = None,
    traces: EvaluatorTraces | None = None,
) -> None:
    """Answer the requests in the log by the book at `path` until SIGTERM. Raise any error that stops it, such as
    BookUnavailable, OtherVersion, BookOfAShare; NotAuthorized if it may not write answers."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    with Book(path) as book, Identities(cluster) as identities:
        book.require_own_version()
        partitions = book.log.partitions[VALUATIONS]
        held = frozenset((VALUATIONS, partition) for partition in range(partitions))
        if not held | book.next_offsets().keys() == book.next_offsets().keys():
            raise BookOfAShare(path=path, share=book.share.text)
        name = group_id or GROUP.format(prefix=cluster.prefix)
        group = Group(name, session_seconds, name, held=held)
        require_ours(cluster, group.id, group.client, seconds=2 * session_seconds)
        identities.topics([VALUATIONS], "Write")
        answers = AnswerLog(cluster, group.id, VALUATIONS, partitions)
        sink = EvaluatorSink(book, answers, ask, traces)

        def recognise() -> None:
            same_topics(book, *identities.topics())

        worker = Worker(cluster, group, sink, recognise=recognise, unpacked_bytes=book.shape.unpacked_bytes)
        sink.stopping = worker.ended.is_set
        try:
            answers.require_right()
            running = loop.create_task(worker.run())
            loop.call_soon(lambda: log.info("evaluator started", book=str(path), group=group.id))
            loop.run_until_complete(running)
        finally:
            answers.close()


class EvaluatorSink:
    """Answers the requests of each batch, in one transaction with the offset up to which they are answered."""

    def __init__(self, book: Book, answers: AnswerLog, ask: AskModel, traces: EvaluatorTraces | None = None) -> None:
        self._book, self._answers, self._ask, self._evidence = book, answers, ask, EvidenceReader(book)
        self._traces = traces
        self.stopping: Callable[[], bool] = lambda: False

    def next_offset(self, topic: str, partition: int) -> int:
        """Return the offset up to which the requests of a partition are answered."""
        assert topic == VALUATIONS, "no other topic is subscribed to"
        return self._answers.next_offset(partition)

    def post_all(self, batches: Sequence[Batch]) -> list[PostResult]:
        """Answer the requests of batches; BEHIND if another process has answered them. Raise BrokerUnavailable,
        NotAuthorized, Stopping, BookFault, BookDamaged."""
        return [self._post(batch) for batch in batches]

    def _post(self, batch: Batch) -> PostResult:
        try:
            self._answers.take(batch.partition)
            if self._answers.next_offset(batch.partition) != batch.start:
                return PostResult.BEHIND
            self._wait_for_book({(batch.topic, batch.partition): batch.end})
            asked = requests(self._book, batch.partition, batch.start, batch.end)
            while len(asked) > _CHUNK:
                chunk, asked = asked[:_CHUNK], asked[_CHUNK:]
                self._commit(batch, chunk, asked[0].offset)
            self._commit(batch, asked, batch.end)
        except Taken:
            return PostResult.BEHIND
        return PostResult.POSTED

    def _commit(self, batch: Batch, asked: Sequence[Request], end: int) -> None:
        """Answer some requests of a batch, in one transaction."""
        offsets = {request.offset for request in asked}
        traced: AbstractContextManager[ExtraHeaders] = nullcontext(())
        if self._traces and offsets:
            requests = [record for record in batch.records if record.offset in offsets]
            traced = self._traces.answering(batch.topic, batch.partition, requests)
        with traced as headers:
            self._answers.commit(batch.partition, end, self._answered(asked), headers)

    def _answered(self, asked: Sequence[Request]) -> list[Keyed]:
        if not asked:
            return []
        # what was visible before a request is below these ends, so the book must reach them first; an open transaction,
        # such as that of an evaluator that was killed, is not waited for
        topic_partitions = self._topic_partitions({topic for request in asked for topic in topics_of(request.facts)})
        ends = {topic_partition: self._answers.bounds(*topic_partition)[1] for topic_partition in topic_partitions}
        self._wait_for_book(ends)
        answers = []
        for request in asked:
            if is_answered(self._book, request):  # the brokers forget the offsets of an idle group
                continue
            first_after = self._answers.before(topic_partitions, request.timestamp)
            before = {
                topic_partition: _least(end, first_after[topic_partition]) for topic_partition, end in ends.items()
            }
            value = answer(self._evidence, request, evidence_before(self._book, request, before), self._ask)
            answers.append(Keyed(request.subject.encode(), value))
        log.info("requests answered", partition=asked[0].partition, count=len(answers))
        return answers

    def _topic_partitions(self, topics: Iterable[str]) -> list[TopicPartition]:
        partitions = self._book.log.partitions
        return [(topic, partition) for topic in sorted(topics) for partition in range(partitions[topic])]

    def _wait_for_book(self, ends: Mapping[TopicPartition, int]) -> None:
        """Wait until the book has posted these partitions up to these offsets."""
        warned = time.monotonic()
        while behind := self._behind(ends):
            if self.stopping():
                raise Stopping(place=behind[0])
            if time.monotonic() - warned >= _WARN_AGAIN_SECONDS:
                warned = time.monotonic()
                log.warning("waiting for the book", behind=behind)
            time.sleep(_LOOK_SECONDS)

    def _behind(self, ends: Mapping[TopicPartition, int]) -> list[str]:
        offsets = self._book.next_offsets()
        return [f"{t}:{p}={end}" for (t, p), end in ends.items() if offsets[t, p] < end]


def _least(*offsets: int | None) -> int:
    return min(offset for offset in offsets if offset is not None)
