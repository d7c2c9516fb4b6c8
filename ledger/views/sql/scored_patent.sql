-- Patents in force on the day (:as_of), with the first day of their term.
SELECT e.subject, p.*, iif(p.office = 'US' AND p."right" = 3, p.granted_on, p.filed_on) AS first_day -- 3: designs
FROM patent_on_day AS p
CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 2 -- 2: patents
  AND e.partition = p.partition AND e."offset" = p.entity
WHERE p.ended_on IS NULL AND (p.term_end > :as_of OR p.term_end IS NULL)
