-- Valuations completed up to a day (:as_of). Each is superseded by the next of the same subject and purpose, by as_of,
-- then in the log.
SELECT e.subject, v.valuation_id, v.purpose, v.platform, v.method, v.approach, v.basis_of_value, v.model_id,
  v.model_version, v.appraiser, v.region, v."right", v.industry, v.since AS completed_on, v.as_of, v.currency, c.decimals,
  v.low / 1000000000000 AS low_high, v.low % 1000000000000 AS low_low,
  v.mid / 1000000000000 AS mid_high, v.mid % 1000000000000 AS mid_low,
  v.high / 1000000000000 AS high_high, v.high % 1000000000000 AS high_low,
  (
    SELECT n.valuation_id FROM valuation AS n
    WHERE n.partition = v.partition AND n.entity = v.entity AND n.purpose = v.purpose AND n.basis & :basis
      AND n.since <= :as_of AND (n.as_of, n."offset") > (v.as_of, v."offset")
    ORDER BY n.as_of, n."offset" LIMIT 1
  ) AS superseded_by
FROM valuation AS v
JOIN record AS e ON e.outcome = 1 AND e.topic = 3 + 0 * v.partition -- 3: valuations; read from v or a subject
  AND e.partition = v.partition AND e."offset" = v.entity
JOIN currency AS c ON c.number = v.currency
WHERE v.since <= :as_of AND unlikely(v.basis & :basis)
ORDER BY e.subject, v.purpose, v.as_of, v."offset"
