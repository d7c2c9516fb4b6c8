"""The way from a valuation to money: stages that assets reach, and prospects of licences on offer."""

from __future__ import annotations

from ledger.views.columns import CURRENCY, INDUSTRY_COLUMN, PLACE, amount_columns
from ledger.views.view import Column, View

_STAGES = "`requested`, `valued`, `offered`, `licensed`, `assigned`, `pledged`, `paid` or `released`"
FUNNEL = View(
    "funnel",
    "Each row counts the assets of an industry, region and sort of owner for which a valuation was requested or "
    "completed up to the day, and how many reached a stage on or after that first day.",
    (
        INDUSTRY_COLUMN._replace(meaning="of the valuation, else of the patent, or `UNK`"),
        Column("region", "ISO 3166", "of the valuation, else of the patent; null: not given", "region"),
        Column("owner_type", "text", "as the patent's documents state it: `company`, `person`, ...; else `unknown`"),
        Column("stage", "text", _STAGES),
        Column("assets", "count", "assets requested or valued"),
        Column("reached", "count", "assets that reached the stage"),
        Column("share", "ratio", "reached / assets"),
        Column("days", "approximate", "mean days from the first request or valuation to the stage"),
    ),
    details=(
        "offered: an open licence was declared. licensed: a licence was recorded or an open licence accepted.",
        "paid: the loan of the pledge's deal was disbursed. released: the asset left the pool or the pledge ended.",
        "Mergers and changes of name are not assignments. Assets of later years have had less time.",
    ),
    uses=("journey_first", "journey_known", "journey_begun", "journey_asked", "journey", "journey_sum"),
    narrowed={
        "industry": {"journey_known": "journey_known_of_industry", "journey_asked": "journey_of_industry"},
        "region": {"journey_known": "journey_known_of_region", "journey_asked": "journey_of_region"},
    },
)
PROSPECTS = View(
    "prospects",
    "Each row is the owner of a grant that cites a patent which is open for a licence on the day: somebody who works "
    "in that field. The place is that of the citing grant's first record.",
    (
        Column("offer", "text", "id of the open licence"),
        Column("patent", "text", "patent on offer"),
        Column("prospect", "party", "assignee printed on the citing grant, else its applicant"),
        Column("grant_id", "text", "the citing grant"),
        Column("cited_on", "date", "day of that grant", "day"),
        *PLACE,
    ),
    details=(
        "The patentees of the offer are left out, by name.",
        "A citation is neither a use of the patent nor a wish for a licence.",
    ),
    uses=("open_offer",),
)
_OFFERS = View(
    "offers",
    "Each row is an asset that is open for a licence on the day (Patent Law Art. 50).",
    (
        Column("offer", "text", "id of the open licence"),
        Column("patent", "text", "asset on offer"),
        Column("patentee", "party", "first patentee of the declaration"),
        Column("declared_on", "date", "day of the announcement", "day"),
        Column("region", "ISO 3166", "region of the first patentee"),
        Column("fee", "text", "`fixed`, `royalty`, `free` or `mixed`; null: not given"),
        CURRENCY,
        *amount_columns("amount", "the fixed fee"),
        Column("royalty_bp", "basis points", "the running royalty in hundredths of a percent"),
        *PLACE,
    ),
    uses=("open_offer",),
    main=("offer", "patent", "patentee", "declared_on", "fee", "amount", "currency"),
)
_NEEDS = View(
    "needs",
    "Each row is a need that is open on the day: what somebody looks for. `ip-ledger match` compares it with "
    "patents on offer.",
    (
        Column("need", "text", "id of the need"),
        Column("seeker", "party", "who looks for it; null: not named"),
        Column("region", "ISO 3166", "where the right is to be used"),
        Column("text", "text", "what is sought"),
        Column("codes", "text", "symbols of IPC and CPC, separated by spaces"),
        Column("published_on", "date", "day of the publication", "day"),
        Column("valid_to", "date", "its last day; null if open-ended", "day"),
        *PLACE,
    ),
    main=("need", "seeker", "region", "text", "codes", "valid_to"),
)

VIEWS = (FUNNEL, PROSPECTS, _OFFERS, _NEEDS)
