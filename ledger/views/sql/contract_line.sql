-- The lines that each contract adds to totals, by kind, day, region, industry (0: all) and currency.
SELECT kind, date, region, industry, currency, sum(events) AS events, sum(with_amount) AS with_amount,
  sum(high) + sum(low) / 1000000000000 AS high, sum(low) % 1000000000000 AS low, conveyance
FROM contract_posting
GROUP BY partition, entity, kind, date, region, industry, currency HAVING sum(events) != 0
