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
  coalesce(least != f.value OR most != f.value, 0) AS restated,
  e.subject
FROM (
  SELECT *, min(value) OVER later AS least, max(value) OVER later AS most FROM published_figure WHERE basis & :basis
  WINDOW later AS ( -- the figures that the publisher printed on later days
    PARTITION BY partition, entity, publisher ORDER BY published_on DESC GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  )
) AS f
CROSS JOIN record AS e ON e.outcome = 1 AND e.topic = 8 -- 8: reference data
  AND e.partition = f.partition AND e."offset" = f.entity
ORDER BY f.partition, f."offset"
