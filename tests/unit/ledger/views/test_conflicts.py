"""Conflicts: the fields in which a repeated event differs from the first one, on histories worked out by hand."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.views import VIEWS
from ledger.views.log import UNKEPT
from schemas.events import EVENT_TYPES
from schemas.topics import TOPICS, partition_of
from streams.batch import Batch
from tests.events import (
    OTHER_SOURCE,
    Event,
    asset,
    cancelled,
    corrected,
    granted,
    modified,
    money,
    record,
    registered,
    voided,
)
from tests.posting import shown

FIELDS = ("offset", "field", "stands", "conflicting")
UUID = "0190C6F0-ABCD-7000-8000-000000000001"


def post(book: Book, *events: Event, start: int = 0) -> None:
    """Post events of one subject, in this order, one batch each."""
    topic, key = EVENT_TYPES[events[0]["type"]].topic, events[0]["subject"].encode()
    partition = partition_of(key, TOPICS[topic].partitions)
    for offset, event in enumerate(events, start):
        BookSink(book).post(Batch(topic, partition, offset, offset + 1, [record(offset, event)]))


def conflicts(book: Book) -> Any:
    return shown(book, "conflicts", *FIELDS)


def test_a_row_for_each_field_that_differs(book: Book) -> None:
    first = registered(UUID)
    second = registered(UUID.lower(), secured=money("7"), region=..., debt_to="2026-01-01", assets=[asset(id="CN2")])
    post(book, first, second)
    assert conflicts(book) == [
        (1, "region", "CN-SH", None),
        (1, "assets", '[{"id":"CN1","right":1,"industry":3}]', '[{"id":"CN2","right":1,"industry":3}]'),
        (1, "secured", "[156,100000]", "[156,700]"),
        (1, "debt_to", None, "20260101"),
    ]
    columns = ("topic", "partition", "subject", "type", "source", "id")
    row = ("ip.pledge.v1", partition_of(b"P1", 4), "P1", "ip.pledge.registered.v1", first["source"], UUID.lower())
    assert shown(book, "conflicts", *columns) == [row] * 4


@pytest.mark.parametrize(
    "other",
    [
        granted(inventors=[{"name": "李四"}]),
        granted() | {"time": "2024-01-01T00:00:00Z"},
        granted() | {"traceparent": "00-1"},
    ],
    ids=["name of an inventor", "time", "attribute"],
)
def test_a_conflict_in_fields_that_are_not_kept_is_one_row(book: Book, other: Event) -> None:
    post(book, granted(), other)
    assert conflicts(book) == [(1, UNKEPT, None, None)]


def test_the_first_event_stands_despite_events_between(book: Book) -> None:
    first = registered()
    post(book, first, corrected(first, secured=money("5")), voided(first), registered(secured=money("6")))
    assert conflicts(book) == [(3, "secured", "[156,100000]", "[156,600]")]
    post(book, first, registered(secured=money("5")), registered(secured=money("6")), start=4)
    assert conflicts(book) == [
        (3, "secured", "[156,100000]", "[156,600]"),
        (5, "secured", "[156,100000]", "[156,500]"),
        (6, "secured", "[156,100000]", "[156,600]"),
    ]


def test_a_conflict_of_another_type_names_the_type(book: Book) -> None:
    post(
        book,
        modified("e1", debt_to=...),
        cancelled("e1", occurred_on="2023-06-01", registration_no="Y9"),
    )
    assert conflicts(book) == [
        (1, "registration_no", "Y2023310000123", "Y9"),
        (1, "secured", "[156,150000]", None),
        (1, "type", "ip.pledge.modified.v1", "ip.pledge.cancelled.v1"),
    ]


def test_a_revision_is_compared_by_target_and_replacement(book: Book) -> None:
    first = registered()
    correction = corrected(first, secured=money("5"))
    other = corrected(first | {"id": "r2"}, secured=money("5"))
    post(book, first, correction, corrected(first, secured=money("6")), other)
    assert conflicts(book) == [(2, "secured", "[156,500]", "[156,600]"), (3, "target", "r1", "r2")]


@pytest.mark.parametrize("turned", [False, True])
def test_a_revision_conflicts_with_an_original_and_with_a_void(book: Book, turned: bool) -> None:
    first, way = modified("e1", debt_to=...), -1 if turned else 1
    post(book, *[first, corrected(first, "e1")][::way], *[voided(first, "v1"), corrected(first, "v1")][::way])
    found: dict[int, dict[str, tuple[Any, ...]]] = {1: {}, 3: {}}
    for offset, field, *sides in conflicts(book):
        found[offset][field] = tuple(sides[::way])
    stem = "ip.pledge.modified"
    assert found == {
        1: {"type": (f"{stem}.v1", f"{stem}.corrected.v1"), "target": (None, "e1")},
        3: {
            "type": (f"{stem}.voided.v1", f"{stem}.corrected.v1"),
            "occurred_on": (None, "20230601"),
            "registration_no": (None, "Y2023310000123"),
            "secured": (None, "[156,150000]"),
        },
    }


def test_the_same_id_of_another_source_is_no_conflict(book: Book) -> None:
    post(book, registered(), registered(secured=money("5")) | {"source": OTHER_SOURCE}, registered(region="US"))
    assert conflicts(book) == [(2, "region", "CN-SH", "US")]
    assert shown(book, "conflicts", "source") == [registered()["source"]]


def test_a_conflict_has_no_effect_and_is_in_no_other_view(book: Book) -> None:
    post(book, registered(), registered(secured=money("5")), modified("r1"), modified("m1"))
    for recorded in (False, True):
        assert shown(book, "statements", "offset", recorded=recorded) == [0, 3]
    assert shown(book, "totals", "amount", kind="pledges", industry="ALL") == ["1000.00"] * 2
    assert shown(book, "unmatched", "offset") == []
    assert shown(book, "rejections", "offset", "outcome") == [(1, "conflict"), (2, "conflict")]


def test_a_rejected_record_keeps_no_facts(book: Book) -> None:
    misrouted = record(1, registered("r2"), b"P2")
    topic, partition = "ip.pledge.v1", partition_of(b"P1", 4)
    BookSink(book).post(Batch(topic, partition, 0, 3, [record(0, registered()), misrouted, record(2, registered())]))
    kept = 'SELECT outcome, facts IS NOT NULL FROM record ORDER BY "offset"'
    assert book.connection.execute(kept).fetchall() == [(1, 1), (4, 0), (2, 0)]
    assert conflicts(book) == []


def test_only_conflicts_are_looked_up(book: Book) -> None:
    plan = "\n".join(row[3] for row in book.connection.execute(f"EXPLAIN QUERY PLAN {VIEWS['conflicts'].select}"))
    assert "SCAN x" in plan
    assert "SEARCH c USING PRIMARY KEY" in plan
    assert "SEARCH s USING INDEX record_by_subject" in plan
    assert "SCAN c" not in plan
    assert "SCAN s" not in plan


def test_python_of_the_system_reads_it_too(book: Book) -> None:
    post(book, registered(), registered(secured=money("5")), registered(region="US"))
    ours = book.connection.execute("SELECT * FROM conflicts").fetchall()
    with sqlite3.connect(f"file:{book.path}?mode=ro", uri=True) as connection:
        assert connection.execute("SELECT * FROM conflicts").fetchall() == ours
    assert len(ours) == 2
