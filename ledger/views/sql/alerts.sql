-- Alerts about pledges up to a day (:as_of), each with its first acknowledgement: the earliest day, then the first in the log.
SELECT e.subject AS pledge, a.reason, a.holds_from, a.asset, a.cause AS event, a.alerted_on, k.day IS NULL AS open,
  k.day AS acknowledged_on, k.acknowledged_by, e.id, 1 AS topic, a.partition, a."offset"
FROM alert AS a
JOIN record AS e ON e.topic = 1 + 0 * a.partition AND e.partition = a.partition AND e."offset" = a."offset" -- 1: pledges
LEFT JOIN acknowledgement AS k ON k.basis & :basis AND (k.partition, k.entity, k."offset") = (
  SELECT o.partition, o.entity, o."offset"
  FROM acknowledgement AS o
  WHERE o.partition = a.partition AND o.entity = a.entity AND o.basis & :basis AND o.day <= :as_of
    AND lower(replace(o.alert, '-', '')) = CASE typeof(e.id) WHEN 'blob' THEN lower(hex(e.id)) ELSE lower(replace(e.id, '-', '')) END
  ORDER BY o.day, o."offset" LIMIT 1
)
WHERE a.basis & :basis AND a.alerted_on <= :as_of
ORDER BY a.alerted_on, pledge, a.partition, a."offset"
