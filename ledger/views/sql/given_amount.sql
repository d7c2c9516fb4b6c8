-- Amounts in events, except 0: of pledges (kind 2, topic 1), valuations (11, 3), loans paid out (16, 5; type 290),
-- licences (12, 4; type 220) and assignments (13, 4; type 250). `before`: amounts of the kind and currency that are left out, before
-- all of these.
SELECT 2 AS kind, 1 AS topic, partition, "offset", registered_on AS day, currency, minor, 0 AS before
FROM pledge WHERE basis & :basis AND minor > 0
UNION ALL
SELECT 11, 3, partition, "offset", since, currency, mid, 0 FROM valuation WHERE basis & :basis AND mid > 0
UNION ALL
SELECT 16, 5, partition, "offset", day, currency, minor, 0
FROM loan_payment WHERE type = 290 AND basis & :basis AND minor > 0
UNION ALL
SELECT iif(type = 220, 12, 13), 4, partition, "offset", recorded_on, first_currency, first_minor, 0
FROM deal WHERE type IN (220, 250) AND since = recorded_on AND basis & :basis AND first_minor > 0
