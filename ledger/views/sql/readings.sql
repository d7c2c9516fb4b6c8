-- Answers that models read in texts of patents up to a day (:as_of).
SELECT e.subject AS patent, r.question, r.answer, r.quote, r.quote_at, r.part, r.day AS read_on, r.model_id, r.model_version,
  EXISTS (
    SELECT 1 FROM valuation_model AS m
    WHERE m.model_id = r.model_id AND m.model_version = r.model_version AND m.basis & :basis
      AND m.since <= r.day AND r.day < m.until
  ) AS registered, r.text_hash, r.prompt_hash, 2 AS topic, r.partition, r."offset" -- 2: patents
FROM patent_reading AS r
CROSS JOIN record AS e ON e.topic = 2 AND e.partition = r.partition AND e."offset" = r.entity
WHERE r.day <= :as_of AND r.basis & :basis
ORDER BY patent, question, read_on, r.partition, r."offset"
