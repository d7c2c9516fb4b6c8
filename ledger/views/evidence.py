"""Where a figure comes from, and whether all is there."""

from __future__ import annotations

from ledger.views.columns import EVENT_ID, INDUSTRY, KIND, MONEY_COLUMNS
from ledger.views.view import Column, View

LINEAGE = View(
    "lineage",
    "the postings behind the totals, each with the event that made it: a total is the sum of the rows that have its "
    "kind, year, region, right, industry (`ALL` for the whole, else the shares) and currency. Of a correction or "
    "voiding they are what it took away and what it put in its place, so that a closed year shows what restated it. "
    "Filter it: `ip-ledger view lineage --where kind=pledges --year 2023 --industry AI`",
    (
        KIND,
        Column("year", "year", "of the business date"),
        Column("date", "date", "business date at which it counts", "day"),
        Column("region", "ISO 3166", "of the first applicant or pledgor; null where not said", "region"),
        Column("right", "text", "kind of right; `mixed` where assets differ; null where there is none", "right"),
        INDUSTRY,
        *MONEY_COLUMNS,
        Column("topic", "text", "plain name of the topic", "topic"),
        Column("partition", "number", "partition of the topic"),
        Column("offset", "number", "offset of the event"),
        Column("type", "text", "type of the event", "type"),
        Column("source", "text", "who said it"),
        EVENT_ID,
        Column("subject", "text", "the entity that it is about"),
        Column("restated", "0 or 1", "1 where the event is a correction or voiding"),
        Column("target", "text", "id of the event that it corrects or voids, else null"),
        Column("industry_map", "version", "map from IPC symbols to industries that the book was folded by"),
        Column("fold_version", "number", "version of the rules that the book was folded by"),
    ),
)

INTEGRITY = View(
    "integrity",
    "what of the log is in no figure, or in another than it first was, by topic; what does not occur has no row. "
    "`not in the book`: offsets before the book's first. `gap`: offsets without a record (transaction markers, aborted "
    "records). `duplicate`: said again with the same bytes, and dropped. `conflict`: said again with other bytes. "
    "`rejected`: by the rule that refused it. `unmatched`: accepted and without effect on a basis, by reason. "
    "`restatement`: accepted corrections and voidings, with the newest one. `corrected`, `voided`: events that stand "
    "corrected, or are taken out. The rows of `positions` prove that nothing else is missing",
    (
        Column("topic", "text", "plain name of the topic", "topic"),
        Column("finding", "text", "what was found; see the formula"),
        Column("basis", "text", "the basis on which it has no effect, else null", "basis"),
        Column("detail", "text", "the rule that refused it, or the reason why it has no effect; else null"),
        Column("count", "count", "how many records or offsets"),
        Column("newest", "time UTC", "broker's timestamp of the newest such record; null where there is none"),
    ),
    uses=("finding",),
)

VIEWS = (LINEAGE, INTEGRITY)
