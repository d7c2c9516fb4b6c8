-- Grants of patents (type 10), of industries (:only: their numbers).
SELECT * FROM document WHERE industry IN (SELECT value FROM json_each(:only)) AND type = 10 AND basis & :basis
