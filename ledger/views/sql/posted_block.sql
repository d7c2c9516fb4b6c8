-- Blocks of 4096 offsets with postings of a kind: the days of a kind are a range of each block.
WITH RECURSIVE block (topic, partition, block, last) AS (
  SELECT topic, partition, first / 4096, next / 4096 FROM position
  UNION ALL SELECT topic, partition, block + 1, last FROM block WHERE block < last
),
found (topic, partition, block, kind) AS (
  SELECT topic, partition, block, (
    SELECT min(kind) FROM posting AS p WHERE p.topic = b.topic AND p.partition = b.partition AND p.block = b.block
  ) FROM block AS b
  UNION ALL
  SELECT topic, partition, block, (
    SELECT min(kind) FROM posting AS p
    WHERE p.topic = f.topic AND p.partition = f.partition AND p.block = f.block AND p.kind > f.kind
  ) FROM found AS f WHERE kind IS NOT NULL
)
SELECT topic, partition, block, kind FROM found WHERE kind IS NOT NULL
