"""Coverage of parties, on events whose rows are worked out by hand."""

from __future__ import annotations

from ledger.book.book import Book
from tests.events import asset, corrected, granted, registered
from tests.posting import event_on, post, shown

BANK = [{"name": "A bank"}]


def test_events_that_name_no_party_are_counted_and_not_named(book: Book) -> None:
    unnamed = registered("r2", "P2", occurred_on="2023-02-01", pledgors=[], pledgees=[])
    post(
        book,
        registered("r1", "P1", occurred_on="2023-01-02", pledgees=BANK),
        unnamed,
        registered("r3", "P3", occurred_on="2024-01-02", pledgees=[]),
        event_on("assignment.recorded", "A1", "2023-05-01", assignees=[], assets=[asset(id="CN1B")]),
        event_on("assignment.recorded", "A2", "2023-05-02", assets=[asset(id="CN2B")]),
        event_on("assignment.recorded", "A3", "2023-05-03", assets=[asset(id="CN3B")]),
        granted("g1", "US9000001B2", applicants=BANK, assignees=[], occurred_on="2023-05-02"),
    )
    rows = shown(book, "known_parties", "event", "role", "year", "events", "named", "coverage")
    assert [row for row in rows if row[0] != "assignments"] == [
        ("grants", "applicants", 2023, 1, 1, 1.0),
        ("grants", "assignees", 2023, 1, 0, 0.0),
        ("pledges", "pledgees", 2023, 2, 1, 0.5),
        ("pledges", "pledgees", 2024, 1, 0, 0.0),
        ("pledges", "pledgors", 2023, 2, 1, 0.5),
        ("pledges", "pledgors", 2024, 1, 1, 1.0),
    ]
    ((*_, events, named, coverage),) = [row for row in rows if row[0] == "assignments"]
    assert (events, named, round(coverage, 3)) == (3, 2, 0.667)
    post(book, corrected(unnamed, pledgors=BANK, pledgees=BANK))
    assert shown(book, "known_parties", "named", role="pledgees", year="2023") == [2]
    assert shown(book, "known_parties", "named", recorded=True, role="pledgees", year="2023") == [1]
