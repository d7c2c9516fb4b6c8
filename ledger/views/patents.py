"""Patents, trademarks and international applications: flows and stocks."""

from __future__ import annotations

from ledger.views.statements import PATENTS, PLEDGES, statements
from ledger.views.view import Column, View, day, named
from schemas.events import CHALLENGED, PRESERVED

_RIGHT = Column("right", "text", "`invention`, `utility_model`, `design` or `plant`")
_OFFICE = Column("office", "WIPO ST.3", "the office that granted")
_REGION = Column("region", "ISO 3166", "of the first patentee at the grant; null where not said")
_INDUSTRY = (
    Column("industry", "code", "industry of the first IPC symbol"),
    Column("name_en", "text", "the industry's English name"),
    Column("name_zh", "text", "the industry's Chinese name"),
)
_IN_FORCE = (
    "granted <= day; not ceased <= day (a restoration, whenever it came, takes the cessation back for all days); not "
    "declared invalid in full <= day (by law it is void from the beginning, but stocks of days before stay as they "
    "were: Patent Law Art. 47); the term not over. Terms: China 20, 10, 15 years from filing for inventions, utility "
    "models, designs (Patent Law Art. 42; designs filed before 2021-06-01: 10); US 20 from filing (35 U.S.C. 154; "
    "applications before 1995-06-08: or 17 from grant, whichever is longer), designs 15 from grant (14 if filed before "
    "2015-05-13; 35 U.S.C. 173); elsewhere inventions 20 from filing (TRIPS Art. 33), utility models 10 in JP, KR, TW; "
    "as adjusted by patent.term_adjusted. A term that is not known (no filing date, other rights elsewhere) ends by "
    "what is said only"
)

IN_FORCE = View(
    "in_force",
    "patents in force on the day: " + _IN_FORCE + ". Each patent stands in one row; rows add up",
    (_REGION, _OFFICE, _RIGHT, *_INDUSTRY, Column("patents", "count", "patents in force on the day")),
    f"""WITH {PATENTS}
SELECT region, office, {named("right", '"right"')} AS "right", code AS industry, name_en, name_zh, patents
FROM (
  SELECT region, office, "right", industry, count(*) AS patents
  FROM patent_in_force GROUP BY region, office, "right", industry
) AS counts JOIN industry AS i ON i.number = counts.industry
ORDER BY region, office, counts."right", i.number""",
)

PATENT_LIST = View(
    "patents",
    "one row a patent granted up to the day, as it is on that day. In force: " + _IN_FORCE,
    (
        Column("patent", "text", "the patent's id"),
        _REGION,
        _OFFICE,
        _RIGHT,
        Column("industry", "code", "industry of the first IPC symbol"),
        Column("family_id", "text", "the same for all documents of one invention; null where not said"),
        Column("filed_on", "date", "filing date; null where not said"),
        Column("granted_on", "date", "grant date"),
        Column("term_ends_on", "date", "the last day of its term, as adjusted; null where not known"),
        Column("ended_on", "date", "the first day of its cessation or full invalidation, if up to the day"),
        Column("in_force", "0 or 1", "in force on the day"),
        Column("preserved", "0 or 1", "a court preserves it on the day"),
        Column("challenged", "0 or 1", "a request to declare it invalid is open on the day"),
        Column("encumbered", "0 or 1", "an asset of a pledge in force on the day"),
    ),
    f"""WITH {PATENTS},{PLEDGES}
SELECT p.subject AS patent, region, office, {named("right", 'p."right"')} AS "right", i.code AS industry, family_id,
  {day("filed_on")} AS filed_on, {day("granted_on")} AS granted_on, date({day("term_end")}, '-1 day') AS term_ends_on,
  {day("ended_on")} AS ended_on, ended_on IS NULL AND coalesce(term_end > :as_of, 1) AS in_force,
  coalesce(k.preserved, 0) AS preserved, coalesce(c.challenged, 0) AS challenged, e.id IS NOT NULL AS encumbered
FROM patent AS p JOIN industry AS i ON i.number = p.industry
LEFT JOIN (
  SELECT subject, family = {PRESERVED} AS preserved, max("offset")
  FROM {statements("patent.preserved", "patent.discharged")} WHERE day <= :as_of GROUP BY subject
) AS k ON k.subject = p.subject
LEFT JOIN (
  SELECT subject, family = {CHALLENGED} AS challenged, max("offset")
  FROM {statements("patent.challenged", "patent.upheld")} WHERE day <= :as_of GROUP BY subject
) AS c ON c.subject = p.subject
LEFT JOIN (
  SELECT CAST(id AS TEXT) AS id -- JSON has no affinity, and SQLite would not look it up by a column that has one
  FROM pledged WHERE released_on IS NULL AND cancelled_on IS NULL GROUP BY id
) AS e ON e.id = p.subject
ORDER BY p.subject""",
)

VIEWS = (IN_FORCE, PATENT_LIST)
