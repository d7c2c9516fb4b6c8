-- Published figures, in log order.
SELECT f.figure, f.metric, f.region,
  (
    SELECT group_concat(name) FROM (
      SELECT name FROM constant WHERE family = 'right' AND number IN (SELECT value FROM json_each(f.rights))
      ORDER BY number
    )
  ) AS rights,
  f.industry, f.office, (SELECT group_concat(kind) FROM (SELECT value AS kind FROM json_each(f.kinds) ORDER BY value))
  AS kinds, f.scope, f.purpose, f.period_from, f.period_to, f.value, f.precision, f.rounding, f.bound, f.currency,
  f.converted_to, f.fx_source, coalesce(f.fx_on, f.published_on) AS fx_on, f.published_on, f.publisher, f.document,
  coalesce((
    SELECT 1 FROM published_figure AS later
    WHERE later.partition = f.partition AND later.entity = f.entity AND later.basis & :basis
      AND later.publisher = f.publisher AND later.published_on > f.published_on AND later.value != f.value
    ORDER BY later.basis DESC, later."offset" DESC LIMIT 1 -- the newest first: mostly it is later and different
  ), 0) AS restated,
  e.subject
FROM published_figure AS f
JOIN record AS e ON e.outcome = 1 AND e.topic = 8 + 0 * f.partition -- 8: reference data
  AND e.partition = f.partition AND e."offset" = f.entity
WHERE unlikely(f.basis & :basis) -- read from f or a subject
ORDER BY f.partition, f."offset"
