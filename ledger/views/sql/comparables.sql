-- Quartiles of the prices of three years up to a day (:as_of), by kind, industry and currency.
SELECT kind, industry, currency, c.decimals, contracts,
  lower / 1000000000000 AS lower_quartile_high, lower % 1000000000000 AS lower_quartile_low,
  middle / 1000000000000 AS median_high, middle % 1000000000000 AS median_low,
  upper / 1000000000000 AS upper_quartile_high, upper % 1000000000000 AS upper_quartile_low
FROM (
  SELECT kind, industry, currency, contracts, max(iif(ordinal = (contracts + 3) / 4, minor, NULL)) AS lower,
    sum(iif(ordinal IN ((contracts + 1) / 2, contracts / 2 + 1), minor, 0)) / (2 - contracts % 2) AS middle,
    max(iif(ordinal = (3 * contracts + 3) / 4, minor, NULL)) AS upper
  FROM (
    SELECT kind, industry, currency, high * 1000000000000 + low AS minor,
      row_number() OVER (PARTITION BY kind, industry, currency ORDER BY high, low) AS ordinal,
      count(*) OVER (PARTITION BY kind, industry, currency) AS contracts
    FROM contract_line
    WHERE kind IN (12, 13) AND coalesce(conveyance, '') != 'merger' -- licences and assignments
      AND with_amount = 1 AND industry != 0 AND date > :as_of - 30000 AND date <= :as_of -- 0: all industries
  )
  GROUP BY kind, industry, currency
) AS t JOIN currency AS c ON c.number = currency
ORDER BY kind, industry, c.code
