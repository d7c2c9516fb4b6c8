-- Patents cited by patents granted up to the day (:as_of), one row per pair.
SELECT CAST(cited.value AS TEXT) AS id, d.partition, d.entity, d."offset", d.day
FROM (SELECT * FROM document WHERE cites IS NOT NULL) AS d CROSS JOIN json_each(d.cites) AS cited
WHERE d.type = 10 AND d.basis & :basis AND d.day <= :as_of -- 10: patent.granted
GROUP BY cited.value, d.partition, d.entity
