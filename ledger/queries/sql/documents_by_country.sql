-- Patent documents of a type (:type), once for each country of their applicants: `mine` of `parties` applicants are from
-- there. One of one if nobody is named.
SELECT d.day / 10000 AS year, d.office, d."right", d.region, json_extract(a.value, '$.country') AS country,
  count(*) AS mine, coalesce(nullif(json_array_length(d.applicants), 0), 1) AS parties, d.ipc
FROM document AS d LEFT JOIN json_each(d.applicants) AS a
WHERE d.type = :type AND d.basis & :basis
GROUP BY d.partition, d.entity, json_extract(a.value, '$.country') -- not the column `country` of the document
