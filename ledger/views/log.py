"""The log in the ledger: records with their outcomes, totals, positions."""

from __future__ import annotations

from ledger.views.columns import EVENT_ID, INDUSTRY_COLUMN, KIND_COLUMN, MONEY_COLUMNS, PLACE
from ledger.views.view import COLUMN_FORMS, Column, View, label_of

UNKEPT = "(prose or envelope)"
"""The field of a conflict in data that the book does not keep."""

ID = COLUMN_FORMS["id"].format("id")
"""SQL that renders the column `id`."""

JOURNAL = View(
    "journal",
    "Each row is the record at (topic, partition, offset), with its one outcome.",
    (
        *PLACE,
        Column("outcome", "text", "`accepted`, `duplicate`, `conflict` or `rejected`", "outcome"),
        EVENT_ID,
        Column("source", "text", "publisher of the event"),
        Column("type", "text", "event type", "type"),
        Column("subject", "text", "entity of the event; the Kafka key"),
        Column("occurred_on", "date", "business date", "day"),
        Column("broker_timestamp", "ms since 1970 UTC", "timestamp of the record"),
        Column("value_hash", "hex", "SHA-256 of the value; in binary mode, with its attributes"),
        Column("rule", "text", "rule of the rejection", "rule"),
    ),
    uses=("unread_offset",),
    main=("place", "outcome", "type", "subject", "occurred_on", "rule"),
)

REFUSED = f"""SELECT {label_of("topic", "topic")} AS topic, partition, "offset",
  {label_of("outcome", "outcome")} AS outcome, {label_of("rule", "rule")} AS rule,
  path, reason, arguments, {ID} AS id, source, subject, offsets, size, key, value, headers
FROM rejection JOIN record USING (topic, partition, "offset")"""
"""SQL: one row per rejected record or unreadable batch."""

REJECTIONS = View(
    "rejections",
    "Each row is a record with the outcome rejected or conflict. It moves no total; its bytes are kept up "
    "to a limit. A batch that cannot be read has one row per offset, with its bytes in the first.",
    (
        *PLACE,
        Column("outcome", "text", "`rejected` or `conflict`", "outcome"),
        Column("rule", "text", "first rule that the record breaks, or `conflict`", "rule"),
        Column("path", "text", "path in the event"),
        Column("reason", "text", "code of the reason (docs/reasons.md)"),
        Column("arguments", "JSON", "arguments of the message, such as `given`; long values are cut"),
        Column("id", "text", "event id, if readable", "id"),
        Column("source", "text", "publisher of the event, if readable"),
        Column("subject", "text", "entity of the event, if readable"),
        Column("offsets", "count", "1; in the first row of an unreadable batch, its number of rows"),
        Column("size", "bytes", "length of the original value"),
        Column("key", "bytes", "record key"),
        Column("value", "bytes", "original value; cut if `size` is larger"),
        Column("headers", "JSON", "record headers, as far as kept"),
    ),
    uses=("unread_offset",),
    main=("place", "rule", "path", "reason", "arguments", "outcome", "subject"),
)


CONFLICTS = View(
    "conflicts",
    "Each row is a field in which a record with the outcome conflict differs from the first event with the same "
    "id. The first in the log stands; only a correction decides what is right. Null: the field is absent. Only "
    "what the book keeps is compared (see `statements`).",
    (
        *PLACE,
        Column("subject", "text", "entity of the event"),
        Column("type", "text", "event type in the record", "type"),
        Column("source", "text", "publisher of the event"),
        EVENT_ID,
        Column("field", "text", "field that differs, including `type` and `target` (of a revision)"),
        Column("stands", "text or JSON", "value in the event that stands, as in `statements`"),
        Column("conflicting", "text or JSON", "value in this record"),
    ),
    details=(
        (
            "If all of that is equal, one row with the field `(prose or envelope)` shows that they differ elsewhere: "
            "in a title, a reason, an inventor's name, a CPC symbol, an attribute such as "
            "`time`, or the form of the JSON. `rejections` has the whole record."
        ),
    ),
    uses=("conflict_pair",),
    main=("place", "field", "stands", "conflicting", "subject", "type"),
)

UNMATCHED = View(
    "unmatched",
    "Each row is an accepted event without effect on a basis: its target or registration is missing, it is a "
    "second registration or grant, or it comes after a cancellation. A later event may give them effect.",
    (
        *PLACE,
        Column("basis", "text", "basis without effect", "basis"),
        Column("reason", "text", "reason without effect"),
        Column("type", "text", "event type", "type"),
        Column("source", "text", "publisher of the event"),
        Column("id", "text", "event id", "id"),
        Column("subject", "text", "entity of the event"),
    ),
    main=("place", "basis", "reason", "type", "subject"),
)

STATEMENTS = View(
    "statements",
    "Each row is an original event that has effect, with its facts: those of the replacement if corrected. Voided "
    "events are absent. All entities are derived from them.",
    (
        *PLACE,
        Column("type", "text", "event type", "type"),
        Column("source", "text", "publisher of the event"),
        Column("subject", "text", "entity of the event"),
        Column("occurred_on", "date", "business date", "day"),
        Column("facts", "JSON", "facts for figures: days as YYYYMMDD, money as [ISO 4217 number, minor units]"),
    ),
    uses=("amended", "statement"),
    main=("place", "type", "subject", "occurred_on", "source"),
)

_TOTALS = View(
    "totals",
    "Each row sums the postings (see `lineage`) of one kind, year, region, right, industry and currency, on one basis.",
    (
        Column("basis", "text", "`recorded`, or `corrected` (revisions applied)", "basis"),
        KIND_COLUMN,
        Column("year", "year", "year of the business date"),
        Column("region", "ISO 3166", "region of the first applicant or pledgor", "region"),
        Column("right", "text", "kind of right; `mixed` for several", "right"),
        INDUSTRY_COLUMN,
        *MONEY_COLUMNS,
    ),
    main=("basis", "kind", "year", "region", "right", "industry", "currency", "events", "amount"),
)

POSITIONS = View(
    "positions",
    "Each row is a partition: next - first = accepted + duplicate + conflict + rejected + gap.",
    (
        *PLACE[:2],
        Column("first", "offset", "first offset of the book"),
        Column("next", "offset", "next offset to post"),
        Column("accepted", "count", "records in the figures"),
        Column("duplicate", "count", "records repeated with the same bytes"),
        Column("conflict", "count", "records repeated with other bytes"),
        Column("rejected", "count", "rejected records"),
        Column("gap", "count", "offsets without a record (transaction markers, aborted records)"),
    ),
)

VIEWS = (STATEMENTS, UNMATCHED, CONFLICTS, REJECTIONS, _TOTALS, JOURNAL, POSITIONS)
