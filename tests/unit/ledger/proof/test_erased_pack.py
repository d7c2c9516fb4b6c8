"""Packs with records that are erased by law: accepted with the event that demands it, refused without it."""

from __future__ import annotations

import copy
import json
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger.proof import check_proof
from ledger.proof.errors import BytesGone, ErasureNotSigned
from schemas.modes import record_hash
from schemas.topics import TopicPartition
from streams.batch import Record
from tests.events import Event, example_event
from tests.unit.ledger.proof.conftest import Ledger, largest
from tests.unit.ledger.proof.damages import Document
from tests.unit.ledger.proof.test_pack import by_the_page, on_the_page

pytestmark = pytest.mark.slow

LAW = 'GDPR Art. 17 "(1)"'
Damage = Callable[[Document], object]


class Erased:
    """A ledger whose largest figure of pledges has a record without bytes."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.key = ledger, largest(ledger)
        one = ledger.prove(self.key).document["events"][0]
        self.topic_partition = one["topic"], one["partition"]
        self.gone = ledger.log[self.topic_partition][one["offset"]]

    def demand(self, **changes: Any) -> Event:
        """Return an event that demands that the record is erased."""
        hashed = record_hash(self.gone.value, self.gone.headers).hex()
        named = {
            "topic": self.topic_partition[0],
            "partition": self.topic_partition[1],
            "offset": self.gone.offset,
            "value_hash": hashed,
        }
        return example_event("reference.erased", "e", "erasure/court/1", law=LAW, records=[named | changes])

    def left(self, topic_partition: TopicPartition, offsets: Sequence[int]) -> list[Record]:
        """Return the records that the log still has."""
        return [found for found in self.ledger.records(topic_partition, offsets) if found != self.gone]

    def pack(self) -> Document:
        """Return the pack of the figure."""
        found: Document = json.loads(self.ledger.prove(self.key, self.left).content)
        return found

    def check(self, pack: Document) -> list[str]:
        """Check a pack."""
        return check_proof.check_pack(pack, self.ledger.public.text, None, None)


@pytest.fixture
def erased(signed: Ledger) -> Erased:
    """Return a ledger with an erased record."""
    return Erased(signed)


def _first(pack: Document) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in pack["events"] if "erased" in one)
    return found


def _hide(pack: Document) -> None:
    """Claim that another record is erased, by the same event."""
    other = next(one for one in pack["events"] if "erased" not in one)
    hashed = check_proof.value_hash(check_proof.bytes_of(other["value"]), other.get("attributes")).hex()
    other["erased"] = _first(pack)["erased"] | {"value_hash": hashed}
    other["value"] = None
    other.pop("attributes", None)


def _other_demand(pack: Document) -> None:
    value = pack["erasures"][0]["value"]
    value["text"] = value["text"].replace("GDPR", "BDSG")
    _first(pack)["erased"]["law"] = LAW.replace("GDPR", "BDSG")


DAMAGES: list[Damage] = [
    lambda it: it.pop("erasures"),
    lambda it: it["erasures"].clear(),
    _hide,
    _other_demand,
    lambda it: _first(it)["erased"].update(law="another"),
    lambda it: _first(it)["erased"].update(event="ip.reference.v1:0=9"),
    lambda it: _first(it)["erased"].update(value_hash="00" * 32),
    lambda it: _first(it)["erased"].update(value_hash="00"),
    lambda it: _first(it).update(value={"text": "{}"}),
    lambda it: _first(it).pop("erased"),
    lambda it: it["erasures"].append(it["events"][1]),
    lambda it: it["erasures"].__setitem__(0, it["events"][1]),
    lambda it: it["erasures"][0].update(offset=1),
]


def test_an_erased_record_is_named_with_the_law_and_what_remains_proven(erased: Erased, tmp_path: Path) -> None:
    erased.ledger.publish(erased.demand())
    with pytest.raises(ErasureNotSigned, match=r"ip.reference.v1:0="):
        erased.pack()
    erased.ledger.sign()
    pack = erased.pack()
    assert [one["offset"] for one in pack["events"] if one["value"] is None] == [erased.gone.offset]
    lines = erased.check(pack)
    place = f"{erased.topic_partition[0]}:{erased.topic_partition[1]}={erased.gone.offset}"
    assert f"   erased: {place}, by {json.dumps(LAW)}; demanded by {_first(pack)['erased']['event']}" in lines
    assert any("place, time, key, hash and postings are proven" in line for line in lines)
    assert lines[-1] == f"RIGHT. Erased by law: 1 of {len(pack['events'])} records."
    damaged = [copy.deepcopy(pack) for _ in DAMAGES]
    for document, damage in zip(damaged, DAMAGES, strict=True):
        damage(document)
        with pytest.raises((check_proof.PackInvalid, ValueError, LookupError, struct.error)):
            erased.check(document)
    judged = on_the_page([pack, *damaged], erased.ledger.public.text, tmp_path)
    assert [verdict for verdict, _ in judged] in ([], ["RIGHT", *["WRONG"] * len(DAMAGES)])
    assert not judged or judged[0][1] == lines
    with pytest.raises(BytesGone):
        erased.ledger.prove(erased.key, lambda *_: [])


def test_a_corrected_erasure_is_proven_by_its_correction(erased: Erased, tmp_path: Path) -> None:
    first = erased.demand() | {"id": "0190c6f0-0000-7000-8000-000000000001"}
    first["data"]["law"] = "a wrong law"
    correction = first | {"id": "right", "type": "ip.reference.erased.corrected.v1"}
    correction["data"] = {"target": first["id"], "reason": "the right law", "data": erased.demand()["data"]}
    for event in (first, correction):
        erased.ledger.publish(event)
    erased.ledger.sign()
    pack = erased.pack()
    assert _first(pack)["erased"]["law"] == LAW
    assert len(pack["erasures"]) == 1
    assert erased.check(pack)[-1].startswith("RIGHT. Erased by law: 1 of")
    judged = on_the_page([pack], erased.ledger.public.text, tmp_path)
    assert not judged or judged[0][0] == "RIGHT"
    void = first | {"id": "void", "type": "ip.reference.erased.voided.v1"}
    void["data"] = {"target": first["id"], "reason": "a mistake"}
    erased.ledger.publish(void)
    erased.ledger.sign()
    with pytest.raises(BytesGone):
        erased.pack()


def test_an_event_in_binary_mode_demands_the_same(erased: Erased, tmp_path: Path) -> None:
    event = erased.demand()
    plain = {"value": {"text": json.dumps(event)}}
    binary = {"value": {"text": json.dumps(event["data"])}}
    binary["attributes"] = [[{"text": f"ce_{name}"}, {"text": event[name]}] for name in ("id", "type")]  # type: ignore[assignment]
    assert check_proof.erased_by(plain) == check_proof.erased_by(binary) != set()
    sets = by_the_page("record => [...erasedBy(record)]", [plain, binary], tmp_path)
    assert not sets or (sets[0] == sets[1] and len(sets[0]) == 1)
    other = {"value": {"text": json.dumps(event | {"type": "ip.reference.policy.v1"})}}
    with pytest.raises(check_proof.PackInvalid):
        check_proof.erased_by(other)


def test_bytes_that_no_event_names_are_gone(erased: Erased) -> None:
    erased.ledger.publish(erased.demand(value_hash="0" * 64))
    erased.ledger.sign()
    with pytest.raises(BytesGone):
        erased.pack()
