"""The watch list: pledges in force that need attention, each with the event behind it."""

from __future__ import annotations

from ledger.views.columns import EVENT_ID, PLACE, amount_columns
from ledger.views.view import Column, View

_REASONS = ("lapsed", "challenged", "preserved", "transferred", "due", "overdue", "defaulted", "ltv", "aged", "fell")

WATCH_LIST = View(
    "watch_list",
    "Each row is a reason to watch a pledge in force on the day (registration <= day < cancellation), with its "
    "asset if it is about one. `due`: the debt's last day is at most 90 days away. `ltv`: loan to value above the "
    "cap of the policy, as `breach` or `loan_breach` in `ltv`. amount = what the pledge secures.",
    (
        Column("reason", "text", ", ".join(f"`{word}`" for word in _REASONS)),
        Column("since", "date", "day from which the reason holds; for `ltv` see below", "day"),
        Column("event", "text", "event behind it, as `ip-ledger show` takes it: topic:partition=offset"),
        Column("pledge", "text", "pledge id"),
        Column("asset", "text", "id of the right; null if the reason is about the whole pledge"),
        Column("currency", "ISO 4217 code", "currency of the amount; null if undisclosed", "currency"),
        *amount_columns("amount", "amount at risk: the secured debt, as last changed"),
    ),
    details=(
        (
            "`lapsed`: the right ceased, is invalid in full, or its term is over (see `patents`; marks: the last day "
            "has passed). The event of an ended term is the one that determines it."
        ),
        (
            "`challenged`: a request for invalidation is open. `preserved`: a court preserves the right. Both have the "
            "last such day."
        ),
        (
            "`transferred`: an assignment or merger was recorded after the right joined the pool. The owner may "
            "transfer a pledged right only with the pledgee's consent (Civil Code Art. 444)."
        ),
        (
            "`due`: since 90 days before the last day, or registration if later. `overdue`: since the day after. The "
            "event is the last one that gives this day. `defaulted`: a default is published."
        ),
        (
            "`ltv`: since the last change of what the ratio depends on, even if it was above the cap before: the "
            "registration or modification of the pledge, the start of the policy, or, if the loan breaches the cap, "
            "the loan's last payment. event is the latest of them."
        ),
        (
            "`aged`: the asset's latest valuation is older than the policy `valuation_days` allows. `fell`: the lower "
            "ends of the latest valuations, after haircuts, are below the debt (see `collateral`). The event is the "
            "valuation."
        ),
        "Patents and trademarks are watched; the end of a copyright has no event.",
        "An asset without a kind (`US8711504`) is the only grant with this number, or none.",
        "The amount is the whole debt of the pledge in each row of it: never add rows.",
    ),
    uses=(
        "amended",
        "pledged_asset",
        "watched_right",
        "watched_debt",
        "policy_level",
        "policy_in_force",
        "ltv",
        "cap_in_force",
        "watched_ratio",
        "collateral_asset",
        "watched_value",
    ),
    once=("pledged_asset", "collateral_asset"),
    narrowed={
        "pledge": {"pledged_asset": "pledged_asset_of_pledge"},
        "asset": {"pledged_asset": "pledged_asset_of_asset"},
    },
    main=("pledge", "reason", "since", "currency", "amount", "event", "asset"),
)

ALERTS = View(
    "alerts",
    "Each row is an alert about a pledge, with its first acknowledgement up to the day; open = 1 without one.",
    (
        Column("pledge", "text", "pledge id"),
        Column("reason", "text", "reason of the watch list"),
        Column("holds_from", "date", "first day on which the reason holds", "day"),
        Column("asset", "text", "id of the right; null if the reason is about the whole pledge"),
        Column("event", "text", "event behind it: topic:partition=offset"),
        Column("alerted_on", "date", "day for which the watch list was made", "day"),
        Column("open", "0 or 1", "1 if nobody has acknowledged it"),
        Column("acknowledged_on", "date", "day of the first acknowledgement", "day"),
        Column("acknowledged_by", "party", "who acknowledged it first"),
        EVENT_ID,
        *PLACE,
    ),
    details=("The place and the id are those of the alert; an acknowledgement names the id.",),
    main=("pledge", "reason", "holds_from", "asset", "alerted_on", "open", "acknowledged_by"),
)

VIEWS = (WATCH_LIST, ALERTS)
