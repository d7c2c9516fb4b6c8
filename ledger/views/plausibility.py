"""Slips that somebody may want to look at: amounts in a wrong unit, days that cannot be, assets that do not fit.

A flag is never a refusal, and it changes no figure.
"""

from __future__ import annotations

from ledger.views.view import Column, View

PLAUSIBILITY = View(
    "plausibility",
    "statements that may be slips; flagged, never refused, and in every figure all the same. "
    "unit_slip_100, _10000, _100000000: an amount (pledges, valuations, loan_disbursements, licences, assignments; one "
    "currency) of about so many times the median before it, or of that part: within a factor of 3 either way. The "
    "amounts of a kind and currency are put in the order of their business dates and parted into hundreds; the median "
    "of a hundred (the 50th by size) is what the next hundred is held against, and within the first hundred it is the "
    "median of all before, from the 6th amount on; amounts that are 0 or not said are left out. "
    "future: dated later than the day after the broker's timestamp (policies may be). "
    "before_1985: a Chinese patent's event, or a pledge in China, before 1985-04-01, the first day of the Patent Law. "
    "duplicate_asset: named twice in the pool of a pledge (those of deals are refused). "
    "debt_period: debt_to before debt_from or before the registration. "
    "released_unknown: a released asset that was never in the pool (a change that says no more is in `unmatched`). "
    "granted_before_filing, ceased_before_grant: days in an order that cannot be",
    (
        Column("topic", "text", "plain name of the topic", "topic"),
        Column("partition", "number", "partition of the topic"),
        Column("offset", "number", "offset of the event that was said"),
        Column("subject", "text", "the entity that it is about"),
        Column("flag", "text", "what may be wrong"),
        Column("value", "text", "what was said: an amount with its currency, a date, an id"),
        Column("expected", "text", "what it is held against: a median, the earliest or latest day; null for ids"),
        Column("explanation", "text", "the same in words"),
    ),
    uses=("statement", "given_amount", "unit_slip", "slip", "pool_slip"),
)

VIEWS = (PLAUSIBILITY,)
