-- Offsets after the first one of an unreadable batch; the rows at the first represent all of them.
WITH RECURSIVE step(topic, partition, first, "offset", further) AS (
  SELECT topic, partition, "offset", "offset", offsets - 1 FROM rejection WHERE offsets > 1
  UNION ALL
  SELECT topic, partition, first, "offset" + 1, further - 1 FROM step WHERE further > 0
)
SELECT topic, partition, first, "offset" FROM step WHERE "offset" > first
