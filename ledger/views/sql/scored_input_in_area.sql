-- Patents to score, as in score_input: those of regions (:only) in force on the day (:as_of).
SELECT e.subject, i.*
FROM score_input AS i
CROSS JOIN record AS e ON e.topic = 2 AND e.partition = i.partition AND e."offset" = i.entity -- 2: patents
WHERE i.region IN (SELECT value FROM json_each(:only)) AND i.ended_on IS NULL
  AND (i.term_end > :as_of OR i.term_end IS NULL)
