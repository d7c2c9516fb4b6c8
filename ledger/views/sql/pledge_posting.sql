-- Postings of pledges registered (topic 1, kind 2).
SELECT * FROM posting WHERE topic = 1 AND kind = 2 AND basis & :basis
