-- Postings of deals (topic 4), of regions (:only).
SELECT * FROM posting WHERE topic = 4 AND region IN (SELECT value FROM json_each(:only)) AND basis & :basis
