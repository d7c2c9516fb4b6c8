-- Pledges in force on a day (:as_of) with a reason to watch them, and the event behind it: the last one with an effect, up
-- to `event_day`, of the subject and types that the reason names.
SELECT reason, coalesce(since, CAST(substr(found, 1, 8) AS INTEGER)) AS since, nullif(substr(found, 10), '') AS event, pledge,
  asset, currency, decimals, minor / 1000000000000 AS amount_high, minor % 1000000000000 AS amount_low
FROM (
  SELECT w.*, c.decimals, max(other, coalesce((
      SELECT printf('%08d %s:%d=%d', day, t.name, r.partition, r."offset")
      FROM (
        SELECT r.topic, r.partition, r."offset", r.subject, r.type,
          iif(a."offset" IS NULL, r.occurred_on, a.occurred_on) AS day,
          CAST(iif(a."offset" IS NULL, r.facts, a.facts) AS TEXT) AS facts
        FROM record AS r
        LEFT JOIN amended AS a
          ON a.topic = r.topic AND a.partition = r.partition AND a."offset" = r."offset" AND :basis = 2
        WHERE r.outcome = 1
      ) AS r
      JOIN constant AS t ON t.family = 'topic' AND t.number = r.topic
      WHERE r.subject = w.subject AND r.topic = w.topic AND instr(w.types, ' ' || r.type || ' ') AND day <= w.event_day
        AND (w.reason NOT IN ('due', 'overdue') OR json_extract(facts, '$.debt_to') = w.debt_to)
        AND NOT EXISTS (
          SELECT 1 FROM waiting AS n
          WHERE n.topic = r.topic AND n.partition = r.partition AND n."offset" = r."offset" AND n.basis = :basis
        )
      ORDER BY day DESC, r."offset" DESC LIMIT 1
    ), '')) AS found
  FROM (
    SELECT *, '' AS other FROM watched_right
    UNION ALL
    SELECT *, '' FROM watched_debt
    UNION ALL
    SELECT * FROM watched_ratio
    UNION ALL
    SELECT * FROM watched_value
  ) AS w
  LEFT JOIN currency AS c ON c.number = w.currency
)
ORDER BY pledge, reason, asset, since, event
