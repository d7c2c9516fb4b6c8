"""What events of erasure demand: as last corrected, unless they are voided, as in the book."""

from __future__ import annotations

from ledger.archive.erasing import Demand, demands
from streams.batch import Record
from tests.events import Event, corrected, example_event, value_of, voided

TOPIC = "ip.pledge.v1"


def erasure(*offsets: int, law: str = "GDPR Art. 17") -> Event:
    records = [{"topic": TOPIC, "partition": 1, "offset": offset, "value_hash": f"{offset:064x}"} for offset in offsets]
    return example_event("reference.erased", "e1", "erasure/1", law=law, records=records)


def demanded(*events: Event) -> dict[int, Demand]:
    """Return what events at the offsets 0, 1, ... of the reference topic demand, by the offset of the record."""
    records = ((("ip.reference.v1", 0, at), Record(at, 0, b"", value_of(event))) for at, event in enumerate(events))
    found = demands(records)
    assert {place[:2] for place in found} <= {(TOPIC, 1)}
    return {offset: demand for (_, _, offset), demand in found.items()}


def test_a_correction_takes_the_place_of_what_was_demanded() -> None:
    wrong = erasure(7, 8)
    right = corrected(wrong, **erasure(9, law="PIPL Art. 47")["data"])
    as_corrected = {9: Demand("ip.reference.v1:0=0", "PIPL Art. 47", (9).to_bytes(32))}
    assert demanded(wrong, right) == as_corrected
    assert demanded(wrong).keys() == {7, 8}


def test_a_revision_may_stand_before_its_target_and_a_void_is_final() -> None:
    wrong = erasure(7)
    right = corrected(wrong, **erasure(9)["data"])
    assert demanded(right, wrong).keys() == {9}
    assert demanded(voided(wrong), wrong, right) == demanded(wrong, right, voided(wrong)) == {}
