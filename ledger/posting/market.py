"""The lives of what is done with rights: valuations, licences, assignments, open licences, loans; and of trademarks,
international applications and reference data."""

from __future__ import annotations

from ledger.posting.cells import NO_REGION, NO_RIGHT, RIGHTS, Kind
from ledger.posting.facts import money
from ledger.posting.life import START, Life, Moves, Step, Track, missing, never
from ledger.posting.pool import Amount, Pool, single
from schemas.events import (
    ASSIGNED,
    COMPENSATED,
    DISBURSED,
    LICENSED,
    MARK_CEASED,
    MARK_FILED,
    MARK_REGISTERED,
    OFFER_ACCEPTED,
    OFFERED,
    REPAID,
)

ANY_VALUATION = Track("valuation", {START: {"valuation.completed": START}})
ANY_REFERENCE = Track(
    "reference",
    {
        START: {
            "reference.fx_rate": START,
            "reference.population": START,
            "reference.policy": START,
            "reference.published_figure": START,
        }
    },
)
PCT = Track("application", {START: {"pct.filed": "filed"}, "filed": {"pct.filed": never("second_filing")}})


class ValuationLife(Life):
    """Valuations of one thing: each is counted; which is the latest is a matter of views."""

    tracks = (ANY_VALUATION,)

    def effect(self, step: Step) -> Moves:
        """One valuation, its middle value."""
        facts = step.facts
        return Moves(single(Kind.VALUATIONS, facts, facts.get("right", NO_RIGHT), Amount(*facts["mid"])))


class ReferenceLife(Life):
    """Reference data: all of it stands, and none of it is counted."""

    tracks = (ANY_REFERENCE,)

    def effect(self, step: Step) -> Moves:
        """Nothing moves."""
        return Moves()


class PctLife(Life):
    """An international application (PCT): filed once."""

    tracks = (PCT,)

    def effect(self, step: Step) -> Moves:
        """One filing, by the origin of its first applicant."""
        return Moves(single(Kind.PCT_FILINGS, step.facts, NO_RIGHT))


_TWICE = never("second_recording")
_AFTER = never("after_cancellation")
LICENCE = Track(
    "licence",
    {
        START: {
            "licence.recorded": "recorded",
            "licence.modified": missing("licence"),
            "licence.cancelled": missing("licence"),
        },
        "recorded": {
            "licence.recorded": _TWICE,
            "licence.modified": "recorded",
            "licence.cancelled": "cancelled",
        },
        "cancelled": {"licence.recorded": _TWICE, "licence.modified": _AFTER, "licence.cancelled": _AFTER},
    },
)
ASSIGNMENT = Track(
    "assignment",
    {START: {"assignment.recorded": "recorded"}, "recorded": {"assignment.recorded": _TWICE}},
)
_UNTIL_OFFERED = missing("declaration")
OPEN_LICENCE = Track(
    "open licence",
    {
        START: {
            "open_licence.declared": "declared",
            "open_licence.accepted": _UNTIL_OFFERED,
            "open_licence.withdrawn": _UNTIL_OFFERED,
        },
        "declared": {
            "open_licence.declared": never("second_declaration"),
            "open_licence.accepted": "declared",
            "open_licence.withdrawn": "withdrawn",
        },
        "withdrawn": {
            "open_licence.declared": never("second_declaration"),
            "open_licence.accepted": never("after_withdrawal"),
            "open_licence.withdrawn": never("after_withdrawal"),
        },
    },
)
_POOLED = {
    LICENSED: (Kind.LICENCES, "amount"),
    ASSIGNED: (Kind.ASSIGNMENTS, "price"),
    OFFERED: (Kind.OPEN_LICENCES, "amount"),
}
_CONVEYED = ("assignment", "merger")


class DealLife(Life):
    """A contract, or an open licence. A change of name, and what a government is given, is no transaction."""

    tracks = (LICENCE, ASSIGNMENT, OPEN_LICENCE)

    def effect(self, step: Step) -> Moves:
        """One licence, assignment or offer over its pool, or one acceptance of an offer."""
        family, facts = step.family, step.facts
        if family in _POOLED:
            pool = Pool(facts.get("region", NO_REGION), facts["assets"])
            if family == OFFERED:
                self._offered = pool
            if family == ASSIGNED and facts["conveyance"] not in _CONVEYED:
                return Moves()
            kind, name = _POOLED[family]
            return Moves(pool.lines(kind, facts["occurred_on"], Amount(*money(facts, name))))
        if family == OFFER_ACCEPTED:
            amount = Amount(*money(facts, "amount"))
            return Moves(self._offered.lines(Kind.OPEN_LICENCE_ACCEPTANCES, facts["occurred_on"], amount))
        return Moves()


_UNTIL_DISBURSED = missing("disbursement")
LOAN = Track(
    "loan",
    {
        START: {"loan.disbursed": "disbursed", "loan.repaid": _UNTIL_DISBURSED, "loan.compensated": _UNTIL_DISBURSED},
        "disbursed": {"loan.disbursed": "disbursed", "loan.repaid": "disbursed", "loan.compensated": "disbursed"},
    },
)
_PAID = {DISBURSED: Kind.LOAN_DISBURSEMENTS, REPAID: Kind.LOAN_REPAYMENTS, COMPENSATED: Kind.LOAN_COMPENSATIONS}


class LoanLife(Life):
    """A loan, paid out at once or in parts. Its region is that of the first part."""

    tracks = (LOAN,)

    def __init__(self) -> None:
        super().__init__()
        self._region: str | None = None

    def effect(self, step: Step) -> Moves:
        """One payment."""
        if self._region is None:
            self._region = step.facts.get("region", NO_REGION)
        facts = {**step.facts, "region": self._region}
        return Moves(single(_PAID[step.family], facts, NO_RIGHT, Amount(*facts["amount"])))


_UNTIL_REGISTERED = missing("registration")
_CEASED = never("after_cessation")
MARK_FILING = Track(
    "filing",
    {START: {"trademark.filed": "filed"}, "filed": {"trademark.filed": never("second_filing")}},
)
MARK = Track(
    "trademark",
    {
        START: {
            "trademark.registered": "registered",
            "trademark.renewed": _UNTIL_REGISTERED,
            "trademark.ceased": _UNTIL_REGISTERED,
        },
        "registered": {
            "trademark.registered": never("second_registration"),
            "trademark.renewed": "registered",
            "trademark.ceased": "ceased",
        },
        "ceased": {
            "trademark.registered": never("second_registration"),
            "trademark.renewed": _CEASED,
            "trademark.ceased": _CEASED,
        },
    },
)


class TrademarkLife(Life):
    """A trademark: an application is filed once; what is registered is renewed as often as its owner likes, until it
    ceases."""

    tracks = (MARK_FILING, MARK)

    def effect(self, step: Step) -> Moves:
        """One filing, registration or cessation; a renewal moves nothing."""
        if step.family == MARK_FILED:
            return Moves(single(Kind.TRADEMARK_FILINGS, step.facts, RIGHTS["trademark"]))
        if step.family == MARK_REGISTERED:
            self._region = step.facts.get("region", NO_REGION)
            return Moves(single(Kind.TRADEMARKS, step.facts, RIGHTS["trademark"]))
        if step.family == MARK_CEASED:
            return Moves(single(Kind.TRADEMARK_CESSATIONS, {**step.facts, "region": self._region}, RIGHTS["trademark"]))
        return Moves()
