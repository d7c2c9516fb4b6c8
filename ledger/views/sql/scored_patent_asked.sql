-- Patents in :only (ids) in force on the day (:as_of), with the first day of their term.
SELECT e.subject, p.*, iif(p.office = 'US' AND p."right" = 3, p.granted_on, p.filed_on) AS first_day -- 3: designs
FROM json_each(:only) AS asked
CROSS JOIN record AS e ON e.outcome = 1 AND e.subject = asked.value AND e.topic = 2 -- 2: patents
CROSS JOIN patent AS p ON p.partition = e.partition AND p.entity = e."offset" AND p.basis & :basis
  AND p.since <= :as_of AND :as_of < p.until AND p.ended_on IS NULL AND (p.term_end > :as_of OR p.term_end IS NULL)
GROUP BY p.partition, p.entity
