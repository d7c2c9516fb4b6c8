-- Amounts as in given_amount, of the kinds and currencies in which subjects (:only) have one.
WITH asked AS (
  SELECT r.topic, r.partition, r."offset" FROM json_each(:only) AS o
  CROSS JOIN record AS r ON r.outcome = 1 AND r.subject = o.value
)
SELECT 2 AS kind, 1 AS topic, partition, "offset", registered_on AS day, currency, minor
FROM pledge
WHERE 1 IN (SELECT topic FROM asked) AND basis & :basis AND minor > 0 AND currency IN (
    SELECT p.currency FROM asked AS a CROSS JOIN pledge AS p ON p.partition = a.partition AND p.entity = a."offset"
    WHERE a.topic = 1
  )
UNION ALL
SELECT 11, 3, partition, "offset", since, currency, mid
FROM valuation
WHERE 3 IN (SELECT topic FROM asked) AND basis & :basis AND mid > 0 AND currency IN (
    SELECT v.currency FROM asked AS a CROSS JOIN valuation AS v ON v.partition = a.partition AND v.entity = a."offset"
    WHERE a.topic = 3
  )
UNION ALL
SELECT 16, 5, partition, "offset", day, currency, minor
FROM loan_payment
WHERE 5 IN (SELECT topic FROM asked) AND type = 290 AND basis & :basis AND minor > 0 AND currency IN (
    SELECT d.currency FROM asked AS a CROSS JOIN loan_payment AS d ON d.partition = a.partition AND d.entity = a."offset"
    WHERE a.topic = 5
  )
UNION ALL
SELECT iif(type = 220, 12, 13), 4, partition, "offset", recorded_on, first_currency, first_minor
FROM deal
WHERE 4 IN (SELECT topic FROM asked) AND type IN (220, 250) AND since = recorded_on AND basis & :basis AND first_minor > 0
  AND (type, first_currency) IN (
    SELECT d.type, d.first_currency FROM asked AS a
    CROSS JOIN deal AS d ON d.partition = a.partition AND d.entity = a."offset"
    WHERE a.topic = 4
  )
