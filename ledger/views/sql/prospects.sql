-- Patents that are open for a licence on a day (:as_of), and the owners of grants that cite them. A citation and an offer may
-- name a patent with or without its kind. 10: patent.granted.
SELECT a.offer, a.id AS patent, json_extract(party.value, '$.name') AS prospect, g.subject AS grant_id, d.day AS cited_on,
  2 AS topic, c.partition, c.entity AS "offset"
FROM (
  SELECT offer, id, facts, iif(substr(id, -3, 2) GLOB '[0-9][A-Z]', substr(id, 1, length(id) - 2),
    iif(substr(id, -2) GLOB '[0-9][A-Z]', substr(id, 1, length(id) - 1), id)) AS bare
  FROM open_offer
) AS a
CROSS JOIN citation AS c ON c.basis & :basis AND c.id >= a.bare AND c.id < a.bare || '['
  AND (c.id = a.bare OR length(c.id) <= length(a.bare) + 2 AND substr(c.id, length(a.bare) + 1, 1) GLOB '[A-Z]')
CROSS JOIN record AS g ON g.topic = 2 AND g.partition = c.partition AND g."offset" = c.entity -- 2: patents
CROSS JOIN document AS d ON d.partition = c.partition AND d.entity = c.entity AND d.type = 10 AND d.basis & :basis
  AND d.day <= :as_of
CROSS JOIN json_each(CASE coalesce(d.assignees, '[]') WHEN '[]' THEN d.applicants ELSE d.assignees END) AS party
WHERE g.subject != a.id AND NOT EXISTS (
  SELECT 1 FROM json_each(a.facts, '$.patentees') AS own
  WHERE upper(json_extract(own.value, '$.name')) = upper(json_extract(party.value, '$.name'))
)
ORDER BY offer, patent, prospect, cited_on, topic, c.partition, "offset"
