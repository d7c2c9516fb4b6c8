-- Conflicts: one row per field that differs from the event that stands, or one row if everything kept is equal.
SELECT pair.topic, pair.partition, pair."offset", pair.subject, pair.type, pair.source, pair.id,
  coalesce(key, '(prose or envelope)') AS field,
  CAST(json_extract(stands, '$."' || key || '"') AS TEXT) AS stands,
  CAST(json_extract(conflicting, '$."' || key || '"') AS TEXT) AS conflicting
FROM conflict_pair AS pair LEFT JOIN json_each(json_patch(stands, conflicting)) AS f
  ON json_extract(stands, '$."' || key || '"') IS NOT json_extract(conflicting, '$."' || key || '"')
ORDER BY pair.topic, pair.partition, pair."offset", f.id
