-- Assets for which a valuation was requested or completed up to a day (:as_of), with industry and region: of the valuation, else
-- of the patent. 10, 80, 90: patents granted, filed, published.
SELECT subject, began_on, requested_on, valued_on, coalesce(industry, (
    SELECT d.industry FROM record AS p
    CROSS JOIN document AS d ON d.partition = p.partition AND d.entity = p."offset" AND d.basis & :basis AND d.day <= :as_of
    WHERE p.outcome = 1 AND p.topic = 2 AND p.subject = v.subject ORDER BY d.type = 10 DESC, d.type DESC LIMIT 1
  ), (SELECT number FROM industry WHERE code = 'UNK')) AS industry, coalesce(region, (
    SELECT d.region FROM record AS p
    CROSS JOIN document AS d ON d.partition = p.partition AND d.entity = p."offset" AND d.basis & :basis AND d.day <= :as_of
    WHERE p.outcome = 1 AND p.topic = 2 AND p.subject = v.subject ORDER BY d.type = 10 DESC, d.type DESC LIMIT 1
  ), '') AS region
FROM (
  SELECT e.subject, min(day) AS began_on, min(requested_on) AS requested_on, min(valued_on) AS valued_on,
    min(n.industry) AS industry, min(n.region) AS region
  FROM (
    SELECT partition, entity, requested_on AS day, requested_on, NULL AS valued_on, NULL AS industry, NULL AS region
    FROM valuation_request WHERE basis & :basis AND requested_on <= :as_of
    UNION ALL
    SELECT partition, entity, since, NULL, since, nullif(industry, (SELECT number FROM industry WHERE code = 'UNK')), region
    FROM valuation WHERE basis & :basis AND since <= :as_of
  ) AS n
  CROSS JOIN record AS e ON e.topic = 3 AND e.partition = n.partition AND e."offset" = n.entity -- 3: valuations
  GROUP BY e.subject
) AS v
LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining it
