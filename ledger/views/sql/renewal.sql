-- Annual fees paid up to the day (:as_of), one row per patent: the number of years, and the sum if in one currency.
SELECT partition, entity, count(*) AS years, count(minor) AS with_amount,
  iif(min(currency) = max(currency), min(currency), NULL) AS currency,
  iif(min(currency) = max(currency), sum(minor / 1000000000000) + sum(minor % 1000000000000) / 1000000000000, NULL)
    AS high,
  iif(min(currency) = max(currency), sum(minor % 1000000000000) % 1000000000000, NULL) AS low
FROM fee
WHERE basis & :basis AND since <= :as_of AND :as_of < until
GROUP BY partition, entity
