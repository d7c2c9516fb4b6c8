-- Assets of pools. Class 4 is patents of all rights; trademarks and copyrights have their own. Duplicates in a pool
-- count once. `patent` is the id of the patent.
SELECT partition, entity, place, since, id, max("right", 4) AS class,
  coalesce((
    SELECT CASE count(*) WHEN 1 THEN min(g.subject) END -- a number without a kind: the only grant that has it
    FROM record AS g INDEXED BY record_by_subject
    CROSS JOIN patent AS k ON k.partition = g.partition AND k.entity = g."offset" AND k.basis & :basis
      AND k.since = k.granted_on
    WHERE g.outcome = 1 AND g.topic = 2 AND g.subject >= a.id || 'A' AND g.subject < a.id || '['
      AND length(g.subject) <= length(a.id) + 2
  ), a.id) AS patent
FROM pledge_asset AS a
WHERE basis & :basis AND NOT EXISTS (
  SELECT 1 FROM pledge_asset AS b
  WHERE b.partition = a.partition AND b.entity = a.entity AND b.basis & :basis AND b.place < a.place
    AND b.since = a.since AND +b.id = a.id AND max(b."right", 4) = max(a."right", 4)
)
