-- Patents to score, as in score_input: those in :only (ids) in force on the day (:as_of).
SELECT e.subject, i.*
FROM (
  SELECT r.subject, r.partition, r."offset"
  FROM json_each(:only) AS asked
  CROSS JOIN record AS r ON r.outcome = 1 AND r.subject = asked.value AND r.topic = 2 -- 2: patents
  GROUP BY r.subject, r.partition, r."offset"
) AS e
CROSS JOIN score_input AS i ON i.partition = e.partition AND i.entity = e."offset"
WHERE i.ended_on IS NULL AND (i.term_end > :as_of OR i.term_end IS NULL)
