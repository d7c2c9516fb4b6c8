-- Events behind the terms of the patents to score, up to the day (:as_of), one row per patent, term and event.
SELECT g.subject, t.term, 2 AS topic, d.partition, d."offset" -- 2: patents
FROM scored_patent AS g
CROSS JOIN document AS d ON d.partition = g.partition AND d.entity = g.entity AND d.basis & :basis AND d.day <= :as_of
CROSS JOIN score_source AS t ON t.type = d.type
UNION ALL
SELECT g.subject, 'remaining_term', 2, r.partition, r."offset"
FROM scored_patent AS g
CROSS JOIN record AS r ON r.outcome = 1 AND r.subject = g.subject AND r.topic = 2 AND r.type = 170 -- term_adjusted
LEFT JOIN amendment AS a ON a.topic = r.topic AND a.partition = r.partition AND a."offset" = r."offset"
WHERE iif(:basis = 1 OR a."offset" IS NULL, r.occurred_on, a.occurred_on) <= :as_of
  AND NOT EXISTS (
    SELECT 1 FROM waiting AS w
    WHERE w.topic = r.topic AND w.partition = r.partition AND w."offset" = r."offset" AND w.basis = :basis
  )
UNION ALL
SELECT g.subject, 'family_offices', 2, d.partition, d."offset"
FROM scored_patent AS g
CROSS JOIN document AS d ON d.family_id = g.family_id AND d.basis & :basis AND d.day <= :as_of
WHERE d.partition != g.partition OR d.entity != g.entity
UNION ALL
SELECT g.subject, 'forward_cites', 2, d.partition, d."offset"
FROM scored_patent AS g
CROSS JOIN citation AS c ON c.id IN (g.subject, substr(g.subject, 1, length(rtrim(g.subject, '0123456789')) - 1))
  AND (c.id = g.subject OR 1 = ( -- a number without a kind, if no other grant has it
    SELECT count(*) FROM record AS r INDEXED BY record_by_subject
    CROSS JOIN patent AS o ON o.partition = r.partition AND o.entity = r."offset" AND o.basis & :basis
      AND o.since = o.granted_on
    WHERE r.outcome = 1 AND r.topic = 2 AND r.subject >= c.id || 'A' AND r.subject < c.id || '['
      AND length(r.subject) <= length(c.id) + 2
  ))
  AND c.basis & :basis
  AND (c.partition != g.partition OR c.entity != g.entity)
CROSS JOIN patent AS k ON k.partition = c.partition AND k.entity = c.entity AND k.basis & :basis
  AND k.since <= :as_of AND :as_of < k.until AND k.granted_on <= g.granted_on + 50000
CROSS JOIN document AS d ON d.partition = c.partition AND d.entity = c.entity AND d.basis & :basis AND d.type = 10
WHERE (k.industry, k.filed_on / 10000) IS NOT (g.industry, g.filed_on / 10000)
UNION ALL
SELECT g.subject, 'renewals', 2, f.partition, f."offset"
FROM scored_patent AS g
CROSS JOIN patent_fee AS f ON f.partition = g.partition AND f.entity = g.entity AND f.basis & :basis
  AND f.since <= :as_of AND :as_of < f.until
UNION ALL
SELECT g.subject, iif(n.what = 'award', 'award', 'survived'), 2, n.partition, n."offset"
FROM scored_patent AS g
CROSS JOIN patent_note AS n ON n.partition = g.partition AND n.entity = g.entity AND n.basis & :basis
  AND n.day <= :as_of AND n.what != 'tag'
UNION ALL
SELECT g.subject, 'priced_deals', 4, d.partition, d."offset" -- 4: deals
FROM scored_patent AS g CROSS JOIN priced_deal AS d ON d.id = g.subject
