-- Grants of several applicants, one row each.
SELECT partition, entity, day, office, "right", industry, applicants, json_array_length(applicants) AS n
FROM document
WHERE type = 10 AND basis & :basis AND country = ''
