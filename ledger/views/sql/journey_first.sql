-- Entities of valuations, with the first days of their requests and valuations up to a day (:as_of), and the industry and
-- region of the valuations (NULL: not given).
SELECT partition, entity, min(day) AS began_on, min(requested_on) AS requested_on, min(valued_on) AS valued_on,
  min(industry) AS industry, min(region) AS region
FROM (
  SELECT partition, entity, requested_on AS day, requested_on, NULL AS valued_on, NULL AS industry, NULL AS region
  FROM valuation_request WHERE basis & :basis AND requested_on <= :as_of
  UNION ALL
  SELECT partition, entity, since, NULL, since, nullif(industry, (SELECT number FROM industry WHERE code = 'UNK')), region
  FROM valuation WHERE basis & :basis AND since <= :as_of
)
GROUP BY partition, entity
