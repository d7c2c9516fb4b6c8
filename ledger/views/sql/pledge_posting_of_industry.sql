-- Postings of pledges registered (topic 1, kind 2), of industries (:only: their numbers).
SELECT * FROM posting
WHERE topic = 1 AND kind = 2 AND industry IN (SELECT value FROM json_each(:only)) AND basis & :basis
