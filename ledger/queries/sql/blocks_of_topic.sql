-- The blocks of postings of a topic (:topic), partition by partition; `last` is the number of the partition's last one.
SELECT topic, partition, first / 4096 AS number, next / 4096 AS last FROM position WHERE topic = :topic
UNION ALL
SELECT topic, partition, number + 1, last FROM block WHERE number < last
