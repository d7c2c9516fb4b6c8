-- Postings of deals (topic 4), of industries (:only: their numbers).
SELECT * FROM posting WHERE topic = 4 AND industry IN (SELECT value FROM json_each(:only)) AND basis & :basis
