"""The parts of benchmarks: a flood breaks all rules, rows are combined, wrong totals are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.log import flood
from benchmarks.measure import Run, Spent, percentile, rate, work
from benchmarks.questions import figures, make_book, times
from benchmarks.rows import Written, together
from benchmarks.truth import Events, WrongTotals, require_true, totals, truth
from ledger.book.book import Book, create_book
from ledger.book.sink import BookSink
from ledger.book.writer import addition_sql
from ledger.posting.sums import BOTH_ALIKE, EACH, EVENTS_ALONE, Addition
from ledger.views import VIEWS
from schemas.codec import Refusal, judge
from schemas.rules import Rule
from schemas.topics import TOPICS, partition_of
from streams.batch import Batch, Record
from tests.events import LOG, TOPIC_PARTITIONS

pytestmark = pytest.mark.slow

EVENTS = Events(seed=3, start=0, end=60)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a book of the events."""
    path = tmp_path / "book.db"
    create_book(path, LOG, dict.fromkeys(TOPIC_PARTITIONS, 0))
    with Book(path, writable=True) as book:
        sink = BookSink(book)
        for topic, key, value in flood(EVENTS, 0):
            partition = partition_of(key, TOPICS[topic].partitions)
            offset = sink.next_offset(topic, partition)
            sink.post(Batch(topic, partition, offset, offset + 1, [Record(offset, 0, key, value)]))
    return path


def test_a_flood_breaks_every_rule_that_a_value_can_break() -> None:
    messages = list(flood(EVENTS, 7))
    refused = [judged.rule for _, _, value in messages[:8] if isinstance(judged := judge(value), Refusal)]
    by_value = set(Rule) - {Rule.UNREADABLE, Rule.TOO_LARGE, Rule.MISROUTED}
    assert set(refused) == by_value
    assert b'"subject":"X' in messages[6].value
    assert messages[7::8] == list(flood(EVENTS, 0))


def test_a_correct_book_passes(path: Path) -> None:
    true = truth(EVENTS)
    require_true("the sink", path, true)
    assert totals(path) == true != {}


def test_one_minor_unit_too_many_is_found(path: Path) -> None:
    true = truth(EVENTS)
    with Book(path, writable=True) as book:
        book.connection.execute("UPDATE total SET corrected_low = corrected_low + 1 WHERE kind = 2")
    with pytest.raises(WrongTotals, match=r"^\d+ totals of the sink are wrong: .*pledges"):
        require_true("the sink", path, true)


def test_a_missing_total_is_found(path: Path) -> None:
    true = truth(EVENTS)
    with Book(path, writable=True) as book:
        book.connection.execute("DELETE FROM total WHERE kind = 1 AND industry = 0")
    with pytest.raises(WrongTotals):
        require_true("the sink", path, true)


def test_rows_of_several_records_are_combined_and_sums_are_added() -> None:
    alike, count, each = (addition_sql(Addition("total", measures)) for measures in (BOTH_ALIKE, EVENTS_ALONE, EACH))
    cell, more = (2, 2023, "", 1, 0, 156), (2, 2024, "", 1, 0, 156)
    low = 10**12 - 1
    one: Written = [
        ("INSERT", [(1,)]),
        (alike, [(*cell, 1, 1, -1, low)]),
        (count, [(*cell, 2)]),
        (each, [(*cell, 1, 1, 0, low, 0, 0, -1, low)]),
    ]
    other: Written = [
        ("INSERT", [(2,)]),
        (alike, [(*cell, 1, 1, 0, 2)]),
        (count, [(*cell, -1), (*more, 1)]),
        (each, [(*cell, 1, 1, 0, 2, 1, 1, 0, 1)]),
    ]
    assert together([one, other]) == [
        ("INSERT", [(1,), (2,)]),
        (alike, [(*cell, 2, 2, 0, 1)]),
        (count, [(*cell, 1), (*more, 1)]),
        (each, [(*cell, 2, 2, 1, 1, 1, 1, 0, 0)]),
    ]


def test_the_last_row_of_a_key_wins() -> None:
    put, take = "INSERT OR REPLACE INTO pledge VALUES (?)", "DELETE FROM pledge WHERE 1"
    first, second, other = (1, 7, 3, "P1"), (1, 7, 3, "P2"), (1, 8, 3, "P3")
    assert together([[(put, [first, other])], [(put, [second])]]) == [(put, [second, other])]
    assert together([[(put, [first])], [(take, [first[:3]])]]) == [(take, [first[:3]])]
    assert together([[(take, [first[:3]])], [(put, [first])]]) == [(put, [first])]


def test_percentiles_are_measured_values() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert [percentile(values, percent) for percent in (1, 50, 99, 100)] == [1, 50, 99, 100]
    assert percentile([7.0], 99) == 7


def test_the_median_run_counts() -> None:
    runs = [Run(Spent(9.0, 1.0), 0), Run(Spent(2.0, 0.5), 0), Run(Spent(1.0, 1.5), 0)]
    assert rate(100, runs) == 50
    assert work(100, runs) == 10_000


def test_the_readers_queries_are_run_and_summed_up(tmp_path: Path) -> None:
    small, large = tmp_path / "small.db", tmp_path / "large.db"
    make_book(small, 600)
    make_book(large, 1200)
    found = figures(times(small, 1), times(large, 1))
    assert {f"question_view_{name}_ms" for name in VIEWS} <= found.keys()
    assert {"question_overview_what_falls_due_growth", "question_filtered_patents_patent_ms"} <= found.keys()
    assert {"question_filtered_plausibility_subject_ms", "question_view_reconcile_ms"} <= found.keys()
    assert found["question_ended"] == 0
    ended = times(small, 1, most_seconds=0)
    assert ended["view", "lineage"].ended
    assert "lineage" in str(figures(ended, ended)["question_views_too_slow_names"])
