-- Herfindahl-Hirschman index of the amounts secured by pledges in force on a day (:as_of), among pledgees and among
-- industries, by currency. Joint pledgees have equal parts in minor units; the remainder goes to those named first.
SELECT * FROM (
WITH standing AS (
  SELECT coalesce(s.currency, 0) AS currency, s.minor, coalesce(s.pledgees, p.pledgees) AS parties
  FROM pledge_state AS s
  CROSS JOIN pledge AS p ON p.partition = s.partition AND p.entity = s.entity AND p.basis & :basis
  WHERE s.cancelled_on IS NULL AND s.since <= :as_of AND :as_of < s.until AND s.basis & :basis
),
held AS (
  SELECT 'pledgees' AS among, currency, holder, sum(part / 1000000000000) AS high, sum(part % 1000000000000) AS low
  FROM (
    SELECT currency, coalesce(json_extract(party.value, '$.id'), json_extract(party.value, '$.name')) AS holder,
      minor / parties + (party.key < minor % parties) AS part
    FROM (SELECT currency, minor, json_array_length(parties) AS parties, parties AS names FROM standing),
      json_each(names) AS party
  )
  GROUP BY currency, holder
  UNION ALL
  SELECT 'industries', currency, industry, high, low
  FROM (
    SELECT currency, industry, sum(pledges) AS pledges, sum(high) AS high, sum(low) AS low
    FROM pledge_difference
    WHERE industry != 0 -- 0: all
    GROUP BY currency, industry
  )
  WHERE pledges != 0
)
SELECT among, s.currency, c.decimals, pledges, iif(among = 'pledgees', named, NULL) AS named, holders, iif(s.currency = 0, NULL, amount_high) AS amount_high,
  amount_low, hhi, largest_share
FROM (
  SELECT among, currency, count(*) AS holders, sum(high) + sum(low) / 1000000000000 AS amount_high,
    sum(low) % 1000000000000 AS amount_low, round(sum(part * part) / nullif(sum(part) * sum(part), 0), 12) AS hhi,
    max(part) / nullif(sum(part), 0) AS largest_share
  FROM (
    SELECT among, currency, high, low, iif(currency = 0, NULL, high * 1000000000000.0 + low) AS part FROM held
  )
  GROUP BY among, currency
) AS s
JOIN (
  SELECT currency, count(*) AS pledges, sum(coalesce(json_array_length(parties), 0) > 0) AS named
  FROM standing GROUP BY currency
) AS counted ON counted.currency = s.currency
LEFT JOIN currency AS c ON c.number = s.currency
ORDER BY among DESC, c.code
)
