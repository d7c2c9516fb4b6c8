-- Annual fees paid up to the day (:as_of), one row per patent: the number of years, and the sum if in one currency.
SELECT patent, years, with_amount, paid.currency, c.decimals, high AS floor_high, low AS floor_low
FROM (
  SELECT e.subject AS patent, count(*) AS years, count(minor) AS with_amount,
    iif(min(currency) = max(currency), min(currency), NULL) AS currency,
    iif(min(currency) = max(currency), sum(minor / 1000000000000) + sum(minor % 1000000000000) / 1000000000000, NULL)
      AS high,
    iif(min(currency) = max(currency), sum(minor % 1000000000000) % 1000000000000, NULL) AS low
  FROM patent_fee AS p
  JOIN record AS e ON e.outcome = 1 AND e.topic = 2 + 0 * p.partition -- 2: patents; read from p or a subject
    AND e.partition = p.partition AND e."offset" = p.entity
  WHERE unlikely(p.basis & :basis) AND since <= :as_of AND :as_of < until
  GROUP BY e.subject
) AS paid LEFT JOIN currency AS c ON c.number = paid.currency
ORDER BY patent
