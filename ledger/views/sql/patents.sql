-- Patents granted up to the day (:as_of), in their state on that day.
SELECT e.subject AS patent, p.region, p.office, p."right", p.industry, p.family_id, p.filed_on, p.granted_on,
  iif(p.term_end % 100 > 1, p.term_end - 1, CAST(strftime('%Y%m%d', printf('%d-%02d-%02d', p.term_end / 10000,
    p.term_end / 100 % 100, p.term_end % 100), '-1 day') AS INTEGER)) AS term_ends_on, p.disclaimed AS term_disclaimed,
  p.ended_on, p.ended_on IS NULL AND coalesce(p.term_end > :as_of, 1) AS in_force,
  p.preserved_on IS NOT NULL AS preserved, p.challenged_on IS NOT NULL AS challenged,
  EXISTS (
    SELECT 1 FROM pledge_asset AS a
    WHERE a.id IN (e.subject, substr(e.subject, 1, length(rtrim(e.subject, '0123456789')) - 1))
      AND (a.id = e.subject OR 1 = ( -- a number without a kind, if no other grant has it
        SELECT count(*) FROM record AS g INDEXED BY record_by_subject
        CROSS JOIN patent AS o ON o.partition = g.partition AND o.entity = g."offset" AND o.basis & :basis
          AND o.since = o.granted_on
        WHERE g.outcome = 1 AND g.topic = 2 AND g.subject >= a.id || 'A' AND g.subject < a.id || '['
          AND length(g.subject) <= length(a.id) + 2
      ))
      AND a.basis & :basis AND a.since <= :as_of AND :as_of < a.until
  ) AS encumbered
FROM patent AS p
JOIN record AS e ON e.outcome = 1 AND e.topic = 2 + 0 * p.partition -- 2: patents; read from p or a subject, not through
  AND e.partition = p.partition AND e."offset" = p.entity
WHERE unlikely(p.basis & :basis) AND p.since <= :as_of AND :as_of < p.until
ORDER BY patent
