"""The warning about a correction of an unknown event."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger import targets
from ledger.book.book import Book
from ledger.targets import Targets
from schemas.codec import Judged, judge
from tests.events import Event, corrected, granted, partition, registered, value_of, voided
from tests.posting import post

GRANT = granted("0190C6F0-ABCD-7000-8000-000000000001")


def warned(looks: Targets, event: Event) -> str | None:
    judged = judge(value_of(event))
    assert isinstance(judged, Judged)
    return looks.warning(judged)


@pytest.fixture
def looks(book: Book) -> Targets:
    """Return targets of a book with GRANT and a correction of another event."""
    post(book, GRANT, corrected(granted("g2")))
    return Targets(lambda: book)


def test_a_target_in_the_book_is_known(looks: Targets) -> None:
    assert warned(looks, corrected(GRANT)) is None
    assert warned(looks, voided(GRANT | {"id": GRANT["id"].lower()})) is None


@pytest.mark.parametrize(
    "event",
    [
        corrected(granted("g2")),
        corrected(granted("k1")),
        corrected(GRANT | {"source": "urn:other"}),
        corrected(GRANT | {"subject": "US10000001B2"}),
        voided(registered(GRANT["id"], GRANT["subject"])),
    ],
    ids=["unknown", "a-correction", "source", "subject", "type"],
)
def test_any_other_target_is_missing_at_a_position(looks: Targets, event: Event, book: Book) -> None:
    topic = f"ip.{event['type'].split('.')[1]}.v1"
    number = partition(event["subject"])
    following = next(each.next for each in book.positions() if (each.topic, each.partition) == (topic, number))
    assert warned(looks, event) == (
        f"its target {event['data']['target']} is not in the book at {topic}:{number}={following}, nor among the "
        "lines before: it has no effect until its target arrives"
    )


def test_a_target_published_earlier_is_known(looks: Targets) -> None:
    original = granted("new")
    assert warned(looks, corrected(original)) is not None
    assert warned(looks, original) is None
    assert warned(looks, corrected(original)) is None


def test_old_targets_are_forgotten(looks: Targets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "REMEMBERED", 10)
    for number in range(21):
        warned(looks, granted(f"n{number}"))
    assert warned(looks, voided(granted("n0"))) is not None
    assert warned(looks, voided(granted("n10"))) is None


def test_the_book_is_opened_on_demand_and_may_be_missing() -> None:
    opened: list[int] = []
    open_book: Callable[[], Book | None] = lambda: opened.append(1)  # noqa: E731
    looks = Targets(open_book)
    assert warned(looks, granted("g1")) is None
    assert warned(looks, voided(granted("g1"))) is None
    assert opened == []
    assert warned(looks, voided(granted("g2"))) is None
    assert warned(looks, voided(granted("g3"))) is None
    assert opened == [1]
