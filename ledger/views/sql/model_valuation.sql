-- The latest valuation of each model and version for a subject, purpose and currency, completed up to the day (:as_of).
SELECT e.subject, v.partition, v.entity, v.purpose, v.currency, v.model_id, v.model_version, v.as_of, v.low, v.mid,
  v.high, max(printf('%08d%019d', v.as_of, v."offset")) AS standing
FROM valuation AS v
JOIN record AS e ON e.outcome = 1 AND e.topic = 3 + 0 * v.partition -- 3: valuations; read from v or a subject
  AND e.partition = v.partition AND e."offset" = v.entity
WHERE unlikely(v.basis & :basis) AND v.since <= :as_of AND v.method = 'ai_model'
GROUP BY e.subject, v.purpose, v.currency, v.model_id, v.model_version
