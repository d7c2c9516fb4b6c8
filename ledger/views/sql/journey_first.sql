-- Entities of valuations, with the first days of their requests and valuations up to a day (:as_of), and the industry and
-- region of the valuations (NULL: not given). Each table is grouped in the order of its key, without a sort.
SELECT partition, entity, (
    SELECT min(r.requested_on) FROM valuation_request AS r
    WHERE r.partition = v.partition AND r.entity = v.entity AND r.basis & :basis AND r.requested_on <= :as_of
  ) AS requested_on, valued_on, industry, region
FROM (
  SELECT partition, entity, min(since) AS valued_on, min(region) AS region,
    min(nullif(industry, (SELECT number FROM industry WHERE code = 'UNK'))) AS industry
  FROM valuation WHERE basis & :basis AND since <= :as_of GROUP BY partition, entity
) AS v
UNION ALL
SELECT partition, entity, requested_on, NULL, NULL, NULL FROM (
  SELECT partition, entity, min(requested_on) AS requested_on
  FROM valuation_request WHERE basis & :basis AND requested_on <= :as_of GROUP BY partition, entity
) AS r
WHERE NOT EXISTS (
  SELECT 1 FROM valuation AS v
  WHERE v.partition = r.partition AND v.entity = r.entity AND v.basis & :basis AND v.since <= :as_of
)
