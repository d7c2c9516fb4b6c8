-- Tags of patents up to a day (:as_of), by source. A tag counts once for a patent.
SELECT tag, source, count(*) AS patents, min(day) AS first_on, max(day) AS last_on
FROM (
  SELECT name AS tag, source, min(day) AS day FROM patent_note
  WHERE what = 'tag' AND basis & :basis AND day <= :as_of
  GROUP BY name, source, partition, entity
)
GROUP BY tag, source
ORDER BY tag, source
