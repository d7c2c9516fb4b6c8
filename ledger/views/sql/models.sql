-- Models of valuations: those that are registered on a day (:as_of), and those that valued something up to it. The ledger's own
-- rules need no event.
SELECT model_id, model_version, max(registered) AS registered, max(owner) AS owner, max(purpose) AS purpose,
  max(limits) AS limits, max(valid_from) AS valid_from, max(valid_to) AS valid_to, sum(valuations) AS valuations,
  max(last_on) AS last_on
FROM (
  SELECT model_id, model_version, 1 AS registered, owner, purpose, limits, since AS valid_from, valid_to, 0 AS valuations,
    NULL AS last_on, max(printf('%08d%019d', since, "offset")) AS standing
  FROM valuation_model
  WHERE since <= :as_of AND :as_of < until AND basis & :basis
  GROUP BY model_id, model_version
  UNION ALL
  SELECT model_id, model_version, substr(model_id, 1, 10) = 'ip-ledger/', NULL, NULL, NULL, NULL, NULL, count(*), max(since),
    NULL
  FROM valuation
  WHERE model_id IS NOT NULL AND since <= :as_of AND basis & :basis
  GROUP BY model_id, model_version
)
GROUP BY model_id, model_version
ORDER BY model_id, model_version
