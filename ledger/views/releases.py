"""Releases that do not name their pledge: candidates, and the part of the stock that depends on inferences."""

from __future__ import annotations

from ledger.views.columns import amount_columns
from ledger.views.view import Column, View

RELEASE_CANDIDATES = View(
    "release_candidates",
    "Each row is a pledge that a cancellation, or a release of a part, without a registration may be about. A "
    "candidate is registered no later, is in force on that day, has all released assets in its pool, and a pledgee "
    "named like a releasing party.",
    (
        Column("release", "text", "subject of the unmatched event"),
        Column("released_on", "date", "business date of the release", "day"),
        Column("partial", "0 or 1", "1 if only the released assets leave the pool"),
        Column("assets", "count", "released assets, all in the pool"),
        Column("pledge", "text", "subject of the candidate pledge"),
        Column("registered_on", "date", "registration date of the pledge", "day"),
        Column("pool", "count", "assets in the pool on the day of the release"),
        Column("lender", "party", "releasing pledgee, by its name in the pledge"),
        Column("candidates", "count", "candidates of this release"),
        Column("currency", "ISO 4217 code", "currency of the debt; null if undisclosed", "currency"),
        *amount_columns("secured", "secured amount on that day; null if undisclosed"),
    ),
    details=(
        "Names are compared in capitals, without points, commas, and AS ... AGENT.",
        (
            "A candidate changes no figure. If you are sure, publish a cancellation of the pledge with `matched` = "
            "inferred; `ip-ledger import --match-releases` does so if there is exactly one candidate; if its pool has "
            "other assets, a change with the same `matched` takes out the released ones."
        ),
    ),
    uses=("amended", "released", "release_candidate"),
    main=("release", "pledge", "lender", "candidates", "currency", "secured", "released_on", "registered_on"),
)

INFERRED_ENDINGS = View(
    "inferred_endings",
    "Each row counts the pledges in force on the day, as in `pledge_stock`, and those that ended up to then only "
    "by a cancellation with `matched` = inferred. pledges_without = pledges + inferred: the stock without any "
    "inference.",
    (
        Column("currency", "ISO 4217 code", "currency of the amounts; null if unknown", "currency"),
        Column("pledges", "count", "pledges in force"),
        *amount_columns("amount", "exact sum of the secured amounts"),
        Column("inferred", "count", "pledges that ended by inference"),
        *amount_columns("inferred_amount", "exact sum of the amounts that these secured", raw="inferred"),
        Column("pledges_without", "count", "pledges in force without inferences"),
    ),
)

VIEWS = (RELEASE_CANDIDATES, INFERRED_ENDINGS)
