-- Grants of patents (type 10), with their bibliographic data.
SELECT * FROM document WHERE type = 10 AND basis & :basis
