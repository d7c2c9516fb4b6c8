-- Valuations made before a price was realised, each with that price: for each price the last valuation before it, by
-- model, version, approach, purpose and basis of value.
SELECT subject, model, model_version, made_by, approach, purpose, basis_of_value, industry, region, "right", year, as_of,
  coverage, v.currency, c.decimals, low / 1000000000000 AS low_high, low % 1000000000000 AS low_low,
  mid / 1000000000000 AS mid_high, mid % 1000000000000 AS mid_low, high / 1000000000000 AS high_high,
  high % 1000000000000 AS high_low, minor / 1000000000000 AS price_high, minor % 1000000000000 AS price_low,
  realised_on, minor BETWEEN low AND high AS inside, (
    SELECT d.owner_type FROM record AS e
    CROSS JOIN document AS d ON d.partition = e.partition AND d.entity = e."offset" AND d.basis & :basis
    WHERE e.outcome = 1 AND e.topic = 2 AND e.subject = v.subject AND d.owner_type IS NOT NULL -- 2: patents
    ORDER BY d.type = 10 DESC, d.type DESC LIMIT 1 -- 10: patent.granted
  ) AS owner_type, (
    SELECT CASE substr(code, 2, 1) WHEN '1' THEN 'large' WHEN '2' THEN 'small' ELSE 'micro' END FROM (
      SELECT f.since, f.fee_year, json_extract(CAST(r.facts AS TEXT), '$.source_code') AS code FROM record AS e
      CROSS JOIN patent_fee AS f ON f.partition = e.partition AND f.entity = e."offset" AND f.basis & :basis
      CROSS JOIN record AS r ON r.topic = 2 AND r.partition = f.partition AND r."offset" = f."offset"
      WHERE e.outcome = 1 AND e.topic = 2 AND e.subject = v.subject AND f.since <= v.as_of
    )
    WHERE code GLOB 'M[123]55[123]' OR code GLOB 'M[12][78][345]' -- docs/formats/uspto-maintenance-fees.md
    ORDER BY since DESC, fee_year DESC LIMIT 1
  ) AS owner_size, topic, partition, "offset"
FROM (
  SELECT e.subject, coalesce(v.model_id, v.appraiser, v.platform) AS model, v.model_version,
    coalesce(v.made_by, iif(v.method = 'ai_model', 'model', 'person')) AS made_by, v.approach, v.purpose, v.basis_of_value,
    v.industry, v.region, v."right", v.since / 10000 AS year, v.as_of, v.coverage, v.currency, v.low, v.mid, v.high,
    p.minor, p.day AS realised_on, p.topic, p.partition, p."offset",
    row_number() OVER (
      PARTITION BY p.topic, p.partition, p."offset", e.subject, v.purpose, coalesce(v.model_id, v.appraiser, v.platform),
        v.model_version, v.approach, v.basis_of_value
      ORDER BY v.as_of DESC, v."offset" DESC
    ) AS newest
  FROM realised_price AS p
  CROSS JOIN record AS e ON e.outcome = 1 AND e.subject = p.id AND e.topic = 3 -- 3: valuations
  CROSS JOIN valuation AS v ON v.partition = e.partition AND v.entity = e."offset" AND v.basis & :basis
  CROSS JOIN record AS r ON r.topic = 3 AND r.partition = v.partition AND r."offset" = v."offset"
  CROSS JOIN record AS q ON q.topic = p.topic AND q.partition = p.partition AND q."offset" = p."offset"
  WHERE r.timestamp < q.timestamp -- in the log before the price, whatever its days say
    AND v.currency = p.currency AND v.bound IS NULL AND v.as_of <= p.day AND p.day <= v.as_of + 20000 -- two years
    AND (p.what = 'licence') = (v.purpose = 'licence')
) AS v
JOIN currency AS c ON c.number = v.currency
WHERE newest = 1
ORDER BY subject, realised_on, topic, partition, "offset", model, model_version, approach, purpose, basis_of_value
