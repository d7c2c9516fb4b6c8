"""Publishing strictly: what is held against the book, what is said of it, and at which position."""

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


def pledge(subject: str, *places: int, **data: object) -> Event:
    """A pledge of these of the assets that lacks nothing."""
    debt = {"debt_from": "2023-03-01", "debt_to": "2026-02-28"}
    return registered(f"r-{subject}", subject, assets=[ASSETS[place] for place in places], **debt | data)


@pytest.fixture
def check(book: Book) -> PledgeCheck:
    """Holds lines against a book in which the second asset is pledged, and the third is challenged."""
    post(
        book,
        pledge("P1", 1),
        event_on("patent.granted", "CN100000003B", "2019-01-01", **GRANT),
        event_on("patent.challenged", "CN100000003B", "2022-01-01"),
    )
    return PledgeCheck(book)


def passed(check: PledgeCheck, *events: Event | bytes | Refusal) -> list[bytes | Refusal | Objection]:
    lines = (said if isinstance(said, bytes | Refusal) else value_of(said) + b"\r\n" for said in events)
    return list(check.passed(lines))


def test_what_breaks_a_rule_is_objected_to_in_its_turn(check: PledgeCheck, book: Book) -> None:
    good, bad = pledge("P2", 0), pledge("P3", 0, 1)
    position = position_text(book.positions())
    assert passed(check, good, bad, good) == [
        value_of(good) + b"\r\n",
        Objection("R9", "data.assets.1", "pledged already: P1, registered on 2023-03-01", position),
        value_of(good) + b"\r\n",
    ]
    assert check.positions == {1: position, 3: position}
    assert check.position == position


def test_all_that_is_broken_is_named(check: PledgeCheck) -> None:
    (objection,) = passed(check, pledge("P2", 0, 2, 1, debt_to=...))
    assert isinstance(objection, Objection)
    assert (objection.rule, objection.path) == ("R7", "data")
    assert objection.message == "not said: debt_to; also R9 at data.assets.2, R11 at data.assets.1"


def test_an_asset_that_is_named_twice_is_named_by_its_first_place(check: PledgeCheck) -> None:
    (objection,) = passed(check, pledge("P2", 0, 1, 1))
    assert isinstance(objection, Objection)
    assert (objection.path, objection.message) == ("data.assets.1", "pledged already: P1, registered on 2023-03-01")


def test_what_is_waived_passes(check: PledgeCheck) -> None:
    waiver = pledge("P2", 2, waivers=["R11"])
    assert passed(check, waiver) == [value_of(waiver) + b"\r\n"]


def test_a_pledge_that_is_said_again_passes(check: PledgeCheck) -> None:
    """So what has no receipt can be published again."""
    assert passed(check, pledge("P1", 1)) == [value_of(pledge("P1", 1)) + b"\r\n"]


def test_a_correction_is_judged_as_what_it_puts_in_place(check: PledgeCheck) -> None:
    said = corrected(pledge("P2", 0), assets=[ASSETS[1]])
    (objection,) = passed(check, said)
    assert isinstance(objection, Objection)
    assert (objection.rule, objection.path) == ("R9", "data.data.assets.0")


def test_whatever_else_passes_unasked(check: PledgeCheck) -> None:
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


def test_lines_that_go_out_together_do_not_see_each_other(check: PledgeCheck) -> None:
    two = [pledge("P2", 0), pledge("P3", 0)]
    assert passed(check, *two) == [value_of(each) + b"\r\n" for each in two]


def test_each_batch_is_held_against_the_book_as_it_is_by_then(check: PledgeCheck, book: Book) -> None:
    said = value_of(pledge("P2", 0))

    def lines() -> Iterator[bytes]:
        yield from [said] * BATCH_LINES
        post(book, pledge("P9", 0))
        yield said

    answers = list(check.passed(lines()))
    assert answers[:BATCH_LINES] == [said] * BATCH_LINES
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
