-- Patent documents of a type (:type).
SELECT day / 10000 AS year, office, "right", region, ipc
FROM document
WHERE type = :type AND basis & :basis
