-- Needs that are open on a day (:as_of).
SELECT e.subject AS need, n.seeker, n.region, n.text,
  (SELECT group_concat(value, ' ') FROM json_each(n.codes)) AS codes, n.published_on, n.valid_to,
  4 AS topic, n.partition, n."offset" -- 4: deals
FROM need AS n
CROSS JOIN record AS e ON e.topic = 4 AND e.partition = n.partition AND e."offset" = n.entity
WHERE n.basis & :basis AND n.published_on <= :as_of AND (n.valid_to IS NULL OR :as_of <= n.valid_to)
ORDER BY need, n.partition, n."offset"
