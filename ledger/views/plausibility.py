"""Possible slips: amounts in a wrong unit, impossible days, assets that do not fit.

Flags reject nothing and change no figure.
"""

from __future__ import annotations

from ledger.views.view import Column, View

PLAUSIBILITY = View(
    "plausibility",
    "Each row is an event that may be a slip: it is flagged, never refused, and included in all figures. "
    "unit_slip_100, _10000, _100000000: an amount that is about that many times the earlier median of its kind "
    "and currency, or that fraction of it, within a factor of 3 either way.",
    (
        Column("topic", "text", "topic name", "topic"),
        Column("partition", "number", "partition number"),
        Column("offset", "number", "event offset"),
        Column("subject", "text", "entity of the event"),
        Column("flag", "text", "possible slip (see the formula)"),
        Column("value", "party", "value in the event: amount with currency, date or id"),
        Column("expected", "text", "reference: median, earliest or latest day; null for ids"),
        Column("explanation", "quoting text", "explanation in words"),
    ),
    details=(
        (
            "Amounts (pledges, valuations, loan_disbursements, licences, assignments) are ordered by business date and "
            "split into hundreds. Each hundred is compared with the median of the hundred before: the 50th by size."
        ),
        (
            "In the first hundred, each amount from the 6th on is compared with the median of all before: for an even "
            "number, the lower of the middle two."
        ),
        "Amounts of 0 or not given are skipped.",
        "future: dated after the day after the broker's timestamp (policies may be).",
        (
            "before_1985: a Chinese patent's event, or a pledge in China, before 1985-04-01, the first day of the "
            "Patent Law."
        ),
        "duplicate_asset: named twice in a pledge's pool (deals with one are rejected).",
        "debt_period: debt_to before debt_from or before the registration.",
        (
            "released_unknown: a released asset that was never in the pool (a change that contains nothing else is in "
            "`unmatched`)."
        ),
        "granted_before_filing, ceased_before_grant: days in an impossible order.",
    ),
    uses=("amended", "statement", "given_amount", "unit_slip", "slip", "pool_slip"),
    narrowed={"subject": {"given_amount": "given_amount_nearby"}},
    main=("place", "subject", "flag", "value", "expected", "explanation"),
)

VIEWS = (PLAUSIBILITY,)
