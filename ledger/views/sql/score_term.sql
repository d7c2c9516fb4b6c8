-- Patents to score, one row each: values, ranks in the cohort, and the ends of each term in millionths. An unknown term
-- is 0 to 1,000,000. A ranked term lies between the share of the cohort that is worse and the share that is not better.
-- What only events show (challenges survived, fees, deals, awards) is at least what they show.
SELECT *, noted >> 1 AS survived, noted & 1 AS award, 1000000 * (noted >> 1) / ((noted >> 1) + 1) AS survived_low,
  50000 * min(years, 20) AS renewal_low, 1000000 * priced / (priced + 1) AS deal_low, 1000000 * (noted & 1) AS award_low
FROM (
  SELECT s.*,
    claims.n AS claims_n, claims.worse AS claims_worse, claims.upto AS claims_upto,
    coalesce(claims.low, 0) AS claims_low, coalesce(claims.high, 1000000) AS claims_high,
    scope.n AS scope_n, scope.worse AS scope_worse, scope.upto AS scope_upto,
    coalesce(scope.low, 0) AS scope_low, coalesce(scope.high, 1000000) AS scope_high,
    cited.n AS cited_n, cited.worse AS cited_worse, cited.upto AS cited_upto,
    coalesce(cited.low, 0) AS cited_low, coalesce(cited.high, 1000000) AS cited_high,
    forward.n AS forward_n, forward.worse AS forward_worse, forward.upto AS forward_upto,
    coalesce(forward.low, 0) AS forward_low, coalesce(forward.high, 1000000) AS forward_high,
    offices.n AS offices_n, offices.worse AS offices_worse, offices.upto AS offices_upto,
    coalesce(offices.low, 0) AS offices_low, coalesce(offices.high, 1000000) AS offices_high,
    lag.n AS lag_n, lag.worse AS lag_worse, lag.upto AS lag_upto,
    coalesce(lag.low, 0) AS lag_low, coalesce(lag.high, 1000000) AS lag_high,
    iif(disclaimed = 1, 0, coalesce(1000000 * left_days / term_days, 0)) AS life_low,
    coalesce((1000000 * left_days + term_days - 1) / term_days, 1000000) AS life_high,
    (
      SELECT count(*) FROM patent_fee AS f WHERE f.partition = s.partition AND f.entity = s.entity AND f.basis & :basis
        AND f.since <= :as_of AND :as_of < f.until
    ) AS years,
    coalesce(( -- twice the challenges survived, and 1 with an award
      SELECT 2 * sum(n.what = 'survived') + max(n.what = 'award') FROM patent_note AS n
      WHERE n.partition = s.partition AND n.entity = s.entity AND n.basis & :basis AND n.day <= :as_of
    ), 0) AS noted,
    coalesce(d.priced, 0) AS priced
  FROM scored AS s
  LEFT JOIN score_rank AS claims ON claims.measure = 1 AND claims.cohort = s.cohort AND claims.value = s.claims
  LEFT JOIN score_rank AS scope ON scope.measure = 2 AND scope.cohort = s.cohort AND scope.value = s.scope
  LEFT JOIN score_rank AS cited ON cited.measure = 3 AND cited.cohort = s.cohort AND cited.value = s.cited
  LEFT JOIN score_rank AS forward ON forward.measure = 4 AND forward.cohort = s.cohort AND forward.value = s.forward
  LEFT JOIN score_rank AS offices ON offices.measure = 5 AND offices.cohort = s.cohort AND offices.value = s.offices
  LEFT JOIN score_rank AS lag ON lag.measure = 6 AND lag.cohort = s.cohort AND lag.value = -s.lag
  LEFT JOIN (SELECT id, count(*) AS priced FROM priced_deal GROUP BY id) AS d ON d.id = s.subject
  LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining it
)
