"""The life of a loan: disbursed, repaid, compensated, subsidised."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.posting import rows
from ledger.posting.cells import (
    LOW,
    NO_REGION,
    NO_RIGHT,
    Kind,
)
from ledger.posting.facts import array
from ledger.posting.life import INITIAL, Life, Moves, Step, Track, missing
from ledger.posting.pool import Amount, single
from ledger.posting.timeline import Timeline, merged
from schemas.events import (
    COMPENSATED,
    DISBURSED,
    REPAID,
    SUBSIDISED,
)

_UNTIL_DISBURSED = missing("disbursement")
LOAN = Track(
    "loan",
    {
        INITIAL: {
            "loan.disbursed": "disbursed",
            "loan.repaid": _UNTIL_DISBURSED,
            "loan.compensated": _UNTIL_DISBURSED,
            "loan.subsidised": _UNTIL_DISBURSED,
        },
        "disbursed": {
            "loan.disbursed": "disbursed",
            "loan.repaid": "disbursed",
            "loan.compensated": "disbursed",
            "loan.subsidised": "disbursed",
        },
    },
)
_PAID = {
    DISBURSED: Kind.LOAN_DISBURSEMENTS,
    REPAID: Kind.LOAN_REPAYMENTS,
    COMPENSATED: Kind.LOAN_COMPENSATIONS,
    SUBSIDISED: Kind.LOAN_SUBSIDIES,
}


class LoanLife(Life):
    """A loan, disbursed at once or in parts. Its region is that of the first part."""

    tracks = (LOAN,)

    def __init__(self) -> None:
        super().__init__()
        self._payments: list[Step] = []

    def effect(self, step: Step) -> Moves:
        """Count one payment."""
        self._payments.append(step)
        facts = {**step.facts, "region": self._payments[0].facts.get("region", NO_REGION)}
        return Moves(single(_PAID[step.family], facts, NO_RIGHT, Amount(*facts["amount"])))

    def state_rows(self) -> Iterator[rows.Row]:
        """Yield the payments, and their sums by currency between each two days with a payment."""
        for step in self._payments:
            day, (currency, minor) = step.facts["occurred_on"], step.facts["amount"]
            borrower = array([step.facts["borrower"]] if "borrower" in step.facts else None)
            yield rows.LoanPaymentRow(step.offset, step.family, day, currency, minor, borrower)
        yield from self._sums()

    def _sums(self) -> Iterator[rows.LoanRow]:
        """Yield the sums in each currency between each two days of change. Rate and due date come from the last
        disbursement in the log that gives one and is dated up to the day."""
        rate_bp: Timeline[int] = Timeline()
        due_on: Timeline[int] = Timeline()
        for step in self._payments:
            for timeline, name in ((rate_bp, "rate_bp"), (due_on, "due_on")):
                if name in step.facts:
                    timeline.set(step.facts["occurred_on"], step.facts[name])
        region = self._payments[0].facts.get("region") if self._payments else None
        for currency, paid in self._paid().items():
            for since, until, state in merged(paid[0][0], (paid, rate_bp, due_on), _loan_state):
                yield rows.LoanRow(currency, since, until, region, *state)

    def _paid(self) -> dict[int, Timeline[_Sums]]:
        """Return, by currency, the sums of all payments of principal up to each day."""
        paid: dict[int, Timeline[_Sums]] = {}
        sums: dict[int, _Sums] = {}
        principal = (step for step in self._payments if step.family in _INDEX)
        for step in sorted(principal, key=lambda step: step.facts["occurred_on"]):
            day, (currency, minor) = step.facts["occurred_on"], step.facts["amount"]
            disbursed_on, *amounts = sums.get(currency, (None, 0, 0, 0))
            amounts[_INDEX[step.family]] += minor
            if step.family == DISBURSED:
                disbursed_on = disbursed_on or day
            disbursed, repaid, compensated = amounts
            sums[currency] = (disbursed_on, disbursed, repaid, compensated)
            paid.setdefault(currency, Timeline()).set(day, sums[currency])
        return paid


_Sums = tuple[int | None, int, int, int]
"""(first disbursement, disbursed, repaid, compensated), in minor units."""
_INDEX = {DISBURSED: 0, REPAID: 1, COMPENSATED: 2}


def _loan_state(sums: _Sums, rate_bp: int | None, due_on: int | None) -> tuple[int | None, ...]:
    disbursed_on, *amounts = sums
    halves = [half for amount in amounts for half in divmod(amount, LOW)]
    return (disbursed_on, *halves, rate_bp, due_on)
