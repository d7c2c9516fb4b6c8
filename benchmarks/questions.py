"""Questions of readers on a book of synthetic events of all types: overview, filtered and whole views."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

import orjson

from benchmarks.report import Figures
from ledger import queries
from ledger.book.book import Book, create
from ledger.book.sink import BookSink, rare_collections
from ledger.queries import Answer
from ledger.queries.snapshot import AnswerTooLong
from ledger.views import VIEWS
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from streams.batch import Batch, Record
from streams.cluster import LogIdentity
from streams.synthetic.market import generate_all

SEED, BATCH = 7, 3000
LOG = LogIdentity("bench", dict.fromkeys(TOPICS, "bench"), {name: topic.partitions for name, topic in TOPICS.items()})
ROWS = 50_000
"""A larger view may take MICROSECONDS of processor time for each row."""
SECONDS, MICROSECONDS = 2.0, 25.0


class Question(NamedTuple):
    """A question; its group (`overview`, `filtered` or `view`) sets its floor."""

    group: str
    name: str
    ask: Callable[[Book], Answer]


class Cost(NamedTuple):
    """Median wall-clock and processor milliseconds, including JSON output, and the number of rows: 0 if the time limit
    of an answer ended the question."""

    wall: float
    cpu: float
    rows: int


def make_book(path: Path, events: int) -> None:
    """Post synthetic events of all types to a new book, without a broker."""
    create(path, LOG, {(name, number): 0 for name, topic in TOPICS.items() for number in range(topic.partitions)})
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
        place = (topic.name, partition_of(key, topic.partitions))
        waiting[place].append(Record(following[place] + len(waiting[place]), 1_700_000_000_000, key, bytes(value)))
        if len(waiting[place]) == BATCH:
            yield _batch(place, waiting.pop(place), following)
    for place in [*waiting]:
        yield _batch(place, waiting.pop(place), following)


def _batch(place: tuple[str, int], records: list[Record], following: dict[tuple[str, int], int]) -> Batch:
    following[place] += len(records)
    return Batch(*place, records[0].offset, following[place], records)


def questions(book: Book) -> list[Question]:
    """Return the questions; the filtered ones are about entities in the book."""
    found = [Question("overview", name, ask) for name, ask in _OVERVIEW.items()]
    for name, column, value in _filters(book):
        chosen = partial(queries.view, name=name, filters=[f"{column}={value}"])
        found.append(Question("filtered", f"{name} {column}", chosen))
    return found + [Question("view", name, partial(queries.view, name=name)) for name in VIEWS]


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
_ENTITIES = {"patents": "patent", "encumbered": "id", "ltv": "pledge", "loans": "deal", "valuations": "subject"}
_SPLIT = ("industry_year", "pledge_flow", "pledge_yoy", "ytd_vs_same_period", "pledge_stock", "grants", "high_value")


def _filters(book: Book) -> Iterator[tuple[str, str, str]]:
    """Yield (view, column, value)."""
    for name, column in _ENTITIES.items():
        rows = queries.view(book, name, columns=[column], limit=1).rows_as_dicts()
        if rows:
            yield name, column, str(rows[0][column])
    for name in _SPLIT:
        columns = {column.name for column in VIEWS[name].columns}
        yield from ((name, column, value) for column, value in _PLACES if column in columns)


_PLACES = (("industry", "AI"), ("region", "CN-SH"))


Times = dict[tuple[str, str], Cost]
"""(group, name) of the question -> result."""


def times(path: Path, rounds: int) -> Times:
    """Ask each question `rounds` times, in turn, over one open book."""
    costs: dict[tuple[str, str], list[Cost]] = defaultdict(list)
    with queries.open(path) as book:
        all_questions = questions(book)
        for number in range(rounds):
            for question in all_questions:
                each = costs[question.group, question.name]
                if number and each[0].wall > SECONDS * 1000:
                    continue  # one answer is enough
                wall, cpu = perf_counter(), process_time()
                rows = _rows(question, book)
                each.append(Cost((perf_counter() - wall) * 1000, (process_time() - cpu) * 1000, rows))
    return {
        question: Cost(median(each.wall for each in all_), median(each.cpu for each in all_), all_[0].rows)
        for question, all_ in costs.items()
    }


def _rows(question: Question, book: Book) -> int:
    """Ask a question, render its answer as JSON, and return the number of its rows."""
    try:
        answer = question.ask(book)
    except AnswerTooLong:
        return 0
    answer.as_json()
    return len(answer.rows)


def figures(small: Times, large: Times) -> Figures:
    """Return the slowest answer of each group in the large book, the number of slow views, and the growth."""
    found: Figures = {}
    for group in ("overview", "filtered"):
        slowest = max((cost.cpu, name) for (its, name), cost in large.items() if its == group)
        found |= {f"question_{group}_slowest_ms": slowest[0], f"question_{group}_slowest": slowest[1]}
    late = [name for (group, name), cost in large.items() if group == "view" and cost.cpu > _allowed(cost.rows)]
    found |= {"question_views_too_slow": len(late), "question_views_too_slow_names": ", ".join(late) or "none"}
    for (group, name), cost in large.items():
        label = f"question_{group}_{name}".replace(" ", "_")
        found[f"{label}_ms"] = cost.cpu
        if before := small.get((group, name)):
            found[f"{label}_growth"] = cost.cpu / max(before.cpu, 0.1)
    return found


def _allowed(rows: int) -> float:
    """Return the milliseconds of processor time that a view with this number of rows may take."""
    return SECONDS * 1000 if rows <= ROWS else rows * MICROSECONDS / 1000
