-- Grants as in joint_grant, of industries (:only: their numbers).
SELECT partition, entity, day, office, "right", industry, applicants, json_array_length(applicants) AS n
FROM document
WHERE type = 10 AND basis & :basis AND country = '' AND industry IN (SELECT value FROM json_each(:only))
