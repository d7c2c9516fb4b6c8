"""The log as the ledger has it: every record and what became of it, totals, positions."""

from __future__ import annotations

from ledger.views.columns import EVENT_ID, INDUSTRY, KIND, MONEY_COLUMNS, PLACE
from ledger.views.view import COLUMN_FORMS, Column, View, label_of

UNKEPT = "(prose or envelope)"
"""The field of a conflict of which the book keeps nothing."""

ID = COLUMN_FORMS["id"].format("id")
"""SQL: an id as people see it, from the column of that name."""

JOURNAL = View(
    "journal",
    "one row for each record at (topic, partition, offset), with its one outcome",
    (
        *PLACE,
        Column("outcome", "text", "`accepted`, `duplicate`, `conflict` or `rejected`", "outcome"),
        EVENT_ID,
        Column("source", "text", "who said it"),
        Column("type", "text", "type of the event", "type"),
        Column("subject", "text", "the entity that it is about; the Kafka key"),
        Column("occurred_on", "date", "business date", "day"),
        Column("broker_timestamp", "ms since 1970 UTC", "the record's timestamp"),
        Column("value_hash", "hex", "SHA-256 of the value as it came; in binary mode of its attributes too"),
        Column("rule", "text", "the rule that refused it", "rule"),
    ),
    uses=("unread_offset",),
)

REFUSED = f"""SELECT {label_of("topic", "topic")} AS topic, partition, "offset",
  {label_of("outcome", "outcome")} AS outcome, {label_of("rule", "rule")} AS rule,
  path, reason, arguments, {ID} AS id, source, subject, offsets, size, key, value, headers
FROM rejection JOIN record USING (topic, partition, "offset")"""
"""SQL: a row for each refused record, one for a batch that cannot be read."""

REJECTIONS = View(
    "rejections",
    "the records with outcome rejected or conflict: nothing of them is posted, and their bytes are kept up to a bound. "
    "A batch that cannot be read has a row for each of its offsets; its bytes stand in the first",
    (
        *PLACE,
        Column("outcome", "text", "`rejected` or `conflict`", "outcome"),
        Column("rule", "text", "the first rule that the record breaks; `conflict` for a conflict", "rule"),
        Column("path", "text", "where in the event"),
        Column("reason", "text", "why, as a code; `ip-ledger rejections` and docs/reasons.md have the sentence"),
        Column("arguments", "JSON", "what the sentence names, such as `given`: the value as JSON, cut where long"),
        Column("id", "text", "event id, where one could be read", "id"),
        Column("source", "text", "who said it, where that could be read"),
        Column("subject", "text", "the entity, where that could be read"),
        Column("offsets", "count", "1; in the first row of a batch that cannot be read, how many rows it has"),
        Column("size", "bytes", "length of the value as it came"),
        Column("key", "bytes", "the record's key"),
        Column("value", "bytes", "the record's value as it came; cut where `size` is larger"),
        Column("headers", "JSON", "the record's headers, as far as they are kept"),
    ),
    uses=("unread_offset",),
)


CONFLICTS = View(
    "conflicts",
    "the records with outcome conflict, a row for each field in which one differs from the event of the same id that "
    "stands. What stands is what came first in the log, not what is right: that is for a correction to say. A field "
    "that one of them does not say is null there. Compared is what the book keeps (see `statements`); where all of it "
    f"is equal, one row with the field `{UNKEPT}` says that they differ in what is not kept: a title, a reason, an "
    "inventor's name, an IPC symbol that changes neither industry nor scope, an attribute such as `time`, or how the "
    "JSON is written. The whole record is in `rejections`",
    (
        *PLACE,
        Column("subject", "text", "the entity that it is about"),
        Column("type", "text", "type of the event, as the record says it", "type"),
        Column("source", "text", "who said it"),
        EVENT_ID,
        Column("field", "text", "what differs; `type` and `target` (of a correction or voiding) are fields too"),
        Column("stands", "text or JSON", "what the event that stands says of it, as in `statements`"),
        Column("told", "text or JSON", "what this record says of it"),
    ),
    uses=("conflict_pair",),
)

UNMATCHED = View(
    "unmatched",
    "accepted events without effect on a basis: their target or registration is not there, a second "
    "registration or grant, anything after a cancellation; a later event may give them effect",
    (
        *PLACE,
        Column("basis", "text", "the basis on which it has no effect", "basis"),
        Column("reason", "text", "why it has none"),
        Column("type", "text", "type of the event", "type"),
        Column("source", "text", "who said it"),
        Column("id", "text", "event id", "id"),
        Column("subject", "text", "the entity that it is about"),
    ),
)

STATEMENTS = View(
    "statements",
    "the original events that have effect, each with the facts that it has: those of its replacement where it was "
    "corrected, none where it was voided; all that is said of entities is made of them",
    (
        *PLACE,
        Column("type", "text", "type of the event", "type"),
        Column("source", "text", "who said it"),
        Column("subject", "text", "the entity that it is about"),
        Column("occurred_on", "date", "business date", "day"),
        Column("facts", "JSON", "what figures need of it: days as YYYYMMDD, money as [ISO 4217 number, minor units]"),
    ),
    uses=("statement",),
)

TOTALS = View(
    "totals",
    "sum of the postings (see `lineage`) by kind, year, region, right, industry and currency, on each basis",
    (
        Column(
            "basis", "text", "`recorded`: as said at the time; `corrected`: corrections and voidings applied", "basis"
        ),
        KIND,
        Column("year", "year", "of the business date"),
        Column("region", "ISO 3166", "of the first applicant or pledgor; null where not said", "region"),
        Column("right", "text", "kind of right; `mixed` where assets differ", "right"),
        INDUSTRY,
        *MONEY_COLUMNS,
    ),
)

POSITIONS = View(
    "positions",
    "next - first = accepted + duplicate + conflict + rejected + gap, for each partition",
    (
        *PLACE[:2],
        Column("first", "offset", "where the book began"),
        Column("next", "offset", "the next offset to post"),
        Column("accepted", "count", "records that are part of the figures"),
        Column("duplicate", "count", "said again with the same bytes"),
        Column("conflict", "count", "said again with other bytes"),
        Column("rejected", "count", "refused, with the rule"),
        Column("gap", "count", "offsets that hold no record (transaction markers, aborted records)"),
    ),
)

VIEWS = (STATEMENTS, UNMATCHED, CONFLICTS, REJECTIONS, TOTALS, JOURNAL, POSITIONS)
