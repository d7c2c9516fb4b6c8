"""Assets that join a pool: new shares for all assets, on every day, and steps without effect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ledger.posting.cells import (
    ALL_INDUSTRIES,
    BASES,
    INDUSTRY_NUMBERS,
    MIXED,
    RIGHTS,
    Amounts,
    Kind,
    Lines,
    Stock,
    difference,
)
from ledger.posting.entity import Accepted, Entity
from ledger.posting.life import Step
from schemas.events import MODIFIED, REGISTERED
from tests.each_case import each_case
from tests.unit.ledger.posting.test_pledge import (
    AI,
    CHANGE,
    CNY,
    DESIGN,
    INVENTION,
    NONE,
    SEMI,
    TWO,
    USD,
    asset,
    cancellation,
    change,
    in_force,
    named,
    pledge_of,
    registration,
    release,
    shares,
    stock_of,
    whole,
)

UNK = INDUSTRY_NUMBERS["UNK"]
TRADEMARK = RIGHTS["trademark"]
FIRST = asset(INVENTION, AI, 1, "CN1")
SECOND = asset(DESIGN, SEMI, 1, "CN2")
MARK = asset(TRADEMARK, UNK, 2, "M1")


def supplement(offset: int, *assets: Mapping[str, Any], date: int = CHANGE, **more: Any) -> Step:
    return Step(offset, MODIFIED, {"occurred_on": date, "added": [*assets], **more})


def lines(steps: Sequence[Step]) -> dict[tuple[int, int, int], tuple[int, int, int]]:
    """Return (industry, right, currency) -> amounts of the changes."""
    changes = named(pledge_of(steps).lines, Kind.PLEDGE_CHANGES)
    return {(line.industry, line.right, line.currency): line.measure for line in changes}


# ---- assets that join


def test_a_supplement_shares_the_amount_over_all_assets() -> None:
    """1 : 1 becomes 1 : 1 : 2; the new industry begins at 0 under its own right, the others keep theirs."""
    steps = [registration(assets=[FIRST, SECOND], amount=1000), supplement(1, MARK)]
    assert lines(steps) == {
        (ALL_INDUSTRIES, MIXED, CNY): (1, 1, 0),
        (AI, INVENTION, CNY): (1, 1, -250),
        (SEMI, DESIGN, CNY): (1, 1, -250),
        (UNK, TRADEMARK, CNY): (1, 1, 500),
    }
    assert in_force(steps, CHANGE - 1, UNK) == {}
    assert in_force(steps, CHANGE, UNK) == {CNY: (1, 1, 500)}
    assert in_force(steps, CHANGE - 1, AI) == {CNY: (1, 1, 500)}
    assert in_force(steps, CHANGE, AI) == {CNY: (1, 1, 250)}
    assert in_force(steps, CHANGE) == in_force(steps, CHANGE - 1) == {CNY: (1, 1, 1000)}


def test_a_line_keeps_its_right_when_assets_join() -> None:
    steps = [registration(assets=[FIRST]), supplement(1, asset(DESIGN, AI, 1, "CN3")), cancellation(2)]
    assert lines(steps) == {(ALL_INDUSTRIES, INVENTION, CNY): (1, 1, 0), (AI, INVENTION, CNY): (1, 1, 0)}
    assert in_force(steps[:2], CHANGE, AI) == {CNY: (1, 1, 1000)}
    assert [line for line in named(stock_of(steps), Stock.PLEDGES) if line.right != INVENTION] == []


def test_new_assets_of_one_industry_have_one_line_under_the_right_of_all_of_them() -> None:
    steps = [registration(assets=[FIRST]), supplement(1, SECOND, asset(TRADEMARK, SEMI, 1, "M2"))]
    assert lines(steps)[SEMI, MIXED, CNY] == (1, 1, 666)


def test_a_supplement_with_a_new_amount_in_another_currency() -> None:
    steps = [registration(assets=[FIRST]), supplement(1, SECOND, secured=(USD, 30))]
    assert lines(steps) == {
        (ALL_INDUSTRIES, INVENTION, CNY): (1, 1, -1000),
        (AI, INVENTION, CNY): (1, 1, -1000),
        (SEMI, DESIGN, CNY): (1, 1, 0),
        (ALL_INDUSTRIES, INVENTION, USD): (1, 1, 30),
        (AI, INVENTION, USD): (1, 1, 15),
        (SEMI, DESIGN, USD): (1, 1, 15),
    }


def test_a_supplement_of_an_undisclosed_pledge_counts_without_an_amount() -> None:
    steps = [registration(assets=[FIRST], amount=0, currency=NONE), supplement(1, SECOND)]
    assert lines(steps)[SEMI, DESIGN, NONE] == (1, 0, 0)
    assert in_force(steps, CHANGE, SEMI) == {NONE: (1, 0, 0)}


def test_an_asset_of_the_pool_is_neither_added_nor_valued_again() -> None:
    again = asset(DESIGN, SEMI, 9, "CN1")
    steps = [registration(assets=[FIRST, SECOND]), supplement(1, again, MARK, {**MARK, "industry": AI})]
    assert shares(pledge_of(steps), Kind.PLEDGE_CHANGES) == {
        (ALL_INDUSTRIES, CNY): 0,
        (AI, CNY): -250,
        (SEMI, CNY): -250,
        (UNK, CNY): 500,
    }


def test_a_cancellation_removes_joined_assets() -> None:
    steps = [registration(assets=[FIRST]), supplement(1, SECOND), cancellation(2)]
    assert shares(pledge_of(steps), Kind.PLEDGE_CANCELLATIONS) == {
        (ALL_INDUSTRIES, CNY): 1000,
        (AI, CNY): 500,
        (SEMI, CNY): 500,
    }
    assert in_force(steps, 20991231) == in_force(steps, 20991231, SEMI) == {}


# ---- assets that are released and assets that join


def test_a_release_comes_before_the_supplement_of_the_same_event() -> None:
    """The first asset is replaced by itself with another industry: its line ends, another begins."""
    steps = [registration(assets=[FIRST, SECOND]), supplement(1, {**MARK, "id": "CN1"}, released=["CN1"])]
    assert lines(steps) == {
        (ALL_INDUSTRIES, MIXED, CNY): (1, 1, 0),
        (AI, INVENTION, CNY): (1, 1, -500),
        (SEMI, DESIGN, CNY): (1, 1, -167),
        (UNK, TRADEMARK, CNY): (1, 1, 667),
    }
    assert in_force(steps, CHANGE, AI) == {}


def test_a_whole_pool_can_be_replaced() -> None:
    """Within one event the line of ALL keeps its right."""
    steps = [registration(assets=[FIRST]), supplement(1, MARK, released=["CN1"])]
    assert pledge_of(steps).no_effect == {}
    assert lines(steps) == {
        (ALL_INDUSTRIES, INVENTION, CNY): (1, 1, 0),
        (AI, INVENTION, CNY): (1, 1, -1000),
        (UNK, TRADEMARK, CNY): (1, 1, 1000),
    }


def test_a_returning_industry_is_another_line() -> None:
    other = asset(DESIGN, AI, 1, "CN3")
    steps = [registration(assets=[FIRST, SECOND]), release(1, "CN1"), supplement(2, other, date=CHANGE + 1)]
    changes = named(pledge_of(steps).lines, Kind.PLEDGE_CHANGES)
    assert {(line.date, line.industry, line.right): line.amount for line in changes} == {
        (CHANGE, ALL_INDUSTRIES, MIXED): 0,
        (CHANGE, AI, INVENTION): -500,
        (CHANGE, SEMI, DESIGN): 500,
        (CHANGE + 1, ALL_INDUSTRIES, MIXED): 0,
        (CHANGE + 1, AI, DESIGN): 500,
        (CHANGE + 1, SEMI, DESIGN): -500,
    }


@each_case(
    ("step", "reason"),
    [
        (supplement(1, SECOND), "already_in_pool"),
        (supplement(1, SECOND, asset(INVENTION, AI, 5, "CN1")), "already_in_pool"),
        (supplement(1, SECOND, released=["CN9"]), "already_in_pool"),
        (supplement(1, MARK, released=["CN9"]), None),
        (supplement(1, SECOND, released=["CN2"]), None),
        (supplement(1, SECOND, secured=(CNY, 7)), None),
        (supplement(1, SECOND, debt_to=20260101), None),
        (supplement(1, SECOND, released=["CN1"]), None),
        (supplement(1, FIRST, SECOND, released=["CN1", "CN2"]), None),
    ],
)
def test_a_supplement_that_adds_nothing_has_no_effect(step: Step, reason: str | None) -> None:
    contribution = pledge_of([registration(assets=[FIRST, SECOND]), step, change(2)])
    assert contribution.no_effect == ({1: reason} if reason else {})
    assert whole(contribution, Kind.PLEDGE_CHANGES).keys() == {(CHANGE, CNY)}
    assert whole(contribution, Kind.PLEDGE_CHANGES)[CHANGE, CNY][0] == (1 if reason else 2)


# ---- the log and the calendar


def test_a_release_dated_later_ends_an_earlier_supplement() -> None:
    steps = [registration(assets=[FIRST]), supplement(1, SECOND), release(2, "CN2", date=20230901)]
    for day, share in ((CHANGE - 1, {}), (CHANGE, {CNY: (1, 1, 500)}), (20230831, {CNY: (1, 1, 500)}), (20230901, {})):
        assert in_force(steps, day, SEMI) == share


def test_a_release_logged_before_a_supplement_does_not_release_its_assets() -> None:
    """The order of the log counts, not the dates: a release affects only assets that are in the pool by then."""
    steps = [registration(assets=[FIRST]), release(1, "CN2", date=20230901), supplement(2, SECOND)]
    assert pledge_of(steps).no_effect == {1: "not_in_pool"}
    assert in_force(steps, 20991231, SEMI) == {CNY: (1, 1, 500)}
    says_more = [steps[0], release(1, "CN2", date=20230901, secured=(CNY, 600)), steps[2]]
    assert pledge_of(says_more).no_effect == {}
    assert in_force(says_more, 20230831, SEMI) == {CNY: (1, 1, 500)}
    assert in_force(says_more, 20230901, SEMI) == {CNY: (1, 1, 300)}


def test_the_last_event_in_the_log_holds_from_its_own_day_on() -> None:
    """The supplement of June is logged first, then the release of April: the asset was never in the pool."""
    steps = [registration(assets=[FIRST]), supplement(1, SECOND, date=20230601), release(2, "CN2", date=20230401)]
    assert pledge_of(steps).no_effect == {}
    for day in (20230331, 20230401, 20230601, 20991231):
        assert in_force(steps, day, SEMI) == {}
        assert in_force(steps, day, AI) == {CNY: (1, 1, 1000)}
    turned = [steps[0], release(1, "CN1", date=20230601), supplement(2, FIRST, date=20230401)]
    assert pledge_of(turned).no_effect == {1: "no_asset_left", 2: "already_in_pool"}


def test_a_supplement_dated_before_the_release_brings_the_asset_back_for_all_days() -> None:
    steps = [registration(assets=TWO), release(1, "CN2", date=20230901), supplement(2, TWO[1], date=20230601)]
    assert pledge_of(steps).no_effect == {}
    for day in (20230531, 20230601, 20230831, 20230901, 20991231):
        assert in_force(steps, day, SEMI) == {CNY: (1, 1, 667)}


@pytest.mark.parametrize("first", [True, False])
def test_a_pool_is_empty_on_no_day(first: bool) -> None:
    """An asset is released in April, another joins in June: between them nothing would secure the debt."""
    free, join = release(1 + first, "CN1", date=20230401), supplement(2 - first, SECOND, date=20230601)
    contribution = pledge_of([registration(assets=[FIRST]), *sorted((free, join))])
    assert contribution.no_effect == {free.offset: "no_asset_left"}
    at_once = pledge_of([registration(assets=[FIRST]), join, release(3, "CN1", date=20230601)])
    assert at_once.no_effect == {}


def test_a_supplement_waits_for_the_registration() -> None:
    contribution = pledge_of([supplement(0, SECOND), registration(1, assets=[FIRST])])
    assert contribution == pledge_of([registration(0, assets=[FIRST]), supplement(1, SECOND)])


# ---- both bases


def test_a_correction_of_a_supplement_moves_only_the_corrected_basis() -> None:
    def accepted(offset: int, number: int, event_id: str, facts: Any) -> Accepted:
        return Accepted(offset, number, "s", event_id, b"", facts)

    entity = Entity("ip.pledge.v1", "P1")
    entity.accept(accepted(0, REGISTERED, "r1", registration(assets=[FIRST]).facts))
    joined = supplement(1, SECOND).facts
    entity.accept(accepted(1, MODIFIED, "m1", joined))
    before = stock(entity)
    entity.accept(accepted(2, MODIFIED + 1, "k1", ["m1", {**joined, "added": [MARK]}]))
    after = stock(entity)
    assert moves(before, after) == {(2, AI): (0, 0, -167), (2, SEMI): (-1, -1, -500), (2, UNK): (1, 1, 667)}
    entity.accept(accepted(3, MODIFIED + 2, "v1", ["m1"]))
    assert moves(after, stock(entity)) == {(2, AI): (0, 0, 667), (2, UNK): (-1, -1, -667)}


def stock(entity: Entity) -> dict[int, Lines]:
    """Return the stock of an entity on each basis."""
    postings = entity.state().stock
    return {basis: {cell: amounts for on, cell, amounts in postings if on & basis} for basis in BASES.values()}


def moves(before: Mapping[int, Lines], after: Mapping[int, Lines]) -> dict[tuple[int, int], Amounts]:
    """Return (basis, industry) -> difference."""
    moved = ((basis, difference(after[basis], before[basis])) for basis in BASES.values())
    return {(basis, cell[4]): amounts for basis, lines in moved for cell, amounts in lines.items()}
