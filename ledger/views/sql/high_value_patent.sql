-- Inventions in force on the day (:as_of): one row per area where they count (`area`: the region or '', its country,
-- ALL), with the criteria of high value (0 or 1) by the parameters of that area.
SELECT h.area, subject, i.region, granted_on, family_id, noted & 1 AS c1, coalesce(overseas = 2, 0) AS c2,
  coalesce(iif(h.anchor = 'filing', filed_on, granted_on) < h.kept_since, 0) AS c3,
  EXISTS (
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
      AND iif(h.least IS NULL, s.minor > 0, s.currency = h.currency AND s.minor >= h.least_minor)
  ) AS c4,
  noted >> 1 AS c5, overseas IS NOT NULL AS c2_loose, h.years, h.anchor, h.least, h.least_currency
FROM invention AS i CROSS JOIN high_value_area AS h ON h.region = i.region
