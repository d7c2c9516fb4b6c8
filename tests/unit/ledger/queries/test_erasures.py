"""Demands of events of erasure, by the fold, as the book has them."""

from __future__ import annotations

from ledger.book.book import Book
from ledger.book.sink import BookSink
from ledger.queries.erasures import erasures
from streams.batch import Batch, Record
from tests.events import Event, corrected, example_event, record, voided

TOPIC = "ip.pledge.v1"


def erasure(*offsets: int, law: str = "GDPR Art. 17", event_id: str = "e1", hashed: int = 0) -> Event:
    records = [
        {"topic": TOPIC, "partition": 1, "offset": offset, "value_hash": f"{hashed or offset:064x}"}
        for offset in offsets
    ]
    return example_event("reference.erased", event_id, "erasure/1", law=law, records=records)


def demanded(book: Book, *records: Record) -> dict[tuple[int, int], tuple[str, str]]:
    """Return law and event of each demand in these records of the reference topic, by offset and hash."""
    BookSink(book).post(Batch("ip.reference.v1", 0, 0, len(records), list(records)))
    found = erasures(book)
    assert {place[:2] for place in found} <= {(TOPIC, 1)}
    return {(offset, int.from_bytes(hashed)): (one.law, one.event) for (_, _, offset, hashed), one in found.items()}


def test_a_correction_replaces_what_was_demanded(book: Book) -> None:
    wrong = erasure(7, 8)
    right = corrected(wrong, **erasure(9, law="PIPL Art. 47")["data"])
    assert demanded(book, record(0, wrong), record(1, right)) == {(9, 9): ("PIPL Art. 47", "ip.reference.v1:0=0")}


def test_a_void_holds_before_its_target_and_a_later_correction_revives(book: Book) -> None:
    wrong, other = erasure(7), erasure(8, event_id="e2")
    right = corrected(other, **erasure(9)["data"])
    revisions = [voided(wrong), wrong, other, voided(other, "v2"), right]
    assert demanded(book, *(record(at, one) for at, one in enumerate(revisions))).keys() == {(9, 9)}


def test_a_refused_event_demands_nothing(book: Book) -> None:
    assert demanded(book, record(0, erasure(7), key=b"somebody else")) == {}


def test_of_several_events_the_first_one_counts(book: Book) -> None:
    later = erasure(7, law="another", event_id="e2"), erasure(7, event_id="e3", hashed=1)
    found = demanded(book, *(record(at, one) for at, one in enumerate((erasure(7), *later))))
    assert found == {
        (7, 7): ("GDPR Art. 17", "ip.reference.v1:0=0"),
        (7, 1): ("GDPR Art. 17", "ip.reference.v1:0=2"),
    }
