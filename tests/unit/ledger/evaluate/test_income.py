"""The income approach: relief from royalty by hand, and an interval without a coverage."""

from __future__ import annotations

from ledger.evaluate.income import IncomeScenario, income_value, relief_from_royalty
from ledger.evaluate.value import Item, NoValue, RecordPlace, Value
from schemas.money import LARGEST_MINOR


def scenario(number: int = 1, revenues: tuple[int, ...] = (100_000, 121_000), **rates: int) -> IncomeScenario:
    usual = {"royalty_bp": 500, "tax_bp": 2000, "discount_bp": 1000} | rates
    return IncomeScenario(Item(RecordPlace(3, 0, number), "CN1"), revenues, **usual)


def test_royalties_after_tax_are_discounted_from_the_end_of_each_year() -> None:
    # 5 % of 100,000 less 20 % tax = 4,000; / 1.1 = 3,636.36. 5 % of 121,000 less 20 % = 4,840; / 1.21 = 4,000.
    assert relief_from_royalty(scenario()) == 7636


def test_a_half_is_rounded_to_the_even_unit_once() -> None:
    assert relief_from_royalty(scenario(revenues=(50,), royalty_bp=100, tax_bp=0, discount_bp=0)) == 0
    assert relief_from_royalty(scenario(revenues=(150,), royalty_bp=100, tax_bp=0, discount_bp=0)) == 2
    assert relief_from_royalty(scenario(revenues=(50, 50), royalty_bp=100, tax_bp=0, discount_bp=0)) == 1


def test_the_interval_is_that_of_the_scenarios_without_a_coverage() -> None:
    found = income_value([scenario(number, (year,), discount_bp=0) for number, year in ((1, 300), (2, 100), (3, 200))])
    assert isinstance(found, Value)
    assert (found.low, found.mid, found.high, found.coverage) == (4, 8, 12, None)
    assert [(item.place.offset, item.minor) for item in found.evidence] == [(1, 12), (2, 4), (3, 8)]


def test_of_two_scenarios_the_lower_one_is_the_middle() -> None:
    found = income_value([scenario(1, (300,), discount_bp=0), scenario(2, (100,), discount_bp=0)])
    assert isinstance(found, Value)
    assert (found.low, found.mid, found.high) == (4, 4, 12)


def test_without_a_scenario_there_is_no_value() -> None:
    assert income_value([]) == NoValue("inputs_missing", 0, 1)


def test_a_value_that_no_event_holds_is_refused() -> None:
    found = income_value([scenario(1, (LARGEST_MINOR,) * 50, royalty_bp=10_000, tax_bp=0, discount_bp=0)])
    assert found == NoValue("out_of_range", 0, 0, (Item(RecordPlace(3, 0, 1), "CN1"),))
