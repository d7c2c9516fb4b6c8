"""Releases that do not name their pledge: what they may be about, and what of the stock hangs on such inferences."""

from __future__ import annotations

from ledger.views.columns import amount_columns
from ledger.views.view import Column, View

RELEASE_CANDIDATES = View(
    "release_candidates",
    "the pledges that a cancellation without a registration may be about, a row for each: registered no later and in "
    "force on its day, with all assets that it releases in the pool, and with a pledgee of a name that releases "
    "(capitals, points, commas and AS ... AGENT apart). Nothing follows from a candidate: whoever is sure publishes a "
    "cancellation of the pledge with `matched` = inferred (`ip-ledger import --match-releases` where there is one)",
    (
        Column("release", "text", "subject of the cancellation that waits"),
        Column("released_on", "date", "its business date", "day"),
        Column("assets", "count", "assets that it releases, all in the pool"),
        Column("pledge", "text", "subject of the candidate"),
        Column("registered_on", "date", "its registration", "day"),
        Column("pool", "count", "assets in its pool on the day of the release"),
        Column("lender", "text", "its pledgee who releases, as the pledge has the name"),
        Column("candidates", "count", "candidates of this release"),
        Column("currency", "ISO 4217 code", "of the secured debt; null where undisclosed", "currency"),
        *amount_columns("secured", "what the candidate secures on that day; null where undisclosed"),
    ),
)

INFERRED_ENDINGS = View(
    "inferred_endings",
    "the pledges in force on the day, as in `pledge_stock`, and those that ended by then only by a cancellation with "
    "`matched` = inferred; pledges_without = pledges + inferred is the stock without any inference",
    (
        Column("currency", "ISO 4217 code", "of the amounts; null for pledges without a known amount", "currency"),
        Column("pledges", "count", "pledges in force"),
        *amount_columns("amount", "what they secure; null where none is known"),
        Column("inferred", "count", "pledges that ended by inference"),
        *amount_columns("inferred_amount", "what these secured; null where none is known", raw="inferred"),
        Column("pledges_without", "count", "pledges in force if nothing were inferred"),
    ),
)

VIEWS = (RELEASE_CANDIDATES, INFERRED_ENDINGS)
