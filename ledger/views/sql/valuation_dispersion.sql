-- The latest valuation of each model for a subject and purpose, completed up to the day (:as_of), with the latest one
-- by another method in the same currency.
SELECT m.subject, m.purpose, m.model_id, m.model_version, m.as_of, m.currency, c.decimals,
  m.mid / 1000000000000 AS mid_high, m.mid % 1000000000000 AS mid_low,
  1.0 * (m.high - m.low) / nullif(m.mid, 0) AS spread, models,
  iif(models > 1, 1.0 * (largest - smallest) / nullif(smallest, 0), NULL) AS models_spread,
  o.method AS other_method, o.as_of AS other_as_of, o.mid / 1000000000000 AS other_mid_high,
  o.mid % 1000000000000 AS other_mid_low, 1.0 * (m.mid - o.mid) / nullif(o.mid, 0) AS deviation,
  o.mid BETWEEN m.low AND m.high AS inside
FROM (
  SELECT *, count(*) OVER same AS models, max(mid) OVER same AS largest, min(mid) OVER same AS smallest
  FROM model_valuation
  WINDOW same AS (PARTITION BY subject, purpose, currency)
) AS m LEFT JOIN valuation AS o ON o.partition = m.partition AND o.entity = m.entity AND o.basis & :basis AND o."offset" = (
  SELECT n."offset" FROM valuation AS n
  WHERE n.partition = m.partition AND n.entity = m.entity AND n.basis & :basis AND n.purpose = m.purpose
    AND n.currency = m.currency AND n.since <= :as_of AND n.method != 'ai_model'
  ORDER BY n.as_of DESC, n."offset" DESC LIMIT 1
)
JOIN currency AS c ON c.number = m.currency
ORDER BY m.subject, m.purpose, c.code, m.model_id, m.model_version
