-- Grants of patents (type 10), with the bibliography that they bring.
SELECT * FROM document WHERE type = 10 AND basis & :basis
