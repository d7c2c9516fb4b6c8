-- Pledges in force whose loan to value is above the cap on a day (:as_of). `other` is the day and the place of the policy
-- that sets the cap, or of the loan's last payment of principal (480: a subsidy of interest) if it is later.
SELECT 'ltv' AS reason, NULL AS since, 1 AS topic, l.pledge AS subject, ' 20 30 ' AS types, :as_of AS event_day, l.pledge,
  NULL AS asset, l.currency, l.secured_high * 1000000000000 + l.secured_low AS minor, NULL AS debt_to, max(
    (
      SELECT max(printf('%08d %s:%d=%d', c.since, t.name, c.partition, c."offset"))
      FROM (SELECT DISTINCT "right" FROM pledged_asset WHERE pledge = l.pledge) AS a
      CROSS JOIN cap_in_force AS c ON CAST(c.value AS REAL) = CAST(l.ltv_cap AS REAL) AND c.level = (
        SELECT min(level) FROM cap_in_force AS o
        WHERE o."right" IN (0, a."right")
          AND o.region IN ('', substr(l.region, iif(l.region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), l.region)
      ) AND c."right" IN (0, a."right")
        AND c.region IN ('', substr(l.region, iif(l.region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), l.region)
      JOIN constant AS t ON t.family = 'topic' AND t.number = 8 -- 8: reference data
    ),
    coalesce((
      SELECT printf('%08d %s:%d=%d', d.day, t.name, d.partition, d."offset")
      FROM record AS e
      JOIN loan_payment AS d ON d.partition = e.partition AND d.entity = e."offset" AND d.basis & :basis AND d.day <= :as_of
      JOIN constant AS t ON t.family = 'topic' AND t.number = 5 -- 5: loans
      WHERE l.loan_breach AND d.type != 480 AND e.outcome = 1 AND e.topic = 5 AND e.subject = l.deal
      ORDER BY d.day DESC, d."offset" DESC LIMIT 1
    ), '')
  ) AS other
FROM ltv AS l
WHERE l.breach OR l.loan_breach
