-- The statements as people read them: each original event that has effect, with the facts that it has.
SELECT topic, partition, "offset", family AS type, source, subject, day AS occurred_on, CAST(facts AS TEXT) AS facts
FROM statement
