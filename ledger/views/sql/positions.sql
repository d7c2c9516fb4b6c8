-- Partitions: posted offsets and outcomes.
SELECT topic, partition, first, next, accepted, duplicate, conflict, rejected, gap FROM position
