-- Amounts as in given_amount, of the kinds and currencies in which subjects (:only) have one: from at least 200 amounts before
-- theirs, with the number of those before all of these (`before`). So few amounts are sorted. A day less a month (100) or a year
-- (10000) need not be a date: it compares correctly.
WITH asked AS (
  SELECT r.topic, r.partition, r."offset" FROM json_each(:only) AS o
  CROSS JOIN record AS r ON r.outcome = 1 AND r.subject = o.value
),
own AS MATERIALIZED (
  SELECT kind, currency, min(day) AS first_day, max(day) AS last_day
  FROM (
    SELECT 2 AS kind, p.currency, p.registered_on AS day
    FROM asked AS a CROSS JOIN pledge AS p ON p.partition = a.partition AND p.entity = a."offset" WHERE a.topic = 1
    UNION ALL
    SELECT 11, v.currency, v.since
    FROM asked AS a CROSS JOIN valuation AS v ON v.partition = a.partition AND v.entity = a."offset" WHERE a.topic = 3
    UNION ALL
    SELECT 16, d.currency, d.day
    FROM asked AS a CROSS JOIN loan_payment AS d ON d.partition = a.partition AND d.entity = a."offset" WHERE a.topic = 5
    UNION ALL
    SELECT iif(d.type = 220, 12, 13), d.first_currency, d.recorded_on
    FROM asked AS a CROSS JOIN deal AS d ON d.partition = a.partition AND d.entity = a."offset" WHERE a.topic = 4
  ) WHERE currency IS NOT NULL GROUP BY kind, currency
),
given AS MATERIALIZED ( -- a table is read only for a kind that is asked for, valuations from an index alone
  SELECT 2 AS kind, 1 AS topic, partition, "offset", registered_on AS day, p.currency, minor
  FROM own AS o CROSS JOIN pledge AS p ON +p.currency = o.currency AND p.registered_on <= last_day
  WHERE o.kind = 2 AND minor > 0 AND basis & :basis
  UNION ALL
  SELECT 11, 3, partition, "offset", since, v.currency, mid
  FROM own AS o CROSS JOIN valuation AS v ON v.currency = o.currency AND v.since <= last_day
  WHERE o.kind = 11 AND mid > 0 AND basis & :basis
  UNION ALL
  SELECT 16, 5, partition, "offset", day, p.currency, minor
  FROM own AS o CROSS JOIN loan_payment AS p ON +p.currency = o.currency AND p.day <= last_day
  WHERE o.kind = 16 AND +type = 290 AND minor > 0 AND basis & :basis
  UNION ALL
  SELECT o.kind, 4, partition, "offset", recorded_on, first_currency, first_minor
  FROM own AS o CROSS JOIN deal AS d ON +d.first_currency = o.currency AND d.recorded_on <= last_day
  WHERE o.kind IN (12, 13) AND +type = iif(o.kind = 12, 220, 250) AND since = recorded_on AND first_minor > 0 AND basis & :basis
),
near AS MATERIALIZED (
  SELECT kind, currency, last_day, (
    SELECT CASE WHEN sum(g.day >= first_day - 100) >= 200 THEN first_day - 100
      WHEN sum(g.day >= first_day - 10000) >= 200 THEN first_day - 10000 ELSE 0 END
    FROM given AS g WHERE +g.kind = o.kind AND +g.currency = o.currency AND +g.day < first_day -- no index for one use
  ) AS from_day
  FROM own AS o
)
SELECT g.*, before
FROM (
  SELECT *, (
    SELECT count(*) FROM given AS g WHERE +g.kind = n.kind AND +g.currency = n.currency AND +g.day < from_day
  ) AS before
  FROM near AS n LIMIT -1 -- count once
) AS n CROSS JOIN given AS g ON +g.kind = n.kind AND +g.currency = n.currency AND g.day BETWEEN from_day AND last_day
