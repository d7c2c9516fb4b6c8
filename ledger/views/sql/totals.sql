-- Sums of postings by kind, year, region, right, industry and currency, one row per basis; sums of 0 are omitted.
SELECT basis, kind, year, region, "right", industry, currency, c.decimals, events, with_amount, amount_high, amount_low
FROM (
  SELECT 1 AS basis, kind, year, region, "right", industry, currency, recorded_events AS events,
    recorded_with_amount AS with_amount, recorded_high AS amount_high, recorded_low AS amount_low
  FROM total
  UNION ALL
  SELECT 2, kind, year, region, "right", industry, currency, corrected_events, corrected_with_amount, corrected_high,
    corrected_low
  FROM total
) LEFT JOIN currency AS c ON c.number = currency
WHERE events != 0 OR with_amount != 0 OR amount_high != 0 OR amount_low != 0
