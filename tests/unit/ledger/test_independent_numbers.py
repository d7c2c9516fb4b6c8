"""The numbers of the second program are those of the first, so that it can read each book."""

from __future__ import annotations

from ledger.independent import numbers
from ledger.posting.constants import CONSTANTS


def test_the_second_program_knows_each_kind_outcome_and_right() -> None:
    stocks = numbers.STOCKS.keys()
    kinds = {number: name for number, name in CONSTANTS["kind"].items() if number not in stocks}
    assert kinds == numbers.KINDS
    assert dict(enumerate(numbers.OUTCOMES, 1)) == CONSTANTS["outcome"]
    assert {number: name for number, name in numbers.RIGHTS.items() if number} == CONSTANTS["right"]
