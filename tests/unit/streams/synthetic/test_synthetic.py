"""Synthetic events: fixed by their arguments, valid, and of every type on request."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from hashlib import sha256
from itertools import islice

import pytest

from schemas.codec import Judged, judge
from schemas.events import EVENT_TYPES, Role
from schemas.industry import SHIPPED
from streams.synthetic.market import generate_all
from streams.synthetic.pledges import generate_pledges
from streams.synthetic.showcase import generate_showcase

pytestmark = pytest.mark.slow


def test_the_events_of_a_seed_never_change() -> None:
    """Others keep figures of these events."""
    digest = sha256(b"\n".join(generate_pledges(1000, 1))).hexdigest()
    assert digest == "41f845c8ef8fb56ef9c04dc1c478109094142ee3d5c592a05f1806f6aadca24f"


@pytest.mark.parametrize("source", [generate_pledges, generate_all, generate_showcase])
def test_events_are_valid_reproducible_and_have_unique_ids(source: Callable[[int, int], Iterator[bytes]]) -> None:
    values = list(source(3000, 5))
    assert len(values) == 3000
    assert len({json.loads(value)["id"] for value in values}) == 3000
    assert all(isinstance(judge(value), Judged) for value in values)
    assert list(source(3000, 5)) == values
    assert list(islice(source(10**9, 5), 100)) == values[:100]
    assert list(source(100, 6)) != values[:100]


def test_all_has_every_type_and_revisions_of_its_events() -> None:
    types = [EVENT_TYPES[json.loads(value)["type"]] for value in generate_all(5000, 2)]
    originals = Counter(t.name for t in types if t.role == Role.ORIGINAL)
    of_records = {"ip.reference.erased.v1"}  # it names records by their places, which are known after publishing
    assert set(originals) == {t.name for t in EVENT_TYPES.values() if t.role == Role.ORIGINAL} - of_records
    assert min(originals.values()) >= 5
    assert {t.role for t in types if t.topic == "ip.loan.v1"} == set(Role)


def test_a_showcase_looks_like_a_market() -> None:
    data = [json.loads(value)["data"] for value in generate_showcase(5000, 1)]
    facts = [one.get("data", one) for one in data]
    days = [date.fromisoformat(one["occurred_on"]) for one in facts if "occurred_on" in one]
    assert max(day.weekday() for day in days) == 4
    years = Counter(day.year for day in days)
    assert years[2014] < years[2018] < years[2022] < years[2024]
    assets = [asset for one in facts for asset in one.get("assets", [])]
    industries = Counter(SHIPPED.industry_of(asset["ipc"][0]) if asset["ipc"] else "UNK" for asset in assets)
    assert "UNK" not in dict(industries.most_common(10))
    assert len(industries) == 14
    amounts = [one["secured"]["amount"] for one in facts if "secured" in one]
    assert all(Decimal(amount) % 500_000 == 0 for amount in amounts)


def test_pledged_patents_are_granted_to_their_pledgors() -> None:
    events = [json.loads(value) for value in generate_all(4000, 3)]
    owners = {e["subject"]: e["data"]["applicants"] for e in events if e["type"] == "ip.patent.granted.v1"}
    financed = [e["data"] for e in events if e["type"] == "ip.pledge.registered.v1" and "deal_id" in e["data"]]
    assert len(financed) > 100
    owned = [
        owners[asset["id"]] == data["pledgors"]
        for data in financed
        for asset in data["assets"]
        if asset["id"] in owners
    ]
    assert len(owned) > 100
    assert all(owned)
