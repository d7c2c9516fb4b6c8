"""Stays: a pool on a day is that of the changes dated up to it, in log order, and costs no more than it must."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.posting.life import Step
from ledger.posting.pledge import PledgeLife
from ledger.posting.pool import AssetPool
from ledger.posting.rows import END
from ledger.posting.stays import Stays
from schemas.events import MODIFIED
from tests.acceptance.fault import Fault
from tests.effort import examples
from tests.unit.ledger.posting.test_pledge import registration

FIRST = 20230301
NAMES = st.sampled_from("ABCD")
DAYS = st.integers(FIRST, FIRST + 4)
ASSETS = st.builds(
    lambda name, right, industry: {"id": name, "right": right, "industry": industry},
    NAMES,
    st.sampled_from([1, 3]),
    st.sampled_from([3, 5]),
)


class Change(NamedTuple):
    """A change of a pool."""

    day: int
    released: list[str]
    added: list[dict[str, Any]]


CHANGES = st.lists(st.builds(Change, DAYS, st.lists(NAMES, max_size=3), st.lists(ASSETS, max_size=2)), max_size=9)


def on_day(day: int, opening: AssetPool, changes: Sequence[Change]) -> AssetPool:
    """Return the pool on a day, by definition."""
    for change in changes:
        if change.day <= day:
            opening = opening.changed(change.released, change.added)
    return opening


@settings(max_examples=examples(200))
@given(st.lists(ASSETS, min_size=1, max_size=3), CHANGES)
def test_a_pool_on_a_day_is_that_of_the_changes_up_to_it(opening: list[dict[str, Any]], changes: list[Change]) -> None:
    pool = AssetPool("", opening)
    stays, taken = Stays(FIRST, pool), list[Change]()
    for change in changes:
        later = range(change.day, FIRST + 5)
        left = [on_day(day, pool, [*taken, change._replace(added=[])]) for day in later]
        assert stays.leaves_none(change.day, change.released) == (not all(each.assets for each in left))
        if change.added or all(each.assets for each in left):
            stays.change(*change)
            taken.append(change)
    found: dict[int, tuple[list[Any], dict[int, int]]] = {}
    for since, until, here in stays.pools():
        found |= {day: ([*here.assets], here.rights) for day in range(since, min(until, FIRST + 5))}
    expected = {day: on_day(day, pool, taken) for day in range(FIRST, FIRST + 5)}
    assert found == {day: (list(each.assets), each.rights) for day, each in expected.items()}
    assert sum(stay.until == END for stay in stays) == len(expected[FIRST + 4].assets)


def calls(count: int, step: int) -> int:
    """Return the number of calls in which a pledge takes changes that each add an asset, a day apart."""
    added = [{"id": f"CN{number + 2}", "right": 1 + number % 2, "industry": 3 + number % 4} for number in range(count)]
    days = [20231231 + 10_000 * number for number in range(count)][::step]
    life, made = PledgeLife(), 0
    steps = [registration(date=FIRST)]
    steps += [
        Step(offset, MODIFIED, {"occurred_on": day, "added": [asset]})
        for offset, (day, asset) in enumerate(zip(days, added, strict=True), 1)
    ]

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal made
        made += event == "call"

    sys.setprofile(counted)
    try:
        for each in steps:
            assert life.take(each).lines
        life.stock([*life.state_rows()])
    finally:
        sys.setprofile(None)
    return made


def test_a_pool_costs_a_step_for_each_change(fault: Fault) -> None:
    """A pool to which each of thousands of events adds an asset, dated before or after all others"""
    for step in (1, -1):
        assert calls(80, step) < 3 * calls(40, step)
    fault.ended("posted", 2)
