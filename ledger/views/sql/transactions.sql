-- Contracts by kind, industry (0: all), year, region and currency. A contract that was voided or moved adds 0.
SELECT iif(merger, 'mergers', k.name) AS kind, industry, year, region, currency, c.decimals, contracts, with_amount,
  amount_high, amount_low, fixed, royalty, free, mixed
FROM (
  SELECT kind, coalesce(conveyance = 'merger', 0) AS merger, industry, date / 10000 AS year, region, currency,
    sum(events) AS contracts, sum(with_amount) AS with_amount, sum(high) + sum(low) / 1000000000000 AS amount_high,
    sum(low) % 1000000000000 AS amount_low,
    iif(kind = 13, NULL, sum(iif(fee = 'fixed', events, 0))) AS fixed, -- 13: assignments
    iif(kind = 13, NULL, sum(iif(fee = 'royalty', events, 0))) AS royalty,
    iif(kind = 13, NULL, sum(iif(fee = 'free', events, 0))) AS free,
    iif(kind = 13, NULL, sum(iif(fee = 'mixed', events, 0))) AS mixed
  FROM contract_posting GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(events) != 0
) AS t
JOIN constant AS k ON k.family = 'kind' AND k.number = kind
LEFT JOIN currency AS c ON c.number = currency
ORDER BY year, t.kind, merger, industry, region, c.code
