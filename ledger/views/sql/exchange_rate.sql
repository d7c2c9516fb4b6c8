-- Exchange rates by source for the requests in rate_asked (sold, bought, day): the newest rate of the day or the 10
-- days before, none after :as_of. On one day a quoted rate goes first, then an inverse (`first_inverted`), then two
-- rates crossed over a third currency, the first by code. The factor is the product of both rates, each inverted if its
-- flag is 1; `second_rate` is NULL without a crossing. Each request is looked up in the quotations of a pair (fx_rate_by_pair).
WITH RECURSIVE priced (base) AS ( -- here and below: the next one after each
  SELECT min(base) FROM fx_rate
  UNION ALL SELECT (SELECT min(q.base) FROM fx_rate AS q WHERE q.base > p.base) FROM priced AS p WHERE base IS NOT NULL
),
quoted (base, quote) AS (
  SELECT base, (SELECT min(q.quote) FROM fx_rate AS q WHERE q.base = p.base) FROM priced AS p WHERE base IS NOT NULL
  UNION ALL
  SELECT base, (SELECT min(q.quote) FROM fx_rate AS q WHERE q.base = p.base AND q.quote > p.quote)
  FROM quoted AS p WHERE quote IS NOT NULL
),
pair (base, quote, name) AS (
  SELECT base, quote, (SELECT min(q.rate_source) FROM fx_rate AS q WHERE q.base = p.base AND q.quote = p.quote)
  FROM quoted AS p WHERE quote IS NOT NULL
  UNION ALL
  SELECT base, quote, (
    SELECT min(q.rate_source) FROM fx_rate AS q WHERE q.base = p.base AND q.quote = p.quote AND q.rate_source > name
  ) FROM pair AS p WHERE name IS NOT NULL
),
leg AS MATERIALIZED (
  SELECT name, base, quote, iif(inverted, quote, base) AS sold, iif(inverted, base, quote) AS bought, inverted
  FROM pair CROSS JOIN (SELECT 0 AS inverted UNION ALL SELECT 1) WHERE name IS NOT NULL
),
way AS MATERIALIZED ( -- from one currency to another, in the order of `ordinal`
  SELECT *, row_number() OVER (PARTITION BY name, sold, bought ORDER BY rank) AS ordinal
  FROM (
    SELECT l.*, NULL AS second_base, NULL AS second_quote, NULL AS second_inverted, l.inverted AS rank
    FROM (SELECT DISTINCT sold, bought FROM rate_asked) AS a CROSS JOIN leg AS l ON l.sold = a.sold AND l.bought = a.bought
    UNION ALL
    SELECT l.name, l.base, l.quote, a.sold, a.bought, l.inverted, m.base, m.quote, m.inverted, l.bought || l.inverted || m.inverted
    FROM (SELECT DISTINCT sold, bought FROM rate_asked) AS a
    CROSS JOIN leg AS l ON l.sold = a.sold AND l.bought != a.bought
    CROSS JOIN leg AS m ON m.name = l.name AND m.sold = l.bought AND m.bought = a.bought
  )
),
dated AS ( -- of each request, the newest day with a rate, and the first way that has one on it
  SELECT a.day, w.*, max((
    SELECT q.day FROM fx_rate AS q
    WHERE q.rate_source = w.name AND q.base = w.base AND q.quote = w.quote AND q.day <= min(a.day, :as_of) AND q.basis & :basis
      AND q.day >= iif(a.day % 100 > 10, a.day - 10, CAST(strftime('%Y%m%d',
        printf('%04d-%02d-%02d', a.day / 10000, a.day / 100 % 100, a.day % 100), '-10 days') AS INTEGER))
      AND (second_base IS NULL OR EXISTS (
        SELECT 1 FROM fx_rate AS m
        WHERE m.rate_source = w.name AND m.base = second_base AND m.quote = second_quote AND m.day = q.day AND m.basis & :basis
      ))
    ORDER BY q.day DESC LIMIT 1
  ) * 1000000 - ordinal) AS newest
  FROM rate_asked AS a CROSS JOIN way AS w ON w.sold = a.sold AND w.bought = a.bought
  GROUP BY w.name, a.sold, a.bought, a.day
)
SELECT name AS rate_source, sold, bought, day, (newest + ordinal) / 1000000 AS rated_on, (
    SELECT q.rate FROM fx_rate AS q
    WHERE q.rate_source = name AND q.base = d.base AND q.quote = d.quote AND q.day = (newest + ordinal) / 1000000
      AND q.basis & :basis
    ORDER BY q."offset" DESC LIMIT 1
  ) AS first_rate, inverted AS first_inverted, (
    SELECT q.rate FROM fx_rate AS q
    WHERE q.rate_source = name AND q.base = second_base AND q.quote = second_quote AND q.day = (newest + ordinal) / 1000000
      AND q.basis & :basis
    ORDER BY q."offset" DESC LIMIT 1
  ) AS second_rate, second_inverted,
  julianday(printf('%04d-%02d-%02d', day / 10000, day / 100 % 100, day % 100)) - julianday(printf('%04d-%02d-%02d',
    (newest + ordinal) / 10000000000, (newest + ordinal) / 100000000 % 100, (newest + ordinal) / 1000000 % 100)) AS age
FROM dated AS d WHERE newest IS NOT NULL
