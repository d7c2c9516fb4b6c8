"""The market approach: which deals are compared, what the interval is, when it is refused, and whether it is kept."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.evaluate.comparable import PricedDeal, ValuationSubject, comparables
from ledger.evaluate.market import CUT, market_value
from ledger.evaluate.value import Coverage, Item, NoValue, RecordPlace, Value
from tests.each_case import each_case

CNY, USD = 156, 840
SUBJECT = ValuationSubject("CN1", "CN", 1, CNY, 20240101, frozenset({"Owner"}), "F1")


def deal(number: int, minor: int = 100, **more: Any) -> PricedDeal:
    usual = PricedDeal(
        RecordPlace(4, 0, number), 20230101, CNY, minor, (f"CN{number}",), "CN", 1, frozenset({f"O{number}"})
    )
    return usual._replace(**more)


def nine(*prices: int) -> list[PricedDeal]:
    return [deal(number, minor) for number, minor in enumerate(prices, 2)]


PRICES = (500, 100, 900, 300, 700, 200, 800, 400, 600)


def test_the_interval_of_nine_is_from_the_lowest_to_the_highest_price() -> None:
    found = market_value(SUBJECT, nine(*PRICES), 9)
    assert isinstance(found, Value)
    assert found[:4] == (100, 500, 900, Coverage(8, 10))
    assert [one.minor for one in found.evidence] == sorted(PRICES)


@pytest.mark.parametrize(("number", "low", "mid", "high"), [(9, 1, 5, 9), (19, 2, 10, 18), (39, 4, 20, 36)])
def test_each_number_promises_four_fifths(number: int, low: int, mid: int, high: int) -> None:
    found = market_value(SUBJECT, nine(*range(1, 41)), number)
    assert isinstance(found, Value)
    assert found[:3] == (low, mid, high)
    assert found.coverage is not None
    assert found.coverage.numerator * 5 == found.coverage.denominator * 4


def test_the_nearest_are_taken_whatever_their_prices() -> None:
    found = market_value(SUBJECT, nine(*PRICES, 1, 10_000), 9)
    assert isinstance(found, Value)
    assert (found.low, found.high) == (100, 900)


def test_eight_comparables_are_refused() -> None:
    found = market_value(SUBJECT, nine(*PRICES[:8]), 9)
    by_price = sorted((price, number) for number, price in enumerate(PRICES[:8], 2))
    evidence = tuple(Item(RecordPlace(4, 0, number), f"CN{number}", price) for price, number in by_price)
    assert found == NoValue("too_few", 8, 9, evidence)


def test_a_number_that_is_not_fixed_beforehand_is_an_error() -> None:
    with pytest.raises(KeyError):
        market_value(SUBJECT, nine(*PRICES), 8)


@each_case(
    "other",
    [
        {"assets": ("CN2", "CN3")},
        {"assets": ()},
        {"assets": ("CN1",)},
        {"owners": frozenset({"Owner", "Another"})},
        {"family": "F1"},
        {"right": 2},
        {"currency": USD},
        {"office": "US"},
        {"day": 20240102},
        {"day": 20210101},
    ],
)
def test_a_deal_of_another_kind_is_no_comparable(other: dict[str, Any]) -> None:
    assert comparables(SUBJECT, [deal(2), deal(3, **other)]) == [deal(2)]


def test_the_states_of_the_european_patent_convention_are_one_group() -> None:
    european = SUBJECT._replace(office="DE")
    found = comparables(european, [deal(number, office=office) for number, office in enumerate(("EP", "FR", "US"), 2)])
    assert [one.office for one in found] == ["EP", "FR"]


def test_an_owner_counts_once_and_all_unknown_owners_too() -> None:
    cheap = [deal(number, 1, owners=frozenset({"Seller"})) for number in range(2, 10)]
    unknown = [deal(number, owners=frozenset()) for number in (20, 21)]
    joint = deal(30, owners=frozenset({"Seller", "Partner"}))
    assert comparables(SUBJECT, [*cheap, *unknown, joint]) == [cheap[0], unknown[0]]
    assert isinstance(market_value(SUBJECT, [*cheap, *nine(*PRICES[:1])], 9), NoValue)


def test_a_subject_without_family_has_comparables_without_family() -> None:
    assert comparables(SUBJECT._replace(family=None), [deal(2)]) == [deal(2)]


@pytest.mark.parametrize("number", CUT)
def test_the_interval_keeps_its_promise(number: int) -> None:
    random = Random(number)
    inside = 0
    for _ in range(2000):
        *prices, new = (int(random.lognormvariate(15, 1.3)) for _ in range(number + 1))
        found = market_value(SUBJECT, nine(*prices), number)
        assert isinstance(found, Value)
        assert found.high is not None
        inside += found.low <= new <= found.high
    assert 1540 <= inside <= 1660


@given(prices=st.lists(st.integers(0, 10**15), min_size=9, max_size=9), order=st.randoms(use_true_random=False))
def test_the_interval_does_not_depend_on_the_order_of_the_nine(prices: list[int], order: Random) -> None:
    deals = nine(*prices)
    found = market_value(SUBJECT, deals, 9)
    shuffled = deals.copy()
    order.shuffle(shuffled)
    assert market_value(SUBJECT, shuffled, 9) == found
    assert isinstance(found, Value)
    assert found.high is not None
    assert found.low <= found.mid <= found.high
