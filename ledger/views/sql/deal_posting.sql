-- Postings of deals (topic 4).
SELECT * FROM posting WHERE topic = 4 AND basis & :basis
