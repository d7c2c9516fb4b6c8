-- Originals with a revision, each with its day and facts on the corrected basis; both are NULL if it is voided.
SELECT a.topic, a.partition, a."offset", a.occurred_on, a.corrected_by, (
    SELECT json_extract(CAST(c.facts AS TEXT), '$[1]') FROM record AS c
    WHERE c.topic = a.topic AND c.partition = a.partition AND c."offset" = a.corrected_by
  ) AS facts
FROM amendment AS a
