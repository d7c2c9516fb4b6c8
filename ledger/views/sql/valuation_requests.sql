-- Requests for valuations, each with its answers up to the day (:as_of): an interval, or why it was refused.
SELECT e.subject, q.requested_on, q.purpose, q.approach, q.basis_of_value, q.as_of, q.comparables, q.assets,
  CASE WHEN v.mid IS NOT NULL THEN 'completed' WHEN r.reason IS NOT NULL THEN 'refused' ELSE 'waiting' END AS state,
  r.reason, r.had, r.needed, coalesce(v.model_id, r.model_id) AS model_id,
  coalesce(v.model_version, r.model_version) AS model_version, q.currency, c.decimals,
  v.low / 1000000000000 AS low_high, v.low % 1000000000000 AS low_low,
  v.mid / 1000000000000 AS mid_high, v.mid % 1000000000000 AS mid_low,
  v.high / 1000000000000 AS high_high, v.high % 1000000000000 AS high_low, v.coverage, v.bound,
  3 AS topic, q.partition, q."offset"
FROM valuation_request AS q
CROSS JOIN record AS e ON e.topic = 3 AND e.partition = q.partition AND e."offset" = q."offset" -- 3: valuations
LEFT JOIN valuation AS v ON v.partition = q.partition AND v.entity = q.entity AND v.basis & :basis
  AND v.since <= :as_of AND v.request_source = e.source AND lower(replace(v.request_id, '-', '')) = CASE typeof(e.id)
    WHEN 'blob' THEN lower(hex(e.id)) ELSE lower(replace(e.id, '-', '')) END
LEFT JOIN valuation_refusal AS r ON r.partition = q.partition AND r.entity = q.entity AND r.basis & :basis
  AND r.refused_on <= :as_of AND r.request_source = e.source AND lower(replace(r.request_id, '-', '')) = CASE typeof(e.id)
    WHEN 'blob' THEN lower(hex(e.id)) ELSE lower(replace(e.id, '-', '')) END
JOIN currency AS c ON c.number = q.currency
WHERE q.basis & :basis AND q.requested_on <= :as_of
ORDER BY q.requested_on, q.partition, q."offset", model_id, model_version
