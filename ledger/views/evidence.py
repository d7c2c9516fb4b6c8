"""The origin of figures, and their completeness."""

from __future__ import annotations

from ledger.views.columns import EVENT_ID, INDUSTRY_COLUMN, KIND_COLUMN, MONEY_COLUMNS
from ledger.views.view import Column, View

LINEAGE = View(
    "lineage",
    "Each row is a posting behind the totals, with its event. A total is the sum of the rows with its kind, year, "
    "region, right, industry (`ALL` for the whole, else shares) and currency.",
    (
        KIND_COLUMN,
        Column("year", "year", "year of the business date"),
        Column("date", "date", "business date of the posting", "day"),
        Column("region", "ISO 3166", "region of the first applicant or pledgor", "region"),
        Column("right", "text", "right; `mixed` for several; null without one", "right"),
        INDUSTRY_COLUMN,
        *MONEY_COLUMNS,
        Column("topic", "text", "topic name", "topic"),
        Column("partition", "number", "partition number"),
        Column("offset", "number", "event offset"),
        Column("broker_timestamp", "ms since 1970 UTC", "timestamp of the record"),
        Column("type", "text", "event type", "type"),
        Column("source", "text", "publisher of the event"),
        EVENT_ID,
        Column("subject", "text", "entity of the event"),
        Column("restated", "0 or 1", "1 for a correction or void"),
        Column("target", "text", "id of the corrected or voided event"),
        Column("industry_map", "version", "industry map of the book"),
        Column("fold_version", "number", "fold version of the book"),
    ),
    details=(
        (
            "For a correction or void the postings remove the old lines and add the new ones, so a closed year shows "
            "what restated it."
        ),
        "Filter it: `ip-ledger view lineage --where kind=pledges --year 2023 --industry AI`.",
    ),
    main=("kind", "date", "industry", "currency", "amount", "place", "subject", "region", "right", "type"),
)

INTEGRITY = View(
    "integrity",
    "Each row counts events of a topic that are in no figure, or in another figure than at first: `not in the "
    "book`, `gap`, `duplicate`, `conflict`, `rejected` (by rule), `unmatched` (by reason), `restatement`, "
    "`corrected`, `voided`. A finding that does not occur has no row. The rows of `positions` prove that nothing "
    "else is missing.",
    (
        Column("topic", "text", "topic name", "topic"),
        Column("finding", "text", "kind of finding (see the formula)"),
        Column("basis", "text", "basis without effect; null otherwise", "basis"),
        Column("detail", "text", "rule of a rejection, or reason without effect"),
        Column("count", "count", "records or offsets"),
        Column("newest", "time UTC", "broker timestamp of the newest such record"),
    ),
    details=(
        "`not in the book`: offsets before the book's first.",
        "`gap`: offsets without a record (transaction markers, aborted records).",
        "`duplicate`: repeated with the same bytes, ignored.",
        "`conflict`: repeated with other bytes.",
        "`rejected`: by the rule that it breaks.",
        "`unmatched`: accepted, without effect on a basis.",
        "`restatement`: accepted corrections and voids, with the newest.",
        "`corrected`, `voided`: events that now stand corrected or removed.",
    ),
    uses=("finding",),
)

VIEWS = (LINEAGE, INTEGRITY)
