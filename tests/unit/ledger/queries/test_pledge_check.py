"""Strict publishing: events that are checked against the book, the objections, and their position."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.book.book import Book
from ledger.book.position import position_text
from ledger.queries.pledge_check import BATCH_BYTES, BATCH_LINES, Objection, PledgeCheck
from schemas.codec import Refusal
from schemas.rules import Rule
from tests.events import Event, corrected, registered, value_of, voided
from tests.posting import event_on, post

ASSETS = [{"id": name, "right": "invention"} for name in ("CN100000001B", "CN100000002B", "CN100000003B")]

GRANT = {"office": "CN", "number": "100000003", "kind": "B", "right": "invention", "applicants": []}


def pledge(subject: str, *numbers: int, **data: object) -> Event:
    """Return a complete pledge of the assets with these indexes."""
    debt = {"debt_from": "2023-03-01", "debt_to": "2026-02-28"}
    return registered(f"r-{subject}", subject, assets=[ASSETS[number] for number in numbers], **debt | data)


@pytest.fixture
def check(book: Book) -> PledgeCheck:
    """Return a check against a book in which the second asset is pledged, and the third is challenged."""
    post(
        book,
        pledge("P1", 1),
        event_on("patent.granted", "CN100000003B", "2019-01-01", **GRANT),
        event_on("patent.challenged", "CN100000003B", "2022-01-01"),
    )
    return PledgeCheck(book)


def passed(check: PledgeCheck, *events: Event | bytes | Refusal) -> list[bytes | Refusal | Objection]:
    lines = (event if isinstance(event, bytes | Refusal) else value_of(event) + b"\r\n" for event in events)
    return list(check.passed(lines))


def test_an_event_that_breaks_a_rule_gets_an_objection_in_its_order(check: PledgeCheck, book: Book) -> None:
    good, bad = pledge("P2", 0), pledge("P3", 0, 1)
    position = position_text(book.positions())
    assert passed(check, good, bad, good) == [
        value_of(good) + b"\r\n",
        Objection("R9", "data.assets.1", "pledged already: P1, registered on 2023-03-01", position),
        value_of(good) + b"\r\n",
    ]
    assert check.positions == {1: position, 3: position}
    assert check.position == position


def test_all_broken_rules_are_named(check: PledgeCheck) -> None:
    (objection,) = passed(check, pledge("P2", 0, 2, 1, debt_to=...))
    assert isinstance(objection, Objection)
    assert (objection.rule, objection.path) == ("R7", "data")
    assert objection.message == "missing: debt_to; also R9 at data.assets.2, R11 at data.assets.1"


def test_an_asset_that_is_named_twice_is_named_by_its_first_ordinal(check: PledgeCheck) -> None:
    (objection,) = passed(check, pledge("P2", 0, 1, 1))
    assert isinstance(objection, Objection)
    assert (objection.path, objection.message) == ("data.assets.1", "pledged already: P1, registered on 2023-03-01")


def test_a_waived_rule_passes(check: PledgeCheck) -> None:
    waiver = pledge("P2", 2, waivers=["R11"])
    assert passed(check, waiver) == [value_of(waiver) + b"\r\n"]


def test_a_repeated_pledge_passes(check: PledgeCheck) -> None:
    """An event without a receipt can thus be published again."""
    assert passed(check, pledge("P1", 1)) == [value_of(pledge("P1", 1)) + b"\r\n"]


def test_a_correction_is_judged_by_its_replacement(check: PledgeCheck) -> None:
    correction = corrected(pledge("P2", 0), assets=[ASSETS[1]])
    (objection,) = passed(check, correction)
    assert isinstance(objection, Objection)
    assert (objection.rule, objection.path) == ("R9", "data.data.assets.0")


def changed(subject: str, *numbers: int, **data: object) -> Event:
    """Return a change that adds the assets with these indexes."""
    added = {"added": [ASSETS[number] for number in numbers]} if numbers else {}
    return event_on(
        "pledge.modified", subject, "2024-01-01", **{"secured": ..., "released": ..., "added": ...} | added | data
    )


def test_an_asset_that_joins_a_pledge_is_checked(check: PledgeCheck, book: Book) -> None:
    post(book, pledge("P2", 0, waivers=["R11"], pledgors=[{"name": "A"}]))
    good = value_of(changed("P2", 2)) + b"\r\n"
    (passes, bad, unknown, correction, other) = passed(
        check,
        changed("P2", 2),
        changed("P2", 0, 1),
        changed("P9", 2),
        corrected(changed("P2", 2), added=[ASSETS[1]]),
        changed("P2", debt_to="2030-01-01"),
    )
    assert passes == good
    assert isinstance(bad, Objection)
    assert (bad.rule, bad.path) == ("R9", "data.added.1")
    assert bad.message == "pledged already: P1, registered on 2023-03-01"
    assert isinstance(unknown, Objection)
    assert (unknown.rule, unknown.path) == ("R11", "data.added.0")
    assert isinstance(correction, Objection)
    assert (correction.rule, correction.path) == ("R9", "data.data.added.0")
    assert other == value_of(changed("P2", debt_to="2030-01-01")) + b"\r\n"


def test_a_joining_asset_is_compared_with_the_pledgors_and_the_debt_of_its_pledge(
    check: PledgeCheck, book: Book
) -> None:
    owner = {"applicants": [{"name": "B"}], "filed_on": "2006-01-01"}
    post(
        book,
        event_on("patent.granted", "CN100000001B", "2019-01-01", **GRANT | owner | {"number": "100000001"}),
        pledge("P2", 2, pledgors=[{"name": "A"}]),
        pledge("P3", 2, pledgors=[{"name": "B"}]),
    )
    answers = passed(check, changed("P2", 0), changed("P3", 0), changed("P3", 0, debt_to="2025-12-31"))
    assert [each.rule if isinstance(each, Objection) else None for each in answers] == ["R1", "R6", None]


def test_other_events_pass_unchecked(check: PledgeCheck) -> None:
    lines: list[bytes | Refusal] = [
        b"{",
        Refusal(Rule.TOO_LARGE, "", "line_end", {"bytes": 2**31}),
        b"",
        b" \n",
        value_of(voided(pledge("P1", 1))),
    ]
    lines += [value_of(event_on("pledge.cancelled", "P1", "2024-01-01"))]
    assert passed(check, *lines) == lines
    assert (check.positions, check.position) == ({}, None)


def test_lines_of_one_batch_do_not_see_each_other(check: PledgeCheck) -> None:
    two = [pledge("P2", 0), pledge("P3", 0)]
    assert passed(check, *two) == [value_of(each) + b"\r\n" for each in two]


def test_each_batch_is_checked_against_the_current_book(check: PledgeCheck, book: Book) -> None:
    line = value_of(pledge("P2", 0))

    def lines() -> Iterator[bytes]:
        yield from [line] * BATCH_LINES
        post(book, pledge("P9", 0))
        yield line

    answers = list(check.passed(lines()))
    assert answers[:BATCH_LINES] == [line] * BATCH_LINES
    last = answers[BATCH_LINES]
    assert isinstance(last, Objection)
    assert last.rule == "R9"
    assert last.position == check.position != check.positions[BATCH_LINES]
    assert list(check.positions) == [*range(1, BATCH_LINES + 1)]


def test_a_batch_of_large_lines_is_a_short_one(check: PledgeCheck) -> None:
    read = 0

    def lines() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield b" " * (BATCH_BYTES // 4)

    answers = check.passed(lines())
    for batch in (1, 2):
        for _ in range(4):
            next(answers)
        assert read == batch * 4
