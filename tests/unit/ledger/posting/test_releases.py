"""Assets that leave a pool: the amount is shared over those that remain, and steps without effect."""

from __future__ import annotations

from ledger.posting.cells import Kind
from tests.unit.ledger.posting.test_pledge import (
    AI,
    ALL,
    CANCELLATION,
    CHANGE,
    CNY,
    DESIGN,
    MIXED,
    SEMI,
    TWO,
    USD,
    asset,
    cancellation,
    in_force,
    named,
    pledge_of,
    registration,
    release,
    shares,
    whole,
)


def test_a_release_shares_the_amount_over_the_remaining_assets() -> None:
    """Rights stay those of the registration: a mixed line does not become another line."""
    contribution = pledge_of([registration(assets=[*TWO, asset(DESIGN, AI, 3, "CN3")], amount=600), release(1, "CN3")])
    changes = {(line.industry, line.right): line.measure for line in named(contribution.lines, Kind.PLEDGE_CHANGES)}
    assert changes == {(ALL, MIXED): (1, 1, 0), (AI, MIXED): (1, 1, -200), (SEMI, DESIGN): (1, 1, 200)}


def test_the_release_of_an_industrys_last_asset_ends_its_share() -> None:
    steps = [registration(assets=TWO), release(1, "CN2"), cancellation(2)]
    contribution = pledge_of(steps)
    assert shares(contribution, Kind.PLEDGE_CHANGES) == {(ALL, CNY): 0, (AI, CNY): 667, (SEMI, CNY): -667}
    assert shares(contribution, Kind.PLEDGE_CANCELLATIONS) == {(ALL, CNY): 1000, (AI, CNY): 1000}
    assert in_force(steps, CHANGE, SEMI) == {}


def test_a_release_with_a_new_amount_shares_the_new_amount() -> None:
    contribution = pledge_of([registration(assets=TWO), release(1, "CN1", secured=(USD, 30))])
    assert shares(contribution, Kind.PLEDGE_CHANGES) == {
        (ALL, CNY): -1000,
        (AI, CNY): -333,
        (SEMI, CNY): -667,
        (ALL, USD): 30,
        (AI, USD): 0,
        (SEMI, USD): 30,
    }


def test_a_second_release_of_the_same_asset_has_no_effect() -> None:
    contribution = pledge_of([registration(assets=TWO), release(1, "CN2"), release(2, "CN2"), release(3, "CN9")])
    assert contribution.lines == pledge_of([registration(assets=TWO), release(1, "CN2")]).lines
    assert contribution.no_effect == {2: "not_in_pool", 3: "not_in_pool"}


def test_a_second_release_with_another_change_is_a_change() -> None:
    contribution = pledge_of([registration(assets=TWO), release(1, "CN2"), release(2, "CN2", debt_to=20260101)])
    assert whole(contribution, Kind.PLEDGE_CHANGES) == {(CHANGE, CNY): (2, 2, 0)}
    assert contribution.no_effect == {}


def test_only_a_cancellation_releases_the_last_asset() -> None:
    steps = [registration(assets=TWO), release(1, "CN2"), release(2, "CN1", secured=(CNY, 7)), cancellation(3)]
    contribution = pledge_of(steps)
    assert contribution.no_effect == {2: "no_asset_left"}
    assert whole(contribution, Kind.PLEDGE_CANCELLATIONS) == {(CANCELLATION, CNY): (1, 1, 1000)}
