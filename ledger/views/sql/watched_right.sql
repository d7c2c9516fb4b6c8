-- Reasons to watch a pledged right on a day (:as_of): it lapsed, is challenged, is preserved, or is transferred. The event
-- is the last one of `types` about the subject, dated up to `event_day`.
SELECT reason, since, 2 AS topic, patent AS subject, types, iif(types = ' 10 170 ', :as_of, since) AS event_day, pledge, asset,
  currency, minor, debt_to
FROM (
  SELECT p.*, reason, -- 100: ceased, 110: invalidated, 10: granted, 170: term adjusted, 130: challenged, 150: preserved
    CASE reason
      WHEN 'lapsed' THEN iif(t.ended_on <= coalesce(t.term_end, 99991231), ' 100 110 ', ' 10 170 ')
      WHEN 'challenged' THEN ' 130 '
      ELSE ' 150 ' END AS types,
    CASE reason
      WHEN 'lapsed' THEN iif(t.ended_on <= coalesce(t.term_end, 99991231), t.ended_on, t.term_end)
      WHEN 'challenged' THEN t.challenged_on
      ELSE t.preserved_on END AS since
  FROM pledged_asset AS p
  CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 2 AND e.subject = p.patent -- 2: patents
  CROSS JOIN patent AS t ON t.partition = e.partition AND t.entity = e."offset" AND t.basis & :basis
    AND t.since <= :as_of AND :as_of < t.until
  CROSS JOIN (SELECT 'lapsed' AS reason UNION ALL SELECT 'challenged' UNION ALL SELECT 'preserved')
  WHERE p."right" < 5 -- 1 to 4: patents
)
WHERE since <= :as_of
UNION
SELECT 'lapsed', since, 6, asset, iif(ceased_on IS NULL, ' 320 330 ', ' 340 '), coalesce(ceased_on, :as_of), pledge, asset,
  currency, minor, debt_to
FROM (
  SELECT p.*, t.ceased_on, coalesce(t.ceased_on, CAST(strftime('%Y%m%d', printf('%04d-%02d-%02d', t.valid_to / 10000,
    t.valid_to / 100 % 100, t.valid_to % 100), '+1 day') AS INTEGER)) AS since
  FROM pledged_asset AS p
  CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 6 AND e.subject = p.asset -- 6: trademarks
  CROSS JOIN trademark AS t ON t.partition = e.partition AND t.entity = e."offset" AND t.basis & :basis
    AND t.since <= :as_of AND :as_of < t.until
  WHERE p."right" = 5 -- 5: trademark
)
WHERE since <= :as_of -- 320: registered, 330: renewed, 340: ceased
UNION
SELECT 'transferred', d.recorded_on, 4, e.subject, ' 250 ', d.recorded_on, p.pledge, p.asset, p.currency, p.minor, p.debt_to
FROM pledged_asset AS p
CROSS JOIN deal_asset AS g ON g.id = p.asset AND g.type = 250 AND g.basis & :basis -- 250: assignment
  AND max(g."right", 4) = max(p."right", 4)
CROSS JOIN deal AS d ON d.partition = g.partition AND d.entity = g.entity AND d.type = g.type AND d.basis & :basis
  AND d.since <= :as_of AND :as_of < d.until AND d.form IN ('assignment', 'merger') AND d.recorded_on > p.joined_on
CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 4 AND e.partition = d.partition AND e."offset" = d.entity -- 4: deals
