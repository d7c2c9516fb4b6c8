"""The grounds on which the registration of a patent pledge is refused, R1 to R12, told of what the book knows.

They are those of Art. 11 (1) to (12) of the Measures for Registration of Patent Pledge (CNIPA Announcement 461 of
2021). Their SQL is written once over a relation of candidates: the view feeds it the registrations of the book, and
`publish --strict` those that are not yet published. Imported history is flagged and never refused: the register is the
truth.
"""

from __future__ import annotations

from ledger.posting.cells import RIGHTS
from ledger.views.statements import TERM, statements
from ledger.views.view import Column, View, day, shifted
from schemas.events import (
    CEASED,
    CHALLENGED,
    DISCHARGED,
    FEE_PAID,
    FILED,
    GRANTED,
    INVALIDATED,
    PRESERVED,
    PUBLISHED,
    TERM_ADJUSTED,
    UPHELD,
)

_ANY_PATENT = RIGHTS["plant"]  # the rights of patents have the numbers up to this one
_SAME_PARTY = "iif({0} ->> '$.id' IS NULL OR {1} ->> '$.id' IS NULL, {0} ->> '$.name' = {1} ->> '$.name',"
_SAME_PARTY += " {0} ->> '$.id' = {1} ->> '$.id')"
_NAMES = """(SELECT group_concat(name, char(10)) FROM (
      SELECT value ->> '$.name' AS name FROM json_each({}) ORDER BY name
    ))"""

# An asset that a pool names twice is one. What was said of a patent is gathered in one pass over its statements, those
# dated up to the day. Preservations and discharges alternate in a life, so that counting them is right in any order of
# the log; a challenge is pending until a decision that is dated no earlier. Of term adjustments the last in the log
# counts: offset and day are put into one number.
_PATENTS = f"""
asset AS MATERIALIZED (
  SELECT number, subject AS pledge, day, min(a.key) AS place, a.value ->> '$.id' AS id,
    max(a.value ->> '$.right', {_ANY_PATENT}) AS class
  FROM candidate, json_each(facts, '$.assets') AS a GROUP BY number, a.value ->> '$.id', class
),
patented AS MATERIALIZED (
  SELECT number, place, day, id FROM asset WHERE class = {_ANY_PATENT} GROUP BY number, place
),
said AS (
  SELECT a.number, a.place, a.day AS registered_on, s.family, s."offset", s.day, s.day <= a.day AS known, s.facts
  FROM patented AS a CROSS JOIN {
    statements(
        *("patent." + stem for stem in ("filed", "published", "granted", "ceased", "invalidated", "challenged")),
        *("patent." + stem for stem in ("upheld", "preserved", "discharged", "term_adjusted", "fee_paid")),
    )
} AS s ON s.subject = a.id
),
gathered AS (
  SELECT number, place, registered_on, min(day) FILTER (WHERE family = {GRANTED}) AS granted_on,
    count(*) FILTER (WHERE family IN ({FILED}, {PUBLISHED})) AS documents,
    max(facts) FILTER (WHERE known AND family = {GRANTED}) AS "grant",
    max(facts) FILTER (WHERE known AND family = {PUBLISHED}) AS publication,
    max(facts) FILTER (WHERE known AND family = {FILED}) AS filing,
    min(day) FILTER (WHERE known AND family = {CEASED}) AS ceased_on,
    min(day) FILTER (WHERE known AND family = {INVALIDATED} AND facts ->> '$.extent' = 'full') AS invalid_on,
    max(facts ->> '$.fee_year') FILTER (WHERE known AND family = {FEE_PAID}) AS fee_year,
    count(*) FILTER (WHERE known AND family = {PRESERVED}) AS preservations,
    count(*) FILTER (WHERE known AND family = {DISCHARGED}) AS discharges,
    max(day) FILTER (WHERE known AND family = {PRESERVED}) AS preserved_on,
    max(day) FILTER (WHERE known AND family = {CHALLENGED}) AS challenged_on,
    max(day) FILTER (WHERE known AND family IN ({UPHELD}, {INVALIDATED})) AS decided_on,
    max("offset" * 100000000 + (facts ->> '$.expires_on')) FILTER (WHERE known AND family = {TERM_ADJUSTED})
      % 100000000 AS expires_on
  FROM said GROUP BY number, place
),
dated AS (
  SELECT *, "grant" ->> '$.office' AS office, "grant" ->> '$.right' AS "right",
    coalesce("grant" ->> '$.filed_on', filing ->> '$.occurred_on', publication ->> '$.filed_on') AS filed_on,
    coalesce("grant" -> '$.applicants', '[]') AS applicants,
    coalesce(nullif("grant" -> '$.assignees', '[]'), "grant" -> '$.applicants', '[]') AS patentees
  FROM gathered
),
patent AS MATERIALIZED (
  SELECT *, coalesce({shifted("expires_on", "'+1 day'")}, {TERM}) AS term_end,
    {shifted("filed_on", "'+' || fee_year || ' years'")} AS fee_due_on
  FROM dated
)"""

# Assignments lie in partitions of their own, which have no common order: their business dates decide.
_OWNERS = f"""
conveyance AS MATERIALIZED (
  SELECT number, place, owners FROM (SELECT a.number, a.place, s.facts -> '$.assignees' AS owners, row_number() OVER (
    PARTITION BY a.number, a.place
    ORDER BY s.day DESC, coalesce(s.facts ->> '$.executed_on', s.day) DESC, s.partition DESC, s."offset" DESC
  ) AS from_last
  FROM {statements("assignment.recorded")} AS s CROSS JOIN json_each(s.facts, '$.assets') AS conveyed
  CROSS JOIN patented AS a ON a.id = conveyed.value ->> '$.id'
  WHERE conveyed.value ->> '$.right' <= {_ANY_PATENT} AND s.day <= a.day
    AND s.facts ->> '$.conveyance' IN ('assignment', 'merger', 'change_of_name')
  ) WHERE from_last = 1
),
owned AS (
  SELECT number, place, coalesce(max(assignees), max(patentees)) AS owners
  FROM (
    SELECT number, place, owners AS assignees, NULL AS patentees FROM conveyance
    UNION ALL
    SELECT number, place, NULL, patentees FROM patent
  ) GROUP BY number, place
),
ownership AS MATERIALIZED (
  SELECT number, place, count(*) AS owners, group_concat(owner.value ->> '$.name', '; ') AS names, sum(
    EXISTS (SELECT 1 FROM json_each(facts, '$.pledgors') AS pledgor
      WHERE {_SAME_PARTY.format("owner.value", "pledgor.value")})
  ) AS pledging, coalesce(facts ->> '$.co_owners_consent', 0) AS consent
  FROM owned JOIN candidate USING (number), json_each(owners) AS owner GROUP BY number, place
)"""

_OTHERS = f"""
pool AS MATERIALIZED (
  SELECT j.subject, registered_on, joined_on, at, cancelled_on, a.value ->> '$.id' AS id,
    max(a.value ->> '$.right', {_ANY_PATENT}) AS class
  FROM (
    SELECT subject, day AS registered_on, day AS joined_on, -1 AS at, facts -> '$.assets' AS assets
    FROM {statements("pledge.registered")}
    UNION ALL
    SELECT m.subject, r.day, max(m.day, r.day), m."offset", m.facts -> '$.added'
    FROM {statements("pledge.modified")} AS m JOIN {statements("pledge.registered")} AS r ON r.subject = m.subject
    WHERE m.facts -> '$.added' IS NOT NULL
  ) AS j, json_each(assets) AS a
  LEFT JOIN (
    SELECT subject, min(day) AS cancelled_on FROM {statements("pledge.cancelled")} GROUP BY subject
  ) AS c ON c.subject = j.subject
  WHERE a.value ->> '$.id' IN (SELECT id FROM asset)
),
released AS MATERIALIZED (
  SELECT subject, value AS id, "offset" AS at, min(day) AS released_on
  FROM {statements("pledge.modified")}, json_each(facts, '$.released') GROUP BY subject, value, at
),
pledged AS MATERIALIZED (
  SELECT number, place, min(p.registered_on || ' ' || p.subject) AS other
  FROM asset AS a JOIN pool AS p ON p.id = a.id AND p.class = a.class
  WHERE p.subject != a.pledge AND joined_on <= a.day AND coalesce(cancelled_on > a.day, true)
    AND NOT EXISTS (
      SELECT 1 FROM released AS f
      WHERE f.subject = p.subject AND f.id = p.id AND f.at > p.at AND f.released_on <= a.day
    )
  GROUP BY number, place
),
model AS MATERIALIZED (
  SELECT number, place, id, a.day, office, filed_on, {_NAMES.format("applicants")} AS applicants
  FROM patent JOIN patented AS a USING (number, place) WHERE "right" = {RIGHTS["utility_model"]} GROUP BY number, place
),
invention AS MATERIALIZED (
  SELECT subject, min(day) AS day, office, filed_on, {_NAMES.format("applicants")} AS applicants
  FROM (
    SELECT subject, day, facts ->> '$.office' AS office, facts -> '$.applicants' AS applicants,
      coalesce(facts ->> '$.filed_on', iif(family = {FILED}, day, NULL)) AS filed_on
    FROM {statements("patent.filed", "patent.published", "patent.granted")}
    WHERE facts ->> '$.right' = {RIGHTS["invention"]}
  )
  WHERE filed_on IN (SELECT filed_on FROM model) GROUP BY filed_on, office, applicants, subject
),
twin AS MATERIALIZED (
  SELECT number, place, min(d.subject) AS other
  FROM model AS u JOIN invention AS d USING (filed_on, office, applicants)
  WHERE d.subject != u.id AND d.day <= u.day GROUP BY number, place
)"""

_LACKING = """trim(
    iif(facts ->> '$.secured[1]' IS NULL AND facts ->> '$.amount_status' != 'registered', ', secured', '')
    || iif(facts ->> '$.debt_from' IS NULL, ', debt_from', '') || iif(facts ->> '$.debt_to' IS NULL, ', debt_to', ''),
    ', ')"""

_BROKEN = f"""
broken AS (
  SELECT number, place, 1 AS ground, 'no pledgor is the patentee of record: ' || names AS explanation
  FROM ownership WHERE pledging = 0
  UNION ALL
  SELECT number, place, 2, CASE
    WHEN invalid_on IS NOT NULL THEN 'declared invalid on ' || {day("invalid_on")}
    WHEN ceased_on IS NOT NULL THEN 'not in force since ' || {day("ceased_on")}
    ELSE 'its term had ended by ' || {day("term_end")} END
  FROM patent WHERE invalid_on IS NOT NULL OR ceased_on IS NOT NULL OR term_end <= registered_on
  UNION ALL
  SELECT number, place, 3, iif(granted_on IS NULL, 'no grant is known', 'granted later, on ' || {day("granted_on")})
  FROM patent WHERE coalesce(granted_on > registered_on, documents > 0)
  UNION ALL
  SELECT number, place, 4, 'the last annual fee known to be paid is that of year ' || fee_year
    || ', which had ended by ' || {day("fee_due_on")}
  FROM patent WHERE fee_due_on <= registered_on AND office != 'US'
  UNION ALL
  SELECT number, place, 5, 'preserved by a court since ' || {day("preserved_on")}
  FROM patent WHERE preservations > discharges
  UNION ALL
  SELECT number, place, 6, 'the debt may be performed until ' || {day("facts ->> '$.debt_to'")}
    || ', the patent''s term has ended by ' || {day("term_end")}
  FROM patent JOIN candidate USING (number) WHERE facts ->> '$.debt_to' >= term_end
  UNION ALL
  SELECT number, NULL, 7, 'not said: ' || {_LACKING} FROM candidate WHERE {_LACKING} != ''
  UNION ALL
  SELECT number, place, 8, 'not all co-owners pledge it, and their consent is not said: ' || names
  FROM ownership WHERE pledging BETWEEN 1 AND owners - 1 AND NOT consent
  UNION ALL
  SELECT number, place, 9, 'pledged already: ' || substr(other, 10) || ', registered on '
    || {day("CAST(substr(other, 1, 8) AS INTEGER)")}
  FROM pledged
  UNION ALL
  SELECT number, place, 10, 'its applicants filed the invention ' || other || ' on the same day' FROM twin
  UNION ALL
  SELECT number, place, 11, 'invalidation asked for on ' || {day("challenged_on")} || ', not decided'
  FROM patent WHERE challenged_on > coalesce(decided_on, 0)
)"""

REGISTRATIONS = f"SELECT subject AS number, subject, day, facts FROM {statements('pledge.registered')}"
"""SQL: the registrations of the book, as candidates."""
GIVEN = """SELECT value ->> '$.number' AS number, value ->> '$.subject' AS subject,
  value ->> '$.facts.occurred_on' AS day, value -> '$.facts' AS facts FROM json_each(:candidates)"""
"""SQL: candidates given as a JSON array of {number, subject, facts}."""


def broken_by(candidates: str) -> str:
    """SQL: a row for each (candidate, asset or null, rule) that is broken: number, pledge, registered_on (YYYYMMDD),
    place (in the pool, from 0), asset, ground (1 to 11), explanation, waived (0 or 1).

    `candidates` is SQL for rows of number (their key), subject, day (YYYYMMDD), facts (JSON).
    """
    parts = (f"candidate AS MATERIALIZED ({candidates})", _PATENTS, _OWNERS, _OTHERS, _BROKEN)
    return f"""WITH {",".join(parts)}
SELECT number, subject AS pledge, candidate.day AS registered_on, place, id AS asset, ground, explanation,
  EXISTS (SELECT 1 FROM json_each(facts, '$.waivers') WHERE value = 'R' || ground) AS waived
FROM broken JOIN candidate USING (number) LEFT JOIN asset USING (number, place)"""


BREACHES = f"""SELECT number, place, ground, explanation FROM ({broken_by(GIVEN)})
WHERE NOT waived ORDER BY number, ground, place"""
"""SQL: what candidates that are given break and their parties have not waived, on a basis."""

PLEDGE_FLAGS = View(
    "pledge_flags",
    "the grounds for refusing a patent pledge (CNIPA Announcement 461 of 2021, Art. 11) that a registration breaks on "
    "its own day, judged by what the book says up to that day; flagged, never refused; what the book does not know "
    "breaks nothing. "
    "R1 no pledgor is a patentee of record: the assignees of the last assignment, merger or change of name with the "
    "asset (by business date), else the assignees printed on the grant, else its applicants; parties are compared by "
    "id where both have one, else by name as said. "
    "R2 ceased and not restored, wholly invalid, or term ended. "
    "R3 granted later, or known as filed or published only. "
    "R4 the last fee year known to be paid, counted from filing, is over (the six months in which it may still be paid "
    "with a surcharge included; not for US patents, which have no annual fees; ceased for its fee is R2). "
    "R5 preserved by a court (disputes about ownership are not known to the ledger). "
    "R6 debt_to is after the last day of the term. "
    "R7 what Art. 8 asks of the contract is not said: the secured amount (nor that it is registered), the debtor's "
    "performance period (debt_from, debt_to); a gazette publishes neither. "
    "R8 some owners do not pledge, and co_owners_consent is not true. "
    "R9 another pledge is in force, registered up to the day and not cancelled, and the asset is in it then, whether "
    "it was in it at first or was added, and not released; "
    "two of one day flag each other, as partitions have no common order. "
    "R10 a utility model whose applicants filed an invention at the same office on the same day (that it is the same "
    "invention is not known); may be waived. "
    "R11 somebody asked for it to be declared invalid, and no decision is dated since; may be waived. "
    "R12 (others) cannot be judged by a ledger. All but R7 and R9 are of patents alone",
    (
        Column("pledge", "text", "subject of the pledge"),
        Column("registered_on", "date", "registration date, the day that is judged"),
        Column("asset", "text", "id of the asset; null where the pledge itself is meant"),
        Column("rule", "code", "`R1` to `R11`"),
        Column("explanation", "text", "what breaks the rule"),
        Column("waived", "0 or 1", "1 where the registration says that the parties know and accept it"),
    ),
    f"""SELECT pledge, {day("registered_on")} AS registered_on, asset, 'R' || ground AS rule, explanation, waived
FROM ({broken_by(REGISTRATIONS)})
ORDER BY registered_on, pledge, ground, place""",
)

VIEWS = (PLEDGE_FLAGS,)
