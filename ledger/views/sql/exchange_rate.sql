-- Exchange rates by source for the requests in rate_asked (sold, bought, day): the newest rate of the day or the 10
-- days before, none after :as_of. On one day a quoted rate goes first, then an inverse (`first_inverted`), then two
-- rates crossed over a third currency, the first by code. The factor is the product of both rates, each inverted if its
-- flag is 1; `second_rate` is NULL without a crossing.
WITH asked AS (
  SELECT sold, bought, max(day) AS last,
    CAST(strftime(
      '%Y%m%d', printf('%04d-%02d-%02d', min(day) / 10000, min(day) / 100 % 100, min(day) % 100), '-10 days'
    ) AS INTEGER) AS first
  FROM rate_asked GROUP BY sold, bought
),
code AS (
  SELECT code, min(first) AS first, max(last) AS last
  FROM (SELECT sold AS code, first, last FROM asked UNION ALL SELECT bought, first, last FROM asked) GROUP BY code
),
leg AS ( -- the last quotation of a source for a day in the log
  SELECT rate_source, day, iif(inverted, quote, base) AS sold, iif(inverted, base, quote) AS bought, inverted, rate,
    max("offset")
  FROM (
    SELECT q.* FROM code CROSS JOIN fx_rate AS q ON q.base = code AND q.day BETWEEN first AND last
    UNION SELECT q.* FROM code CROSS JOIN fx_rate AS q ON q.quote = code AND q.day BETWEEN first AND last
  ) CROSS JOIN (SELECT 0 AS inverted UNION ALL SELECT 1)
  WHERE day <= :as_of AND basis & :basis
  GROUP BY rate_source, day, 3, 4, inverted
),
rated AS (
  SELECT rate_source, sold, bought, day, first_rate, first_inverted, second_rate, second_inverted, min(way)
  FROM (
    SELECT l.rate_source, a.sold, a.bought, l.day, l.rate AS first_rate, l.inverted AS first_inverted,
      NULL AS second_rate, NULL AS second_inverted, l.inverted AS way
    FROM asked AS a CROSS JOIN leg AS l ON l.sold = a.sold AND l.bought = a.bought
    UNION ALL
    SELECT l.rate_source, a.sold, a.bought, l.day, l.rate, l.inverted, m.rate, m.inverted,
      l.bought || l.inverted || m.inverted
    FROM asked AS a
    CROSS JOIN leg AS l ON l.sold = a.sold AND l.bought != a.bought
    CROSS JOIN leg AS m ON m.rate_source = l.rate_source AND m.day = l.day AND m.sold = l.bought AND m.bought = a.bought
  )
  GROUP BY rate_source, sold, bought, day
),
last AS ( -- the last day with a rate up to each requested day
  SELECT rate_source, sold, bought, day, asked, max(rated_on) OVER (
    PARTITION BY rate_source, sold, bought ORDER BY day
  ) AS rated_on
  FROM (
    SELECT rate_source, sold, bought, day, day AS rated_on, 0 AS asked FROM rated
    UNION ALL
    SELECT rate_source, sold, bought, day, NULL, 1
    FROM rate_asked JOIN (SELECT DISTINCT rate_source, sold, bought FROM rated) USING (sold, bought)
  )
)
SELECT l.rate_source, l.sold, l.bought, l.day, l.rated_on, first_rate, first_inverted, second_rate, second_inverted,
  julianday(printf('%04d-%02d-%02d', l.day / 10000, l.day / 100 % 100, l.day % 100))
    - julianday(printf('%04d-%02d-%02d', l.rated_on / 10000, l.rated_on / 100 % 100, l.rated_on % 100)) AS age
FROM last AS l
CROSS JOIN rated AS r ON r.rate_source = l.rate_source AND r.sold = l.sold AND r.bought = l.bought AND r.day = l.rated_on
WHERE l.asked AND age <= 10
GROUP BY l.rate_source, l.sold, l.bought, l.day
