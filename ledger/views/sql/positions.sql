-- Partitions: up to where each is posted, and what became of its offsets.
SELECT topic, partition, first, next, accepted, duplicate, conflict, rejected, gap FROM position
