"""Debts of pledges that stand, by due date."""

from __future__ import annotations

from ledger.posting.cells import ALL_INDUSTRIES, NO_REGION, NO_RIGHT, Due, Lines
from ledger.posting.life import Step
from ledger.posting.rows import END
from schemas.events import DEFAULTED, EXTENDED
from tests.unit.ledger.posting.test_pledge import CNY, NONE, TWO, cancellation, change, registration, stock_of

EXTENSION = Step(1, EXTENDED, {"occurred_on": 20240101, "debt_to": 20270101})
DEFAULT = Step(2, DEFAULTED, {"occurred_on": 20240201})
WHERE = (NO_REGION, NO_RIGHT, ALL_INDUSTRIES)


def debts_of(*steps: Step) -> Lines:
    """Return the debts of a pledge with these steps."""
    return {cell: measure for cell, measure in stock_of(steps).items() if cell[0] in (Due.PLEDGES, Due.DEFAULTED)}


def test_a_debt_without_a_due_date_is_due_after_all_days() -> None:
    assert debts_of(registration()) == {(Due.PLEDGES, END, *WHERE, CNY): (1, 1, 1000)}


def test_the_last_amount_is_due_once_on_the_last_date_whatever_the_industries() -> None:
    debts = debts_of(registration(assets=TWO), EXTENSION, change(3))
    assert debts == {(Due.PLEDGES, 20270101, *WHERE, CNY): (1, 1, 1500)}


def test_a_debt_in_default_is_counted_apart_from_all_debts() -> None:
    assert debts_of(registration(currency=NONE), EXTENSION, DEFAULT) == {
        (Due.PLEDGES, 20270101, *WHERE, NONE): (1, 0, 0),
        (Due.DEFAULTED, 20270101, *WHERE, NONE): (1, 0, 0),
    }


def test_a_cancelled_pledge_has_no_debt() -> None:
    assert debts_of(registration(), EXTENSION, DEFAULT, cancellation(3)) == {}
