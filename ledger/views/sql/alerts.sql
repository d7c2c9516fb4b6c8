-- Alerts about pledges up to a day (:as_of), each with its first acknowledgement: the earliest day, then the first in the log.
SELECT s.subject AS pledge, a.reason, a.holds_from, a.asset, a.cause AS event, a.alerted_on, k.day IS NULL AS open,
  k.day AS acknowledged_on, k.acknowledged_by, e.id, 1 AS topic, a.partition, a."offset"
FROM alert AS a
JOIN record AS s ON s.outcome = 1 AND s.topic = 1 + 0 * a.partition -- 1: pledges; read from a or a subject
  AND s.partition = a.partition AND s."offset" = a.entity
CROSS JOIN record AS e ON e.topic = 1 AND e.partition = a.partition AND e."offset" = a."offset"
LEFT JOIN acknowledgement AS k ON k.basis & :basis AND (k.partition, k.entity, k."offset") = (
  SELECT o.partition, o.entity, o."offset"
  FROM acknowledgement AS o
  WHERE o.partition = a.partition AND o.entity = a.entity AND o.basis & :basis AND o.day <= :as_of
    AND lower(replace(o.alert, '-', '')) = CASE typeof(e.id) WHEN 'blob' THEN lower(hex(e.id)) ELSE lower(replace(e.id, '-', '')) END
  ORDER BY o.day, o."offset" LIMIT 1
)
WHERE unlikely(a.basis & :basis) AND a.alerted_on <= :as_of
ORDER BY a.alerted_on, pledge, a.partition, a."offset"
