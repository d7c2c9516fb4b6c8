-- Inventions in force on the day (:as_of): one row per area where they count (`area`: the region or '', its country,
-- ALL), with the criteria of high value (0 or 1) by the parameters of that area.
SELECT area, subject, region, granted_on, family_id, noted & 1 AS c1, coalesce(overseas = 2, 0) AS c2,
  -- the day that completes the years; it compares correctly even if it is not a date
  coalesce(full_month / 12 * 10000 + (full_month % 12 + 1) * 100 + since % 100 < :as_of, 0) AS c3,
  pledged AND EXISTS (
    SELECT 1 FROM pledge_asset AS a CROSS JOIN pledge_state AS s
    WHERE a.id IN (subject, substr(subject, 1, length(rtrim(subject, '0123456789')) - 1))
      AND (a.id = subject OR 1 = ( -- a number without a kind, if no other grant has it
        SELECT count(*) FROM record AS g INDEXED BY record_by_subject
        CROSS JOIN patent AS o ON o.partition = g.partition AND o.entity = g."offset" AND o.basis & :basis
          AND o.since = o.granted_on
        WHERE g.outcome = 1 AND g.topic = 2 AND g.subject >= a.id || 'A' AND g.subject < a.id || '['
          AND length(g.subject) <= length(a.id) + 2
      ))
      AND a.basis & :basis AND a.since <= :as_of
      AND s.partition = a.partition AND s.entity = a.entity AND s.basis & :basis
      AND s.since <= :as_of AND :as_of < s.until
      AND iif(least IS NULL, s.minor > 0, s.currency = least_in AND s.minor >= least_minor)
  ) AS c4,
  noted >> 1 AS c5, overseas IS NOT NULL AS c2_loose, years, anchor, least, least_currency
FROM (
  SELECT i.*, h.area, h.years, h.anchor, h.least, h.least_currency, h.currency AS least_in, h.least_minor,
    iif(h.anchor = 'filing', filed_on, granted_on) AS since,
    iif(h.anchor = 'filing', filed_on, granted_on) / 10000 * 12
      + iif(h.anchor = 'filing', filed_on, granted_on) / 100 % 100 - 1 + h.months AS full_month
  FROM invention AS i CROSS JOIN (SELECT 0 AS step UNION ALL SELECT 1 UNION ALL SELECT 2)
  CROSS JOIN high_value_parameter AS h
  WHERE (step != 1 OR length(i.region) > 2)
    AND h.area = CASE step WHEN 0 THEN coalesce(i.region, '')
      WHEN 1 THEN substr(i.region, iif(i.region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2) ELSE 'ALL' END
)
