-- Amounts about 100, 10,000 or 100,000,000 times the usual one of their kind and currency, or that fraction of it.
-- Usual is the median of the hundred before; within the first hundred, from the sixth on, that of all before. For an
-- even number, the median is the lower of the middle two.
WITH amount AS MATERIALIZED (
  SELECT *, before + row_number() OVER (PARTITION BY kind, currency ORDER BY day, partition, "offset") AS n FROM given_amount
),
beginning AS MATERIALIZED (
  SELECT kind, currency, n, minor FROM amount WHERE n <= 100
),
usual AS MATERIALIZED (
  SELECT kind, currency, hundred + 1 AS hundred, 0 AS n, minor AS median FROM (
    SELECT kind, currency, (n - 1) / 100 AS hundred, minor,
      row_number() OVER (PARTITION BY kind, currency, (n - 1) / 100 ORDER BY minor) AS ordinal
    FROM amount
  ) WHERE ordinal = 50
  UNION ALL
  SELECT kind, currency, 0, n, minor FROM (
    SELECT a.kind, a.currency, a.n, b.minor,
      row_number() OVER (PARTITION BY a.kind, a.currency, a.n ORDER BY b.minor) AS ordinal
    FROM beginning AS a JOIN beginning AS b ON b.kind = a.kind AND b.currency = a.currency AND b.n < a.n
    WHERE a.n > 5
  ) WHERE ordinal = n / 2
),
compared AS (
  SELECT a.*, u.median, 1.0 * max(minor, median) / min(minor, median) AS ratio
  FROM amount AS a CROSS JOIN usual AS u ON u.kind = a.kind AND u.currency = a.currency
    AND u.hundred = (a.n - 1) / 100 AND u.n = iif(a.n > 100, 0, a.n)
)
SELECT *, CASE -- within a factor of 3, half an order of magnitude
  WHEN ratio BETWEEN 100 / 3.0 AND 300 THEN 100
  WHEN ratio BETWEEN 10000 / 3.0 AND 30000 THEN 10000
  ELSE 100000000 END AS factor
FROM compared
WHERE ratio BETWEEN 100 / 3.0 AND 300 OR ratio BETWEEN 10000 / 3.0 AND 30000
  OR ratio BETWEEN 100000000 / 3.0 AND 300000000
