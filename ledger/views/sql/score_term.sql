-- Patents to score, one row each: values, ranks, and the ends of the interval of each term in millionths. An unknown term
-- is 0 to 1,000,000. A ranked term lies between the share of the cohort that is worse and the share that is not better.
-- What only events show (challenges survived, fees, deals, awards) is at least what they show.
SELECT s.*, i.cohort, c.size,
  i.claims, i.scope, i.cited, i.forward, i.offices, i.lag,
  c.claims AS claims_n, c.scope AS scope_n, c.cited AS cited_n, c.forward AS forward_n, c.offices AS offices_n,
  c.lag AS lag_n, r.claims_below, r.scope_below, r.cited_below, r.forward_below, r.offices_below, r.lag_below,
  r.claims_upto, r.scope_upto, r.cited_upto, r.forward_upto, r.offices_upto, r.lag_upto,
  iif(i.claims IS NULL OR i.cohort IS NULL, 0, 1000000 * r.claims_below / c.claims) AS claims_low,
  iif(i.claims IS NULL OR i.cohort IS NULL, 1000000, (1000000 * r.claims_upto + c.claims - 1) / c.claims) AS claims_high,
  iif(i.scope IS NULL OR i.cohort IS NULL, 0, 1000000 * r.scope_below / c.scope) AS scope_low,
  iif(i.scope IS NULL OR i.cohort IS NULL, 1000000, (1000000 * r.scope_upto + c.scope - 1) / c.scope) AS scope_high,
  iif(i.cited IS NULL OR i.cohort IS NULL, 0, 1000000 * r.cited_below / c.cited) AS cited_low,
  iif(i.cited IS NULL OR i.cohort IS NULL, 1000000, (1000000 * r.cited_upto + c.cited - 1) / c.cited) AS cited_high,
  iif(i.forward IS NULL OR i.cohort IS NULL, 0, 1000000 * r.forward_below / c.forward) AS forward_low,
  iif(i.forward IS NULL OR i.cohort IS NULL, 1000000, (1000000 * r.forward_upto + c.forward - 1) / c.forward) AS forward_high,
  iif(i.offices IS NULL OR i.cohort IS NULL, 0, 1000000 * r.offices_below / c.offices) AS offices_low,
  iif(i.offices IS NULL OR i.cohort IS NULL, 1000000, (1000000 * r.offices_upto + c.offices - 1) / c.offices) AS offices_high,
  iif(i.lag IS NULL OR i.cohort IS NULL, 0, 1000000 * r.lag_below / c.lag) AS lag_low,
  iif(i.lag IS NULL OR i.cohort IS NULL, 1000000, (1000000 * r.lag_upto + c.lag - 1) / c.lag) AS lag_high,
  iif(disclaimed = 1, 0, coalesce(1000000 * left_days / term_days, 0)) AS life_low,
  coalesce((1000000 * left_days + term_days - 1) / term_days, 1000000) AS life_high,
  coalesce(n.survived, 0) AS survived, 1000000 * coalesce(n.survived, 0) / (coalesce(n.survived, 0) + 1) AS survived_low,
  coalesce(f.years, 0) AS years, 50000 * min(coalesce(f.years, 0), 20) AS renewal_low,
  coalesce(d.priced, 0) AS priced, 1000000 * coalesce(d.priced, 0) / (coalesce(d.priced, 0) + 1) AS deal_low,
  coalesce(n.award, 0) AS award, 1000000 * coalesce(n.award, 0) AS award_low
FROM scored AS s
JOIN score_input AS i ON i.partition = s.partition AND i.entity = s.entity
LEFT JOIN score_rank AS r ON r.partition = s.partition AND r.entity = s.entity
LEFT JOIN score_cohort AS c ON c.cohort = i.cohort
LEFT JOIN (
  SELECT partition, entity, sum(what = 'survived') AS survived, max(what = 'award') AS award
  FROM note WHERE basis & :basis AND day <= :as_of AND what != 'tag'
  GROUP BY partition, entity
) AS n ON n.partition = s.partition AND n.entity = s.entity
LEFT JOIN (
  SELECT partition, entity, count(*) AS years FROM fee
  WHERE basis & :basis AND since <= :as_of AND :as_of < until
  GROUP BY partition, entity
) AS f ON f.partition = s.partition AND f.entity = s.entity
LEFT JOIN (SELECT id, count(*) AS priced FROM priced_deal GROUP BY id) AS d ON d.id = s.subject
LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining it
