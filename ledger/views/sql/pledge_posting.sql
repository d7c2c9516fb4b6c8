-- Postings of pledges registered (kind 2).
SELECT p.* FROM posted_block AS b
CROSS JOIN posting AS p ON p.topic = b.topic AND p.partition = b.partition AND p.block = b.block AND p.kind = 2
WHERE b.kind = 2 AND p.basis & :basis AND p.region IN (SELECT region FROM area)
