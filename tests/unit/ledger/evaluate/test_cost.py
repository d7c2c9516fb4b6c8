"""The cost approach is a floor; the value of a portfolio is a sum of ends without a coverage."""

from __future__ import annotations

from ledger.evaluate.cost import cost_value
from ledger.evaluate.value import Coverage, Item, NoValue, RecordPlace, Value, total

FEE, COST, UNKNOWN = (
    Item(RecordPlace(2, 0, offset), "CN1", minor) for offset, minor in ((1, 900), (2, 5_000), (3, None))
)


def test_known_costs_are_a_floor_without_an_upper_end() -> None:
    assert cost_value([FEE, COST, UNKNOWN]) == Value(5_900, 5_900, None, None, (FEE, COST, UNKNOWN), floor=True)


def test_without_a_known_cost_there_is_no_value() -> None:
    assert cost_value([UNKNOWN]) == NoValue("inputs_missing", 0, 1)


def test_a_portfolio_is_the_sum_of_the_ends_and_promises_nothing() -> None:
    one = Value(10, 20, 30, Coverage(8, 10), (FEE,))
    two = Value(1, 2, 3, Coverage(8, 10), (COST,))
    assert total([("A", one), ("B", two)]) == Value(11, 22, 33, None, (FEE, COST))


def test_an_asset_without_a_value_refuses_the_portfolio() -> None:
    refusal = NoValue("too_few", 8, 9, (FEE,))
    assert total([("A", Value(1, 2, 3, None, ())), ("B", refusal)]) == refusal._replace(asset="B")


def test_floors_add_up_to_a_floor() -> None:
    floors = [("A", cost_value([FEE])), ("B", cost_value([COST]))]
    assert total(floors) == Value(5_900, 5_900, None, None, (FEE, COST), floor=True)


def test_a_portfolio_that_no_event_holds_is_refused() -> None:
    large = Value(10**15, 10**15, 10**15, None, ())
    assert total([("A", large), ("B", large)]) == NoValue("out_of_range", 0, 0)
