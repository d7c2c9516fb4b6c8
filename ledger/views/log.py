"""The log as the ledger has it: every record and what became of it, postings, totals, positions."""

from __future__ import annotations

from ledger.posting.constants import CONFLICT_RULE, Outcome
from ledger.views.view import AMOUNT, AMOUNT_MINOR, MONEY_COLUMNS, Column, View, day, named, statement

UNKEPT = "(prose or envelope)"
"""The field of a conflict of which the book keeps nothing."""

_PLACE = (
    Column("topic", "text", "plain name of the topic"),
    Column("partition", "number", "partition of the topic"),
    Column("offset", "number", "offset of the record"),
)
_CELL = (
    Column("basis", "text", "`recorded`: as said at the time; `corrected`: corrections and voidings applied"),
    Column("kind", "text", "what is counted: `grants`, `pledges`, ...; see the glossary"),
)
_CELL_END = (
    Column("region", "ISO 3166", "of the first applicant or pledgor; null where not said"),
    Column("right", "text", "kind of right; `mixed` where assets differ"),
    Column("industry", "code", "`ALL` for the whole; else the industry's share"),
)
_UUID = "substr(lower(hex(id)), {}, {})"
_ID = "CASE typeof(id) WHEN 'blob' THEN " + " || '-' || ".join(
    _UUID.format(start, length) for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
)
ID = f"{_ID} ELSE id END"

_FURTHER = """(
  WITH RECURSIVE place(topic, partition, first, "offset", further) AS (
    SELECT topic, partition, "offset", "offset", offsets - 1 FROM rejection WHERE offsets > 1
    UNION ALL
    SELECT topic, partition, first, "offset" + 1, further - 1 FROM place WHERE further > 0
  )
  SELECT topic, partition, first, "offset" FROM place WHERE "offset" > first
) AS place JOIN rejection AS r USING (topic, partition) JOIN record AS j USING (topic, partition)
WHERE r."offset" = place.first AND j."offset" = place.first"""
"""SQL: the offsets behind the first one of batches that cannot be read, with the row that stands for all of them."""

JOURNAL = View(
    "journal",
    "one row for each record at (topic, partition, offset), with its one outcome",
    (
        *_PLACE,
        Column("outcome", "text", "`accepted`, `duplicate`, `conflict` or `rejected`"),
        Column("id", "text", "event id; UUIDs in lower case"),
        Column("source", "text", "who said it"),
        Column("type", "text", "type of the event"),
        Column("subject", "text", "the entity that it is about; the Kafka key"),
        Column("occurred_on", "date", "business date"),
        Column("broker_timestamp", "ms since 1970 UTC", "the record's timestamp"),
        Column("value_hash", "hex", "SHA-256 of the value as it came; in binary mode of its attributes too"),
        Column("rule", "text", "the rule that refused it"),
    ),
    f"""SELECT {named("topic", "topic")} AS topic, partition, "offset",
  {named("outcome", "outcome")} AS outcome, {ID} AS id, source, {named("type", "type")} AS type, subject,
  {day("occurred_on")} AS occurred_on, timestamp AS broker_timestamp, lower(hex(hash)) AS value_hash,
  {named("rule", "rule")} AS rule
FROM record LEFT JOIN rejection USING (topic, partition, "offset")
UNION ALL
SELECT {named("topic", "topic")}, partition, place."offset", {named("outcome", "outcome")}, NULL, NULL, NULL, NULL,
  NULL, timestamp, lower(hex(hash)), {named("rule", "rule")}
FROM {_FURTHER}""",
)

REFUSED = f"""SELECT {named("topic", "topic")} AS topic, partition, "offset", {named("outcome", "outcome")} AS outcome,
  {named("rule", "rule")} AS rule, path, reason, arguments, {ID} AS id, source, subject, offsets, size, key, value,
  headers
FROM rejection JOIN record USING (topic, partition, "offset")"""
"""SQL: a row for each refused record, one for a batch that cannot be read."""

REJECTIONS = View(
    "rejections",
    "the records with outcome rejected or conflict: nothing of them is posted, and their bytes are kept up to a bound. "
    "A batch that cannot be read has a row for each of its offsets; its bytes stand in the first",
    (
        *_PLACE,
        Column("outcome", "text", "`rejected` or `conflict`"),
        Column("rule", "text", "the first rule that the record breaks; `conflict` for a conflict"),
        Column("path", "text", "where in the event"),
        Column("reason", "text", "why, as a code; `ip-ledger rejections` and docs/reasons.md have the sentence"),
        Column("arguments", "JSON", "what the sentence names, such as `given`: the value as JSON, cut where long"),
        Column("id", "text", "event id, where one could be read"),
        Column("source", "text", "who said it, where that could be read"),
        Column("subject", "text", "the entity, where that could be read"),
        Column("offsets", "count", "1; in the first row of a batch that cannot be read, how many rows it has"),
        Column("size", "bytes", "length of the value as it came"),
        Column("key", "bytes", "the record's key"),
        Column("value", "bytes", "the record's value as it came; cut where `size` is larger"),
        Column("headers", "JSON", "the record's headers, as far as they are kept"),
    ),
    f"""{REFUSED}
UNION ALL
SELECT {named("topic", "topic")}, partition, place."offset", {named("outcome", "outcome")}, {named("rule", "rule")},
  path, reason, arguments, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM {_FURTHER}""",
)


def _fields(event: str) -> str:
    """SQL: what is kept of an event, as one JSON object by its fields; of a correction those of its replacement."""
    told = f"json_set(coalesce({event}.facts -> '$[1]', '{{}}'), '$.target', {event}.facts ->> '$[0]')"
    facts = f"iif(json_type({event}.facts) = 'array', {told}, {event}.facts)"
    return f"json_set({facts}, '$.type', {named('type', f'{event}.type')})"


CONFLICTS = View(
    "conflicts",
    "the records with outcome conflict, a row for each field in which one differs from the event of the same id that "
    "stands. What stands is what came first in the log, not what is right: that is for a correction to say. A field "
    "that one of them does not say is null there. Compared is what the book keeps (see `statements`); where all of it "
    f"is equal, one row with the field `{UNKEPT}` says that they differ in what is not kept: a title, a reason, an "
    "inventor's name, an IPC symbol that changes neither industry nor scope, an attribute such as `time`, or how the "
    "JSON is written. The whole record is in `rejections`",
    (
        *_PLACE,
        Column("subject", "text", "the entity that it is about"),
        Column("type", "text", "type of the event, as the record says it"),
        Column("source", "text", "who said it"),
        Column("id", "text", "event id; UUIDs in lower case"),
        Column("field", "text", "what differs; `type` and `target` (of a correction or voiding) are fields too"),
        Column("stands", "text or JSON", "what the event that stands says of it, as in `statements`"),
        Column("told", "text or JSON", "what this record says of it"),
    ),
    f"""WITH pair AS MATERIALIZED (
  SELECT c.topic, c.partition, c."offset", c.subject, c.type, c.source, c.id, {_fields("s")} AS stands,
    {_fields("c")} AS told
  FROM rejection AS x
  CROSS JOIN record AS c ON c.topic = x.topic AND c.partition = x.partition AND c."offset" = x."offset"
  CROSS JOIN record AS s INDEXED BY record_by_subject ON s.outcome = {Outcome.ACCEPTED} AND s.subject = c.subject
    AND s.topic = c.topic AND s.partition = c.partition AND s.source = c.source AND s.id = c.id
  WHERE x.rule = {CONFLICT_RULE}
),
field AS (
  SELECT pair.*, key AS field, f.id AS place
  FROM pair LEFT JOIN json_each(json_patch(stands, told)) AS f ON stands -> key IS NOT told -> key
)
SELECT {named("topic", "topic")} AS topic, partition, "offset", subject, {named("type", "type")} AS type, source,
  {ID} AS id, coalesce(field, '{UNKEPT}') AS field, CAST(stands ->> field AS TEXT) AS stands,
  CAST(told ->> field AS TEXT) AS told
FROM field ORDER BY field.topic, partition, "offset", place""",
)

UNMATCHED = View(
    "unmatched",
    "accepted events without effect on a basis: their target or registration is not there, a second "
    "registration or grant, anything after a cancellation; a later event may give them effect",
    (
        *_PLACE,
        Column("basis", "text", "the basis on which it has no effect"),
        Column("reason", "text", "why it has none"),
        Column("type", "text", "type of the event"),
        Column("source", "text", "who said it"),
        Column("id", "text", "event id"),
        Column("subject", "text", "the entity that it is about"),
    ),
    f"""SELECT {named("topic", "topic")} AS topic, partition, "offset", {named("basis", "basis")} AS basis, reason,
  {named("type", "type")} AS type, source, {ID} AS id, subject
FROM waiting JOIN record USING (topic, partition, "offset")""",
)

STATEMENTS = View(
    "statements",
    "the original events that have effect, each with the facts that it has: those of its replacement where it was "
    "corrected, none where it was voided; all that is said of entities is made of them",
    (
        *_PLACE,
        Column("type", "text", "type of the event"),
        Column("source", "text", "who said it"),
        Column("subject", "text", "the entity that it is about"),
        Column("occurred_on", "date", "business date"),
        Column("facts", "JSON", "what figures need of it: days as YYYYMMDD, money as [ISO 4217 number, minor units]"),
    ),
    f"""SELECT {named("topic", "topic")} AS topic, partition, "offset", {named("type", "said.family")} AS type,
  source, subject, {day("day")} AS occurred_on, CAST(facts AS TEXT) AS facts
FROM (
{statement("statement")}) AS said""",
)

POSTINGS = View(
    "postings",
    "what the entity contributes after the record minus what it contributed before, cell by cell, on each basis",
    (*_PLACE, *_CELL, Column("date", "date", "business date of the cell"), *_CELL_END, *MONEY_COLUMNS),
    f"""SELECT {named("topic", "topic")} AS topic, partition, "offset", basis.name AS basis,
  {named("kind", "kind")} AS kind, {day("date")} AS date, nullif(region, '') AS region,
  {named("right", '"right"')} AS "right",
  (SELECT code FROM industry WHERE number = posting.industry) AS industry, code AS currency, events, with_amount,
  {AMOUNT} AS amount, {AMOUNT_MINOR} AS amount_minor
FROM posting JOIN constant AS basis ON basis.family = 'basis' AND basis.number & posting.basis
LEFT JOIN currency ON currency.number = posting.currency""",
)

_SIDES = "\n  UNION ALL\n".join(
    f"""  SELECT '{basis}' AS basis, kind, year, region, "right", industry, currency, {basis}_events AS events,
    {basis}_with_amount AS with_amount, {basis}_high AS high, {basis}_low AS low FROM total"""
    for basis in ("recorded", "corrected")
)
TOTALS = View(
    "totals",
    "sum of the postings by kind, year, region, right, industry and currency, on each basis",
    (*_CELL, Column("year", "year", "of the business date"), *_CELL_END, *MONEY_COLUMNS),
    f"""SELECT basis, {named("kind", "kind")} AS kind, year, nullif(region, '') AS region,
  {named("right", '"right"')} AS "right", (SELECT code FROM industry WHERE number = side.industry) AS industry,
  code AS currency, events, with_amount, {AMOUNT} AS amount, {AMOUNT_MINOR} AS amount_minor
FROM (
{_SIDES}
) AS side LEFT JOIN currency ON currency.number = side.currency
WHERE events != 0 OR with_amount != 0 OR high != 0 OR low != 0""",
)

POSITIONS = View(
    "positions",
    "next - first = accepted + duplicate + conflict + rejected + gap, for each partition",
    (
        *_PLACE[:2],
        Column("first", "offset", "where the book began"),
        Column("next", "offset", "the next offset to post"),
        Column("accepted", "count", "records that are part of the figures"),
        Column("duplicate", "count", "said again with the same bytes"),
        Column("conflict", "count", "said again with other bytes"),
        Column("rejected", "count", "refused, with the rule"),
        Column("gap", "count", "offsets that hold no record (transaction markers, aborted records)"),
    ),
    f"""SELECT {named("topic", "topic")} AS topic, partition, first, next, accepted, duplicate, conflict, rejected, gap
FROM position""",
)

VIEWS = (STATEMENTS, UNMATCHED, CONFLICTS, REJECTIONS, TOTALS, POSTINGS, JOURNAL, POSITIONS)
