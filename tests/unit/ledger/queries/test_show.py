"""`show` of a record or an entity: outcome, effect, revisions, and the reason of a missing effect."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.nearest import UnknownName
from ledger.queries.entity import EntityTooLarge, entity
from ledger.queries.show import NothingFound, NotPosted, Shown, show
from streams.batch import Batch, Record
from tests.events import PLEDGE, cancelled, corrected, money, partition, record, registered, voided

HOME = partition("P1")
FIRST = registered("r1", "P1", secured=money("100.00"), occurred_on="2023-05-04", region="CN-SH")
OTHER_SOURCE = registered("r1", "P1", secured=money("5.00")) | {"source": "urn:other"}
RECORDS: list[Any] = [
    FIRST,  # 0
    FIRST,  # 1: a duplicate
    registered("r1", "P1", secured=money("101.00"), occurred_on="2023-05-04", region="CN-SH"),  # 2: a conflict
    corrected(FIRST, "k1", secured=money("70.00")),  # 3
    OTHER_SOURCE,  # 4: the same id of another source
    b"{",  # 5: rejected
]


@pytest.fixture
def filled(book: Book) -> Book:
    records = [
        record(offset, content) if isinstance(content, dict) else Record(offset, 1, b"P1", content)
        for offset, content in enumerate(RECORDS)
    ]
    BookSink(book).post(Batch(PLEDGE, HOME, 0, len(records), records))
    return book


def only(found: Shown) -> dict[str, Any]:
    (shown,) = found.records
    return shown


def at(book: Book, offset: int) -> dict[str, Any]:
    return only(show(book, f"{PLEDGE}:{HOME}={offset}"))


def sums(shown: dict[str, Any], industry: str = "ALL") -> list[tuple[Any, ...]]:
    rows = [row for row in shown["effect"] if row["industry"] == industry]
    return [(row["basis"], row["kind"], row["events"], row["amount"]) for row in rows]


def test_an_accepted_record_is_shown_with_its_effect_and_revisions(filled: Book) -> None:
    shown = at(filled, 0)
    assert (shown["outcome"], shown["state"], shown["refused"], shown["stands"]) == (
        "accepted",
        "corrected",
        None,
        None,
    )
    assert (shown["id"], shown["subject"], shown["type"]) == ("r1", "P1", "ip.pledge.registered.v1")
    assert sums(shown) == [("recorded", "pledges", 1, "100.00"), ("corrected", "pledges", 1, "100.00")]
    assert shown["revisions"] == [{"place": f"{PLEDGE}:{HOME}=3", "type": "ip.pledge.registered.corrected.v1"}]
    assert shown["waits"] == {"recorded": None, "corrected": None}


def test_a_correction_changes_the_corrected_basis_by_the_difference(filled: Book) -> None:
    shown = at(filled, 3)
    assert (shown["target"], shown["state"], shown["revisions"]) == ("r1", "published", [])
    assert sorted(sums(shown)) == [("corrected", "pledges", 0, "-30.00")]


def test_a_duplicate_and_a_conflict_name_the_accepted_record(filled: Book) -> None:
    duplicate, conflict = at(filled, 1), at(filled, 2)
    assert (duplicate["outcome"], duplicate["stands"], duplicate["effect"]) == ("duplicate", f"{PLEDGE}:{HOME}=0", [])
    assert (conflict["outcome"], conflict["stands"]) == ("conflict", f"{PLEDGE}:{HOME}=0")
    assert [row["field"] for row in conflict["differs"]] == ["secured"]
    assert conflict["refused"]["rule"] == "conflict"


def test_a_rejected_record_is_shown_with_its_rule_and_message(filled: Book) -> None:
    shown = at(filled, 5)
    assert (shown["outcome"], shown["refused"]["rule"], shown["subject"]) == ("rejected", "not_json", None)
    assert "JSON" in shown["refused"]["message"]
    assert (shown["state"], shown["effect"], shown["revisions"]) == (None, [], [])


def test_an_id_finds_every_record_with_it(filled: Book) -> None:
    found = show(filled, "r1")
    assert [(row["offset"], row["source"] == "urn:other") for row in found.records] == [
        (0, False),
        (1, False),
        (2, False),
        (4, True),
    ]
    assert only(show(filled, "k1"))["offset"] == 3


def test_an_event_without_effect_is_shown_with_the_reason(book: Book) -> None:
    waiting = cancelled("c9", subject="P9")
    BookSink(book).post(Batch(PLEDGE, partition("P9"), 0, 1, [record(0, waiting)]))
    shown = only(show(book, "c9"))
    assert shown["waits"] == {"recorded": "registration_missing", "corrected": "registration_missing"}
    assert shown["effect"] == []


def test_a_voided_event_has_the_state_voided(book: Book) -> None:
    records = [record(0, FIRST), record(1, voided(FIRST))]
    BookSink(book).post(Batch(PLEDGE, HOME, 0, 2, records))
    assert at(book, 0)["state"] == "voided"


def test_an_entity_is_shown_with_its_tables_and_events(filled: Book) -> None:
    found = show(filled, "P1")
    assert found.entity is not None
    assert found.records == []
    assert [row["offset"] for row in found.entity.events.shown_as_dicts()] == [0, 3, 4]
    document = json.loads(json.dumps(found.as_json()))
    assert list(document) == ["asked", "records", "entity", "position", "age_seconds"]
    assert document["entity"]["tables"]["pledge_state"][0]["amount"] == "70.00"


@pytest.mark.parametrize("name", ["nobody", f"{PLEDGE}:{HOME}=", ""])
def test_an_unknown_name_raises_nothing_found(filled: Book, name: str) -> None:
    with pytest.raises(NothingFound, match="Write an event's id, an entity's subject"):
        show(filled, name)


def test_a_place_without_a_record_is_explained(filled: Book) -> None:
    for place, reason in {
        f"{PLEDGE}:{HOME}=6": "the partition is posted up to offset 5",
        f"{PLEDGE}:{(HOME + 1) % 4}=0": "nothing of the partition is posted",
        f"{PLEDGE}:9=0": "ip.pledge.v1 has 4 partitions, numbered from 0",
    }.items():
        with pytest.raises(NotPosted, match=reason):
            show(filled, place)
    with pytest.raises(UnknownName, match=r"Did you mean ip\.pledge\.v1\?"):
        show(filled, "ip.pledges.v1:0=3")


def test_an_entity_of_very_many_facts_is_no_answer(filled: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(entity.__globals__, "MOST_FACTS", 100)
    with pytest.raises(EntityTooLarge, match="more than 100"):
        show(filled, "P1")
    assert show(filled, f"ip.pledge.v1:{HOME}=0").records
