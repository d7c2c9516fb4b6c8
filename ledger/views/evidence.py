"""Where a figure comes from, and whether all is there."""

from __future__ import annotations

from ledger.posting.constants import Outcome
from ledger.views.log import ID
from ledger.views.view import AMOUNT, AMOUNT_MINOR, MONEY_COLUMNS, Column, View, day, named
from streams.moment import FIRST, LAST

LINEAGE = View(
    "lineage",
    "the postings behind the totals, each with the event that made it: a total is the sum of the rows that have its "
    "kind, year, region, right, industry (`ALL` for the whole, else the shares) and currency. Of a correction or "
    "voiding they are what it took away and what it put in its place, so that a closed year shows what restated it. "
    "Filter it: `ip-ledger view lineage --where kind=pledges --year 2023 --industry AI`",
    (
        Column("kind", "text", "what is counted: `grants`, `pledges`, ...; see the glossary"),
        Column("year", "year", "of the business date"),
        Column("date", "date", "business date at which it counts"),
        Column("region", "ISO 3166", "of the first applicant or pledgor; null where not said"),
        Column("right", "text", "kind of right; `mixed` where assets differ; null where there is none"),
        Column("industry", "code", "`ALL` for the whole; else the industry's share"),
        *MONEY_COLUMNS,
        Column("topic", "text", "plain name of the topic"),
        Column("partition", "number", "partition of the topic"),
        Column("offset", "number", "offset of the event"),
        Column("type", "text", "type of the event"),
        Column("source", "text", "who said it"),
        Column("id", "text", "event id; UUIDs in lower case"),
        Column("subject", "text", "the entity that it is about"),
        Column("restated", "0 or 1", "1 where the event is a correction or voiding"),
        Column("target", "text", "id of the event that it corrects or voids, else null"),
        Column("industry_map", "version", "map from IPC symbols to industries that the book was folded by"),
        Column("fold_version", "number", "version of the rules that the book was folded by"),
    ),
    f"""SELECT kind.name AS kind, p.date / 10000 AS year, {day("p.date")} AS date, nullif(p.region, '') AS region,
  {named("right", 'p."right"')} AS "right", i.code AS industry, c.code AS currency, events, with_amount,
  {AMOUNT} AS amount, {AMOUNT_MINOR} AS amount_minor, {named("topic", "p.topic")} AS topic, p.partition, p."offset",
  {named("type", "r.type")} AS type, r.source, {ID} AS id, r.subject, r.type % 10 != 0 AS restated,
  iif(r.type % 10 != 0, r.facts ->> '$[0]', NULL) AS target,
  (SELECT value FROM meta WHERE name = 'industry_map') AS industry_map,
  (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'fold_version') AS fold_version
FROM posting AS p JOIN constant AS kind ON kind.family = 'kind' AND kind.number = p.kind
JOIN industry AS i ON i.number = p.industry
JOIN record AS r ON r.topic = p.topic AND r.partition = p.partition AND r."offset" = p."offset"
LEFT JOIN currency AS c ON c.number = p.currency
WHERE p.basis & @basis
ORDER BY p.topic, p.partition, p."offset\"""",
)

_FINDINGS = f"""SELECT topic, 'not in the book' AS finding, NULL AS basis, NULL AS detail, sum(first) AS count,
    NULL AS newest
  FROM position GROUP BY topic
  UNION ALL
  SELECT topic, 'gap', NULL, NULL, sum(gap), NULL FROM position GROUP BY topic
  UNION ALL
  SELECT topic, iif(outcome = {Outcome.DUPLICATE}, 'duplicate', 'restatement'), NULL, NULL, count(*), max(timestamp)
  FROM record WHERE outcome = {Outcome.DUPLICATE} OR outcome = {Outcome.ACCEPTED} AND type % 10 != 0
  GROUP BY topic, outcome
  UNION ALL
  SELECT topic, {named("outcome", "outcome")}, NULL, {named("rule", "rule")}, sum(offsets), max(timestamp)
  FROM rejection JOIN record USING (topic, partition, "offset") GROUP BY topic, outcome, rule
  UNION ALL
  SELECT topic, 'unmatched', {named("basis", "basis")}, reason, count(*), max(timestamp)
  FROM waiting JOIN record USING (topic, partition, "offset") GROUP BY topic, basis, reason
  UNION ALL
  SELECT topic, iif(facts IS NULL, 'voided', 'corrected'), NULL, NULL, count(*), NULL
  FROM amendment GROUP BY topic, facts IS NULL"""

INTEGRITY = View(
    "integrity",
    "what of the log is in no figure, or in another than it first was, by topic; what does not occur has no row. "
    "`not in the book`: offsets before the book's first. `gap`: offsets without a record (transaction markers, aborted "
    "records). `duplicate`: said again with the same bytes, and dropped. `conflict`: said again with other bytes. "
    "`rejected`: by the rule that refused it. `unmatched`: accepted and without effect on a basis, by reason. "
    "`restatement`: accepted corrections and voidings, with the newest one. `corrected`, `voided`: events that stand "
    "corrected, or are taken out. The rows of `positions` prove that nothing else is missing",
    (
        Column("topic", "text", "plain name of the topic"),
        Column("finding", "text", "what was found; see the formula"),
        Column("basis", "text", "the basis on which it has no effect, else null"),
        Column("detail", "text", "the rule that refused it, or the reason why it has no effect; else null"),
        Column("count", "count", "how many records or offsets"),
        Column("newest", "time UTC", "broker's timestamp of the newest such record; null where there is none"),
    ),
    f"""SELECT {named("topic", "f.topic")} AS topic, finding, basis, detail, count,
  strftime('%Y-%m-%dT%H:%M:%SZ', min(max(newest, {FIRST}), {LAST}) / 1000, 'unixepoch') AS newest
FROM ({_FINDINGS}) AS f WHERE count > 0 ORDER BY topic, finding, basis, detail""",
)

VIEWS = (LINEAGE, INTEGRITY)
