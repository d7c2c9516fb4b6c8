"""The fold: pure, deterministic, and independent of the cuts between batches."""

from __future__ import annotations

import ast
import itertools
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import ledger.posting
from ledger.book.book import Book
from ledger.book.connection import table_names
from ledger.book.sink import BookSink
from ledger.independent.fold import Log, PartitionLog, TopicPartition
from ledger.posting.entity import Accepted, Entity
from ledger.posting.fold import History, Rows, decode, fold
from schemas.industry import SHIPPED
from schemas.topics import TOPICS
from streams.batch import Batch, Record
from tests.books import new_book, opened
from tests.each_case import each_case
from tests.effort import examples
from tests.events import (
    PLEDGE,
    TOPIC_PARTITIONS,
    asset,
    cancelled,
    corrected,
    modified,
    money,
    partition,
    record,
    registered,
    voided,
)
from tests.histories import logs

ROOT = Path(__file__).parents[4]
EVENTS = [
    modified(),
    registered(),
    corrected(registered(), secured=money("7.00")),
    registered(),
    b"?",
    registered("r2"),
    cancelled(),
    voided(cancelled()),
]
PURE = {
    "__future__",
    "base64",
    "bisect",
    "calendar",
    "collections",
    "dataclasses",
    "datetime",
    "functools",
    "itertools",
    "operator",
    "orjson",
}
PURE |= {"hashlib", "struct", "types", "typing", "zlib"}


def batch(events: Sequence[object] = EVENTS) -> Batch:
    records = [record(offset, one, b"P1") for offset, one in enumerate(events)]  # type: ignore[arg-type]
    return Batch(PLEDGE, partition("P1"), 0, len(records), records)


def folded(one: Batch) -> Rows:
    decoded = decode(one, TOPICS[one.topic].partitions, SHIPPED.industry_of)
    return whole(fold(decoded, History(1 << 20, [])))


def whole(rows: Rows | None) -> Rows:
    assert rows is not None
    return rows


def test_the_same_batch_and_history_give_the_same_rows() -> None:
    decoded = decode(batch(), TOPICS[PLEDGE].partitions, SHIPPED.industry_of)
    history = History(1 << 20, [])
    first = fold(decoded, history)
    assert fold(decoded, history) == first
    assert folded(batch()) == first
    assert history == History(1 << 20, [])


def of_a_long_history() -> Rows:
    """Return the rows of a batch about a pledge of many assets with a history: corrected, changed, corrected again."""
    pool = registered(assets=[asset(id=f"CN{number}") for number in range(9)])
    decoded = decode(batch([pool]), TOPICS[PLEDGE].partitions, SHIPPED.industry_of)
    (entry,) = decoded.records
    assert entry.type is not None
    assert entry.source is not None
    assert entry.id is not None
    known = Accepted(0, entry.type, entry.source, entry.id, entry.hash, entry.facts)
    events = [corrected(pool, secured=money("7.00")), modified(released=["CN1", "CN2", "CN3"]), voided(modified())]
    records = [record(offset, one, b"P1") for offset, one in enumerate(events, 1)]
    following = Batch(PLEDGE, partition("P1"), 1, 4, records)
    decoded = decode(following, TOPICS[PLEDGE].partitions, SHIPPED.industry_of)
    return whole(fold(decoded, History(1 << 20, [("P1", Entity(PLEDGE, "P1", [known]))])))


@pytest.mark.slow
def test_rows_do_not_depend_on_the_hash_seed() -> None:
    """Two processes, a worker and an auditor, give the same rows in the same order."""
    program = "from tests.unit.ledger.posting.test_fold import *; print(of_a_long_history())"
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in range(1, 5)
    }
    assert len(answers) == 1


@each_case("module", sorted(Path(ledger.posting.__file__).parent.glob("*.py")))
def test_no_module_of_posting_imports_input_or_output(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text())):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            allowed = name.startswith(("schemas.", "ledger.merkle.", "ledger.posting.")) or name in (
                "ledger.posting",
                "streams.batch",
            )
            assert allowed or name.split(".")[0] in PURE, name


def content(path: Path, log: Log, cuts: Mapping[TopicPartition, Sequence[int]]) -> dict[str, list[tuple[object, ...]]]:
    """Return all tables of the book of a log, cut into batches at these offsets."""
    path.unlink(missing_ok=True)
    new_book(path, log[TOPIC_PARTITIONS[0]].first)
    with opened(path) as book:
        sink = BookSink(book)
        for topic_partition, part in log.items():
            bounds = sorted({part.first, *cuts.get(topic_partition, ()), part.end})
            for start, end in itertools.pairwise(bounds):
                records = [Record(*one[:1], 0, *one[1:]) for one in part.records if start <= one[0] < end]
                sink.post(Batch(*topic_partition, start, end, records))
        return _tables(book)


def _tables(book: Book) -> dict[str, list[tuple[object, ...]]]:
    tables = set(table_names(book.connection)) - {"meta"}
    return {table: sorted(book.connection.execute(f"SELECT * FROM {table}"), key=repr) for table in sorted(tables)}


@settings(
    max_examples=examples(25),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(log=logs(most=10), data=st.data())
def test_a_batch_split_at_any_point_gives_the_same_tables(tmp_path: Path, log: Log, data: st.DataObject) -> None:
    whole = content(tmp_path / "book.db", log, {})
    cuts = {
        topic_partition: data.draw(st.lists(st.integers(part.first, part.end), max_size=3))
        for topic_partition, part in log.items()
        if part.end > part.first
    }
    assert content(tmp_path / "book.db", log, cuts) == whole


def test_every_split_of_one_life_gives_the_same_tables(tmp_path: Path) -> None:
    one = batch()
    records = [(each.offset, each.key, each.value) for each in one.records]
    log = {topic_partition: PartitionLog(0, 0, []) for topic_partition in TOPIC_PARTITIONS} | {
        (one.topic, one.partition): PartitionLog(0, one.end, records)
    }
    whole = content(tmp_path / "book.db", log, {})
    for cut in range(1, one.end):
        assert content(tmp_path / "book.db", log, {(one.topic, one.partition): [cut]}) == whole, cut
