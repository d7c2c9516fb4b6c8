"""The deterministic evaluator: what the ledger's own events say for a patent, and how far models' valuations stray."""

from __future__ import annotations

from ledger.views.finance import CURRENCY, MOST_SPECIFIC, POLICIES, VALUED, days_between, policy_for
from ledger.views.log import ID
from ledger.views.money import added, halves, money, money_columns
from ledger.views.statements import PATENTS, PLEDGES, POOLED, statements
from ledger.views.view import Column, View, day, named
from schemas.events import PRESERVED

WEIGHTS = "ipl-equal-1"
"""The set of weights, and with it the version of the formula: all terms of a sub-index weigh the same."""
SMALL = 5
"""A cohort of fewer patents is too small to be held against."""

# ---- what the events say of each patent, up to the day
# (An id out of JSON is cast: only then has it the affinity that lets SQLite join a subject with it by an index.)

_SOLD = f"""
  SELECT facts ->> '$.assets' AS assets, topic, partition, "offset", day FROM {statements("licence.recorded")}
  WHERE day <= :as_of AND facts ->> '$.amount[1]' IS NOT NULL
  UNION ALL
  SELECT facts ->> '$.assets', topic, partition, "offset", day FROM {statements("assignment.recorded")}
  WHERE day <= :as_of AND facts ->> '$.conveyance' = 'assignment' AND facts ->> '$.price[1]' IS NOT NULL
  UNION ALL
  SELECT offered.facts ->> '$.assets', a.topic, a.partition, a."offset", a.day
  FROM {statements("open_licence.accepted")} AS a
  JOIN (SELECT subject, facts FROM {statements("open_licence.declared")} GROUP BY subject) AS offered
    ON offered.subject = a.subject
  WHERE a.day <= :as_of AND a.facts ->> '$.amount[1]' IS NOT NULL"""
"""SQL: the priced deals, each with its assets."""

_EVIDENCE = f"""
fee AS (
  SELECT subject, facts ->> '$.fee_year' AS year, facts ->> '$.amount[0]' AS currency,
    facts ->> '$.amount[1]' AS minor, max("offset")
  FROM {statements("patent.fee_paid")} WHERE day <= :as_of GROUP BY 1, 2
),
renewal AS MATERIALIZED (
  SELECT subject, count(*) AS years, count(minor) AS with_amount, count(DISTINCT currency) = 1 AS one_currency,
    min(currency) AS currency, {added("renewal_floor", "minor")}
  FROM fee GROUP BY subject
),
contest AS MATERIALIZED (
  SELECT subject, count(*) AS survived FROM {statements("patent.upheld", "patent.invalidated")}
  WHERE day <= :as_of AND coalesce(facts ->> '$.extent', 'partial') = 'partial' GROUP BY subject
),
prize AS MATERIALIZED (
  SELECT subject, 1 AS award FROM {statements("patent.awarded")} WHERE day <= :as_of GROUP BY subject
),
seizure AS MATERIALIZED (
  SELECT subject, sum(iif(family = {PRESERVED}, 1, -1)) > 0 AS seized
  FROM {statements("patent.preserved", "patent.discharged")} WHERE day <= :as_of GROUP BY subject
),
burden AS MATERIALIZED (
  SELECT id, max(cancelled_on IS NULL AND released_on IS NULL) AS held,
    sum(coalesce(cancelled_on, released_on) IS NOT NULL AND defaulted_on IS NULL AND realised_on IS NULL) AS released
  FROM pledged GROUP BY id
),
sale AS MATERIALIZED (
  SELECT CAST(value ->> '$.id' AS TEXT) AS id, count(*) AS priced FROM ({_SOLD}), json_each(assets) GROUP BY 1
),
citation AS MATERIALIZED (
  SELECT CAST(value AS TEXT) AS cited, subject AS citing, granted_on AS cited_on
  FROM patent, json_each(facts, '$.backward_cites') GROUP BY 1, 2
),
reception AS MATERIALIZED (
  SELECT subject, count(*) AS forward FROM patent JOIN citation ON cited = subject
  WHERE citing != subject AND cited_on <= granted_on + 50000 GROUP BY subject
),
family AS MATERIALIZED (
  SELECT CAST(facts ->> '$.family_id' AS TEXT) AS id, count(DISTINCT facts ->> '$.office') AS offices
  FROM {statements("patent.filed", "patent.published", "patent.granted")} WHERE day <= :as_of GROUP BY 1
)"""

_START = """iif(office = 'US' AND "right" = 3, granted_on, filed_on)"""
_KNOWN = f"""
known AS MATERIALIZED (
  SELECT p.subject, office, "right", industry, coalesce(region, '') AS region, granted_on, filed_on,
    filed_on / 10000 AS filing_year, ended_on IS NULL AND (term_end IS NULL OR term_end > :as_of) AS in_force,
    {days_between(_START, "term_end")} AS term_days, {days_between(":as_of", "term_end")} AS days_left,
    facts ->> '$.claims' AS claims, coalesce(survived, 0) AS survived,
    coalesce(seized, 0) OR coalesce(held, 0) AS encumbered,
    nullif(facts ->> '$.scope', 0) AS scope, json_array_length(facts, '$.backward_cites') AS backward,
    coalesce(forward, 0) AS forward, offices,
    iif(filed_on <= granted_on, {days_between("filed_on", "granted_on")}, NULL) AS lag,
    years, renewal.with_amount, iif(one_currency, renewal.currency, NULL) AS renewal_currency,
    iif(one_currency, renewal_floor_high, NULL) AS renewal_floor_high,
    iif(one_currency, renewal_floor_low, NULL) AS renewal_floor_low,
    coalesce(priced, 0) AS priced, coalesce(released, 0) AS released, coalesce(award, 0) AS award
  FROM patent AS p LEFT JOIN renewal ON renewal.subject = p.subject LEFT JOIN contest ON contest.subject = p.subject
  LEFT JOIN prize ON prize.subject = p.subject LEFT JOIN burden ON burden.id = p.subject
  LEFT JOIN seizure ON seizure.subject = p.subject LEFT JOIN sale ON sale.id = p.subject
  LEFT JOIN reception ON reception.subject = p.subject LEFT JOIN family ON family.id = p.family_id
),
compared AS MATERIALIZED (
  SELECT *, iif(filing_year IS NULL, NULL, count(*) OVER cohort) AS size, max(scope) OVER cohort AS most_scope,
    max(backward) OVER cohort AS most_backward, max(forward) OVER cohort AS most_forward,
    max(offices) OVER cohort AS most_offices, max(lag) OVER cohort AS most_lag
  FROM known WINDOW cohort AS (PARTITION BY industry, filing_year)
)"""

# ---- terms, each 0 to 1, null where it is not known; and their means


def _of_cohort(column: str) -> str:
    return f"iif(size >= {SMALL}, 1.0 * {column} / nullif(most_{column}, 0), NULL)"


_LEGAL = {
    "life": "max(0.0, min(1.0, 1.0 * days_left / term_days))",
    "breadth": "claims / (claims + 10.0)",
    "proof": "survived / (survived + 1.0)",
    "freedom": "1.0 - encumbered",
}
_TECHNICAL = {
    "scope_term": _of_cohort("scope"),
    "backward_term": _of_cohort("backward"),
    "forward_term": _of_cohort("forward"),
    "family_term": _of_cohort("offices"),
    "lag_term": f"1.0 - {_of_cohort('lag')}",
}
_ECONOMIC = {
    "renewal_term": "min(1.0, years * 365.25 / term_days)",
    "sale_term": "priced / (priced + 1.0)",
    "pledge_term": "released / (released + 1.0)",
    "award_term": "1.0 * award",
}
_TERMS = ",\n    ".join(f"{sql} AS {name}" for terms in (_LEGAL, _TECHNICAL, _ECONOMIC) for name, sql in terms.items())
_MISSING = " || ".join(
    f"iif({column} IS NULL, ' {name}', '')"
    for name, column in {
        "filed_on": "filed_on",
        "term": "term_days",
        "claims": "claims",
        "ipc": "scope",
        "backward_cites": "backward",
        "family_id": "offices",
        "renewals": "years",
        "cohort": f"iif(size >= {SMALL}, 1, NULL)",
    }.items()
)


def _mean(terms: dict[str, str]) -> str:
    """SQL: the mean of the terms that are known, times 100."""
    total = " + ".join(f"coalesce({term}, 0.0)" for term in terms)
    return f"100.0 * ({total}) / nullif({' + '.join(f'({term} IS NOT NULL)' for term in terms)}, 0)"


_EACH_PLACE_AND_RIGHT = """
  SELECT coalesce(region, '') AS region, "right", '' AS currency, :as_of AS on_day FROM patent GROUP BY 1, 2"""

PATENT_SCORE = View(
    "patent_score",
    "one row a patent granted up to the day: what the events say, and three sub-indices 0 to 100, each the mean of "
    "those of its terms (0 to 1) that are known, times 100; what is not known is named in missing and does not count "
    "as 0. legal (0 where the patent is not in force): remaining term / term; claims / (claims + 10) (the fee of a "
    "Chinese application covers 10); n / (n + 1) for n challenges survived (upheld, or invalidated in part only); 1 - "
    "encumbered. technical: IPC subclasses, backward citations, forward citations of the first 5 years, offices of "
    "the family, each / its maximum in the cohort, and 1 - grant lag / maximum; a cohort is industry x filing year, "
    f"as in OECD STI Working Paper 2013/03 (whose generality index needs classes that the ledger does not keep); null "
    f"where the cohort has fewer than {SMALL} patents. Forward citations are those of patents in the book, granted "
    "within 5 years of this one's grant; a younger patent has had less time. economic: years of fees paid / years of "
    "the term; n / (n + 1) for n priced licences, open licences taken and assignments; n / (n + 1) for n pledges "
    "released without default; 1 with an award. composite: the mean of the three, null where one is. All terms "
    f"weigh the same: that is the set of weights `{WEIGHTS}`, ours; another formula will have another name. It does "
    "not claim to be the method of GB/T 42748-2023, which leaves weights to the purpose. A score orders patents and "
    "is not a price: citations explain little of the variance in value (Bessen 2008, Research Policy 37). "
    "renewal_floor: the sum of the annual fees paid, a lower bound of what the patent was worth to its owner (Pakes "
    "1986; Schankerman and Pakes 1986), undiscounted (rate 0); null where fees were paid in several currencies. "
    f"ltv_cap: the policy for the right and region; {MOST_SPECIFIC}",
    (
        Column("patent", "text", "canonical patent id"),
        Column("office", "ST.3 code", "that granted it"),
        Column("right", "text", "kind of right"),
        Column("industry", "code", "industry of its first IPC symbol"),
        Column("region", "ISO 3166", "of the first applicant; null where not said"),
        Column("granted_on", "date", "grant date"),
        Column("filed_on", "date", "filing date; null where not said"),
        Column("in_force", "0 or 1", "whether it is in force on the day"),
        Column("remaining_term", "ratio", "remaining days / days of the term; null where the term is not known"),
        Column("claims", "count", "claims as granted; null where not said"),
        Column("survived", "count", "challenges survived: upheld, or invalidated in part only"),
        Column("encumbered", "0 or 1", "whether it is pledged, or preserved by a court"),
        Column("cohort", "count", "patents of its industry and filing year"),
        Column("scope", "count", "different IPC subclasses; null without IPC"),
        Column("backward_cites", "count", "patents that it cites; null where not said"),
        Column("forward_cites", "count", "patents that cite it, of the 5 years from its grant"),
        Column("family_offices", "count", "offices with documents of its family; null without a family"),
        Column("grant_lag_days", "days", "from filing to grant; null where the filing date was not said"),
        Column("renewals_paid", "years", "years of its life for which a fee was paid; null where none was said"),
        Column("renewals_with_amount", "years", "how many of them had an amount"),
        Column("renewal_currency", "ISO 4217 code", "of the fees; null where there are several"),
        *money_columns("renewal_floor", "sum of the fees paid, undiscounted"),
        Column("priced_deals", "count", "licences, open licences taken and assignments with a price"),
        Column("pledges_released", "count", "pledges that ended for it without default"),
        Column("award", "0 or 1", "whether it won an award"),
        Column("ltv_cap", "decimal", "highest loan-to-value by policy; null where no policy is in force"),
        Column("legal", "0 to 100", "sub-index"),
        Column("technical", "0 to 100", "sub-index; null in a small cohort"),
        Column("economic", "0 to 100", "sub-index"),
        Column("composite", "0 to 100", "mean of the three; null where one is null"),
        Column("weights", "text", "the set of weights, with it the version of the formula"),
        Column("missing", "text", "inputs that are not known, apart by spaces; null where all are"),
    ),
    f"""WITH {PATENTS},{PLEDGES},{POLICIES},{_EVIDENCE},{_KNOWN},
term AS (SELECT *, {_TERMS} FROM compared),
scored AS (
  SELECT *, in_force * {_mean(_LEGAL)} AS legal,
    {_mean(_TECHNICAL)} AS technical,
    {_mean(_ECONOMIC)} AS economic, nullif(ltrim({_MISSING}), '') AS missing
  FROM term
)
SELECT subject AS patent, office, {named("right", 's."right"')} AS "right", i.code AS industry,
  nullif(s.region, '') AS region, {day("granted_on")} AS granted_on, {day("filed_on")} AS filed_on, in_force,
  life AS remaining_term, claims, survived, encumbered, size AS cohort, scope, backward AS backward_cites,
  forward AS forward_cites, offices AS family_offices, lag AS grant_lag_days, years AS renewals_paid,
  with_amount AS renewals_with_amount, c.code AS renewal_currency, {money("renewal_floor")}, priced AS priced_deals,
  released AS pledges_released, award, cap.value AS ltv_cap, round(legal, 1) AS legal,
  round(technical, 1) AS technical, round(economic, 1) AS economic,
  round((legal + technical + economic) / 3.0, 1) AS composite, '{WEIGHTS}' AS weights, missing
FROM scored AS s JOIN industry AS i ON i.number = s.industry LEFT JOIN currency AS c ON c.number = renewal_currency
LEFT JOIN {policy_for("ltv_cap", _EACH_PLACE_AND_RIGHT)} AS cap ON cap.region = s.region AND cap."right" = s."right"
ORDER BY patent""",
)

_OWN = [
    *("patent.filed", "patent.published", "patent.granted", "patent.ceased", "patent.invalidated", "patent.upheld"),
    *("patent.preserved", "patent.discharged", "patent.term_adjusted", "patent.fee_paid", "patent.awarded"),
]
_PLEDGE = [f"pledge.{said}" for said in ("registered", "modified", "defaulted", "realised", "cancelled")]

SCORE_EVIDENCE = View(
    "score_evidence",
    "the events that the inputs of `patent_score` come from, up to the day: what was said of the patent itself, of "
    "other documents of its family, of the pledges that name it, of its priced deals, and the grants that cite it "
    "within 5 years of its own. The maxima of the cohort and the policy of the cap are not listed. Of an event that "
    "was corrected the original is shown, with its date as corrected",
    (
        Column("patent", "text", "canonical patent id"),
        Column("relation", "text", "`patent`, `family`, `pledge`, `deal` or `citation`"),
        Column("type", "text", "type of the event"),
        Column("subject", "text", "the entity that it is about"),
        Column("occurred_on", "date", "business date"),
        Column("topic", "text", "plain name of the topic"),
        Column("partition", "number", "partition of the topic"),
        Column("offset", "number", "offset of the record"),
        Column("id", "text", "event id"),
    ),
    f"""WITH {PATENTS},
documented AS MATERIALIZED (
  SELECT topic, partition, "offset", day, CAST(facts ->> '$.family_id' AS TEXT) AS id
  FROM {statements("patent.filed", "patent.published", "patent.granted")}
  WHERE day <= :as_of AND facts ->> '$.family_id' IS NOT NULL GROUP BY 1, 2, 3
),
secured AS MATERIALIZED (
  SELECT subject, CAST(value ->> '$.id' AS TEXT) AS id
  FROM {POOLED}, json_each(assets) WHERE day <= :as_of GROUP BY 1, 2
),
cited AS MATERIALIZED (
  SELECT CAST(value AS TEXT) AS id, subject AS citing, topic, partition, "offset", day
  FROM {statements("patent.granted")}, json_each(facts, '$.backward_cites') WHERE day <= :as_of GROUP BY 1, 2
),
evidence AS MATERIALIZED (
  SELECT subject AS patent, 'patent' AS relation, topic, partition, "offset", day
  FROM {statements(*_OWN)} WHERE day <= :as_of
  UNION ALL
  SELECT subject, 'family', topic, partition, "offset", day FROM patent JOIN documented ON id = family_id
  UNION ALL
  SELECT id, 'pledge', topic, partition, "offset", day
  FROM secured JOIN {statements(*_PLEDGE)} AS s ON s.subject = secured.subject WHERE day <= :as_of
  UNION ALL
  SELECT CAST(value ->> '$.id' AS TEXT), 'deal', topic, partition, "offset", day FROM ({_SOLD}), json_each(assets)
  UNION ALL
  SELECT id, 'citation', topic, partition, "offset", day FROM cited JOIN patent ON subject = id
  WHERE citing != subject AND day <= granted_on + 50000
)
SELECT patent, relation, {named("type", "r.type")} AS type, r.subject, {day("day")} AS occurred_on,
  {named("topic", "r.topic")} AS topic, r.partition, r."offset", {ID} AS id
FROM evidence AS e
JOIN (SELECT subject FROM patent GROUP BY subject) AS p ON p.subject = patent
JOIN record AS r ON r.topic = e.topic AND r.partition = e.partition AND r."offset" = e."offset"
WHERE relation != 'family' OR r.subject != patent
ORDER BY patent, r.topic, r.partition, r."offset" """,
)

# ---- models against others

_LATEST_OF = """max(printf('%08d%019d', as_of, "offset"))"""

VALUATION_DISPERSION = View(
    "valuation_dispersion",
    "one row for each model that valued a subject for a purpose, by its latest valuation (as_of, then the log), beside "
    "the latest one by any other method in the same currency: deviation = (mid - other_mid) / other_mid; spread = "
    "(high - low) / mid, the model's own range; models_spread = (largest - smallest) / smallest mid over the models "
    "that valued the same. Null where there is no other valuation, no range, one model only, or a base of 0. Two "
    "versions of a model are two models. A model's answer is what an event said, with model, version and hash of the "
    "inputs, and is never computed anew",
    (
        Column("subject", "text", "what was valued"),
        Column("purpose", "text", "what it was valued for"),
        Column("model_id", "text", "the model"),
        Column("model_version", "text", "its version"),
        Column("as_of", "date", "the day for which the model's value holds"),
        CURRENCY,
        *money_columns("mid", "the model's value"),
        Column("spread", "ratio", "(high - low) / mid"),
        Column("models", "count", "models that valued the same"),
        Column("models_spread", "ratio", "(largest - smallest) / smallest mid of these models"),
        Column("other_method", "text", "`cost`, `market`, `income`, `mixed` or `other`"),
        Column("other_as_of", "date", "the day for which that value holds"),
        *money_columns("other_mid", "the latest value by another method"),
        Column("deviation", "ratio", "(mid - other_mid) / other_mid"),
        Column("inside", "0 or 1", "whether other_mid lies within the model's range, ends included"),
    ),
    f"""WITH {VALUED},
model AS (
  SELECT subject, purpose, currency, model_id, model_version, as_of, low, mid, high, {_LATEST_OF}
  FROM valuation WHERE method = 'ai_model' GROUP BY 1, 2, 3, 4, 5
),
other AS MATERIALIZED (
  SELECT subject, purpose, currency, method, as_of, mid, {_LATEST_OF}
  FROM valuation WHERE method != 'ai_model' GROUP BY 1, 2, 3
),
compared AS (
  SELECT m.*, count(*) OVER same AS models, max(m.mid) OVER same AS largest, min(m.mid) OVER same AS smallest,
    method AS other_method, other.as_of AS other_as_of, other.mid AS other, {halves("mid", "m.mid")},
    {halves("other_mid", "other.mid")}
  FROM model AS m LEFT JOIN other
    ON other.subject = m.subject AND other.purpose = m.purpose AND other.currency = m.currency
  WINDOW same AS (PARTITION BY m.subject, m.purpose, m.currency)
)
SELECT subject, purpose, model_id, model_version, {day("as_of")} AS as_of, c.code AS currency, {money("mid")},
  1.0 * (high - low) / nullif(mid, 0) AS spread, models,
  iif(models > 1, 1.0 * (largest - smallest) / nullif(smallest, 0), NULL) AS models_spread, other_method,
  {day("other_as_of")} AS other_as_of, {money("other_mid")}, 1.0 * (mid - other) / nullif(other, 0) AS deviation,
  other BETWEEN low AND high AS inside
FROM compared JOIN currency AS c ON c.number = compared.currency
ORDER BY subject, purpose, c.code, model_id, model_version""",
)

VIEWS = (PATENT_SCORE, SCORE_EVIDENCE, VALUATION_DISPERSION)
