-- Possible slips, each with the value in the event and its reference: amounts with currency, days, ids.
SELECT f.topic, f.partition, f."offset", f.subject, f.flag, f.value, f.expected, f.explanation
FROM (
  SELECT s.topic, s.partition, s."offset", e.subject, 'unit_slip_' || factor AS flag,
    CASE decimals WHEN 0 THEN minor
      ELSE printf('%d.%0*d', minor / unit, decimals, minor % unit) END || ' ' || code AS value,
    CASE decimals WHEN 0 THEN median
      ELSE printf('%d.%0*d', median / unit, decimals, median % unit) END || ' ' || code AS expected,
    'about ' || iif(minor > median, '', '1/') || factor || ' of the median of ' || k.name || ' before' AS explanation
  FROM unit_slip AS s
  CROSS JOIN (SELECT *, CAST(substr('10000', 1, decimals + 1) AS INTEGER) AS unit FROM currency) AS c
    ON c.number = s.currency
  CROSS JOIN constant AS k ON k.family = 'kind' AND k.number = s.kind
  CROSS JOIN record AS e ON e.topic = s.topic AND e.partition = s.partition AND e."offset" = s."offset"
  UNION ALL
  SELECT topic, partition, "offset", subject, flag, printf('%04d-%02d-%02d', value / 10000, value / 100 % 100, value % 100),
    printf('%04d-%02d-%02d', expected / 10000, expected / 100 % 100, expected % 100), explanation
  FROM slip
  UNION ALL
  SELECT topic, partition, "offset", subject, flag, value, expected, explanation FROM pool_slip
) AS f JOIN constant AS t ON t.family = 'topic' AND t.number = f.topic
ORDER BY t.name, f.partition, f."offset", f.flag, f.value
