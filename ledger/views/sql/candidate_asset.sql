-- Assets of pools. Class 4 is patents of all rights; trademarks and copyrights have their own. Duplicates in a pool
-- count once.
SELECT partition, entity, place, since, id, max("right", 4) AS class
FROM pledge_asset AS a
WHERE basis & :basis AND NOT EXISTS (
  SELECT 1 FROM pledge_asset AS b
  WHERE b.partition = a.partition AND b.entity = a.entity AND b.basis & :basis AND b.place < a.place
    AND b.since = a.since AND +b.id = a.id AND max(b."right", 4) = max(a."right", 4)
)
