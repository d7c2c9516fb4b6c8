"""Questions of readers on a book of synthetic events of all types: overview, filtered and whole views."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

import orjson

from benchmarks.report import Figures
from ledger import queries
from ledger.book.book import Book, create_book
from ledger.book.sink import BookSink, rare_collections
from ledger.figures.metrics import Metrics
from ledger.figures.question import FigureQuery, NotAvailable
from ledger.figures.reconcile import Reconciliation, compared
from ledger.queries import Answer
from ledger.queries.snapshot import ANSWER_SECONDS, AnswerTooLong, read_snapshot
from ledger.views import VIEWS
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from streams.batch import Batch, Record
from streams.log_identity import LogIdentity
from streams.synthetic.market import generate_all

SEED, BATCH = 7, 3000
LOG = LogIdentity("bench", dict.fromkeys(TOPICS, "bench"), {name: topic.partitions for name, topic in TOPICS.items()})
SECONDS, FILTERED_MS, MICROSECONDS = 2.0, 50.0, 25.0
"""The time of a view, and of a part of one; many rows may take these microseconds each."""
MOST_SECONDS, ENOUGH_SECONDS = ANSWER_SECONDS, 1.0
"""A question ends after the first, and is not asked again after the second: the questions end in minutes."""
TIMESTAMP = 1_736_000_000_000
"""Of all records: 2025-01-04, after the last business day of the market, which is then the newest day of the book."""
Asked = Answer | Reconciliation | None


class Question(NamedTuple):
    """A question; its group (`overview`, `filtered` or `view`) sets its floor."""

    group: str
    name: str
    ask: Callable[[Book], Asked]


class Cost(NamedTuple):
    """Median wall-clock and processor milliseconds, including JSON output, and the number of rows; `ended` if the time
    limit ended the question, which then has no rows."""

    wall: float
    cpu: float
    rows: int
    ended: bool


def make_book(path: Path, events: int) -> None:
    """Post synthetic events of all types to a new book, without a broker."""
    create_book(path, LOG, {(name, number): 0 for name, topic in TOPICS.items() for number in range(topic.partitions)})
    with Book(path, writable=True) as book, rare_collections():
        book.connection.execute("PRAGMA synchronous = OFF")
        sink = BookSink(book)
        for batch in _batches(events):
            sink.post(batch)


def _batches(events: int) -> Iterator[Batch]:
    waiting: dict[tuple[str, int], list[Record]] = defaultdict(list)
    following: dict[tuple[str, int], int] = defaultdict(int)
    for value in generate_all(events, SEED):
        event = orjson.loads(value)
        topic = TOPICS[EVENT_TYPES[event["type"]].topic]
        key = event["subject"].encode()
        topic_partition = (topic.name, partition_of(key, topic.partitions))
        waiting[topic_partition].append(
            Record(following[topic_partition] + len(waiting[topic_partition]), TIMESTAMP, key, bytes(value))
        )
        if len(waiting[topic_partition]) == BATCH:
            yield _batch(topic_partition, waiting.pop(topic_partition), following)
    for topic_partition in [*waiting]:
        yield _batch(topic_partition, waiting.pop(topic_partition), following)


def _batch(topic_partition: tuple[str, int], records: list[Record], following: dict[tuple[str, int], int]) -> Batch:
    following[topic_partition] += len(records)
    return Batch(*topic_partition, records[0].offset, following[topic_partition], records)


def questions(book: Book) -> list[Question]:
    """Return the questions; the filtered ones are about entities in the book."""
    found = [Question("overview", name, ask) for name, ask in _OVERVIEW.items()]
    for name, column, value in _filters(book):
        chosen = partial(queries.view, name=name, filters=[f"{column}={value}"])
        found.append(Question("filtered", f"{name} {column}", chosen))
    found += [Question("view", name, partial(queries.view, name=name)) for name in VIEWS]
    return [*found, Question("view", "reconcile", compared), Question("view", "registers", _registers)]


_OVERVIEW: dict[str, Callable[[Book], Answer]] = {
    "year to date, pledges": partial(queries.year_to_date, kind="pledges"),
    "year to date, grants": partial(queries.year_to_date, kind="grants"),
    "stock of pledges": partial(queries.stock_by_industry, kind="pledges"),
    "stock of patents": partial(queries.stock_by_industry, kind="patents"),
    "growth of pledges": partial(queries.growth, kind="pledges"),
    "what falls due": queries.falling_due,
    "newest events": queries.newest_events,
    "totals by industry and year": partial(queries.totals, kind="pledges", by=("industry", "year")),
}
_ENTITIES = (
    ("patent", "patents", "patent"),
    ("asset", "encumbered", "id"),
    ("pledge", "ltv", "pledge"),
    ("deal", "loans", "deal"),
    ("subject", "valuations", "subject"),
    ("debtor", "exposure", "debtor"),
)
"""A column of views, and the view and column that a value of it is taken from."""
_ELSEWHERE = {("score_evidence", "subject"), ("published_figures", "subject")}
"""Subjects that are not the entity of the view."""
_AREA = {"industry": "AI", "region": "CN-SH", "country": "CN"}


def _filters(book: Book) -> Iterator[tuple[str, str, str]]:
    """Yield (view, column, value): each view by an entity, and by an industry and an area."""
    values = dict(_AREA)
    for column, source, name in _ENTITIES:
        for row in queries.view(book, source, columns=[name], limit=1).rows:
            values[column] = str(row[0])
    for name, view in VIEWS.items():
        asked = [column.name for column in view.columns if (name, column.name) not in _ELSEWHERE]
        yield from ((name, column, values[column]) for column in asked if column in values)
    yield from (("encumbered", "id", value) for column, value in values.items() if column == "asset")


def _registers(book: Book) -> None:
    """Count the grants and filings of an office, as for the first of its figures: both registers are read."""
    metrics = Metrics(book.connection, "corrected")
    for metric in ("grants", "filings"):
        with suppress(NotAvailable):
            metrics.measure(FigureQuery(metric, first=date(2020, 1, 1), last=date(2020, 12, 31), office="CN"))


Times = dict[tuple[str, str], Cost]
"""(group, name) of the question -> result."""


def times(path: Path, rounds: int, most_seconds: float = MOST_SECONDS) -> Times:
    """Ask each question up to `rounds` times, in turn, over one open book; end it after `most_seconds`."""
    costs: dict[tuple[str, str], list[Cost]] = defaultdict(list)
    with queries.open(path) as book:
        all_questions = questions(book)
        for _ in range(rounds):
            for question in all_questions:
                each = costs[question.group, question.name]
                if sum(cost.wall for cost in each) > ENOUGH_SECONDS * 1000:
                    continue
                wall, cpu = perf_counter(), process_time()
                rows = _rows(question, book, most_seconds)
                spent = ((perf_counter() - wall) * 1000, (process_time() - cpu) * 1000)
                each.append(Cost(*spent, rows or 0, rows is None))
    return {
        question: Cost(
            median(each.wall for each in all_),
            median(each.cpu for each in all_),
            all_[0].rows,
            any(each.ended for each in all_),
        )
        for question, all_ in costs.items()
    }


def _rows(question: Question, book: Book, most_seconds: float) -> int | None:
    """Ask a question, render its answer as JSON, and return the number of its rows; None if it was ended."""
    try:
        with read_snapshot(book, most_seconds):
            answer = question.ask(book)
    except AnswerTooLong:
        return None
    if answer is None:
        return 1
    return len(answer.as_json()["rows"])


def figures(small: Times, large: Times) -> Figures:
    """Return the slowest answer of each group in the large book, the number of slow views, and the growth."""
    ended = [name for (_, name), cost in large.items() if cost.ended]
    found: Figures = {"question_ended": len(ended), "question_ended_names": ", ".join(ended) or "none"}
    for group in ("overview", "filtered"):
        slowest = max((cost.cpu, name) for (its, name), cost in large.items() if its == group)
        found |= {f"question_{group}_slowest_ms": slowest[0], f"question_{group}_slowest": slowest[1]}
    for group, label in (("view", "views"), ("filtered", "filtered")):
        late = [name for (its, name), cost in large.items() if its == group and _is_late(group, cost)]
        found |= {f"question_{label}_too_slow": len(late)}
        found |= {f"question_{label}_too_slow_names": ", ".join(late) or "none"}
    for (group, name), cost in large.items():
        label = f"question_{group}_{name}".replace(" ", "_")
        found[f"{label}_ms"] = cost.cpu
        if before := small.get((group, name)):
            found[f"{label}_growth"] = cost.cpu / max(before.cpu, 0.1)
    return found


def _is_late(group: str, cost: Cost) -> bool:
    """Return whether a view, or a part of one, took more processor time than its rows may take, or was ended."""
    floor = SECONDS * 1000 if group == "view" else FILTERED_MS
    return cost.ended or cost.cpu > max(floor, cost.rows * MICROSECONDS / 1000)
