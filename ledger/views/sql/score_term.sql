-- Patents to score, one row each: values, places in the cohort, and the ends of each term in millionths. An unknown term
-- is 0 to 1,000,000. A ranked term lies between the share of the cohort that is worse and the share that is not better.
-- What only events show (challenges survived, fees, deals, awards) is at least what they show.
SELECT *, 1000000 * survived / (survived + 1) AS survived_low, 50000 * min(years, 20) AS renewal_low,
  1000000 * priced / (priced + 1) AS deal_low, 1000000 * award AS award_low
FROM (
  SELECT s.*, i.claims, i.scope, i.cited, i.forward, i.offices, i.lag,
    claims.n AS claims_n, claims.worse AS claims_worse, claims.upto AS claims_upto,
    coalesce(1000000 * claims.worse / claims.n, 0) AS claims_low,
    coalesce((1000000 * claims.upto + claims.n - 1) / claims.n, 1000000) AS claims_high,
    scope.n AS scope_n, scope.worse AS scope_worse, scope.upto AS scope_upto,
    coalesce(1000000 * scope.worse / scope.n, 0) AS scope_low,
    coalesce((1000000 * scope.upto + scope.n - 1) / scope.n, 1000000) AS scope_high,
    cited.n AS cited_n, cited.worse AS cited_worse, cited.upto AS cited_upto,
    coalesce(1000000 * cited.worse / cited.n, 0) AS cited_low,
    coalesce((1000000 * cited.upto + cited.n - 1) / cited.n, 1000000) AS cited_high,
    forward.n AS forward_n, forward.worse AS forward_worse, forward.upto AS forward_upto,
    coalesce(1000000 * forward.worse / forward.n, 0) AS forward_low,
    coalesce((1000000 * forward.upto + forward.n - 1) / forward.n, 1000000) AS forward_high,
    offices.n AS offices_n, offices.worse AS offices_worse, offices.upto AS offices_upto,
    coalesce(1000000 * offices.worse / offices.n, 0) AS offices_low,
    coalesce((1000000 * offices.upto + offices.n - 1) / offices.n, 1000000) AS offices_high,
    lag.n AS lag_n, lag.worse AS lag_worse, lag.upto AS lag_upto,
    coalesce(1000000 * lag.worse / lag.n, 0) AS lag_low,
    coalesce((1000000 * lag.upto + lag.n - 1) / lag.n, 1000000) AS lag_high,
    iif(disclaimed = 1, 0, coalesce(1000000 * left_days / term_days, 0)) AS life_low,
    coalesce((1000000 * left_days + term_days - 1) / term_days, 1000000) AS life_high,
    (
      SELECT count(*) FROM patent_note AS n WHERE n.partition = s.partition AND n.entity = s.entity AND n.basis & :basis
        AND n.day <= :as_of AND n.what = 'survived'
    ) AS survived,
    (
      SELECT count(*) FROM patent_fee AS f WHERE f.partition = s.partition AND f.entity = s.entity AND f.basis & :basis
        AND f.since <= :as_of AND :as_of < f.until
    ) AS years,
    EXISTS (
      SELECT 1 FROM patent_note AS n WHERE n.partition = s.partition AND n.entity = s.entity AND n.basis & :basis
        AND n.day <= :as_of AND n.what = 'award'
    ) AS award,
    coalesce(d.priced, 0) AS priced
  FROM scored AS s
  JOIN score_input AS i ON i.partition = s.partition AND i.entity = s.entity
  LEFT JOIN score_place AS claims ON claims.measure = 1 AND claims.cohort = i.cohort AND claims.value = i.claims
  LEFT JOIN score_place AS scope ON scope.measure = 2 AND scope.cohort = i.cohort AND scope.value = i.scope
  LEFT JOIN score_place AS cited ON cited.measure = 3 AND cited.cohort = i.cohort AND cited.value = i.cited
  LEFT JOIN score_place AS forward ON forward.measure = 4 AND forward.cohort = i.cohort AND forward.value = i.forward
  LEFT JOIN score_place AS offices ON offices.measure = 5 AND offices.cohort = i.cohort AND offices.value = i.offices
  LEFT JOIN score_place AS lag ON lag.measure = 6 AND lag.cohort = i.cohort AND lag.value = -i.lag
  LEFT JOIN (SELECT id, count(*) AS priced FROM priced_deal GROUP BY id) AS d ON d.id = s.subject
  LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining it
)
