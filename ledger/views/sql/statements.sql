-- Original events with effect, each with its facts.
SELECT topic, partition, "offset", family AS type, source, subject, day AS occurred_on, CAST(facts AS TEXT) AS facts
FROM statement
ORDER BY topic, partition, "offset" -- so that SQLite reads the log, unless a subject is asked for
