-- Assets for which a valuation was requested or completed up to a day (:as_of), with industry and region: of the valuation, else
-- of the patent; and the sort of the patent's owner. 10, 80, 90: patents granted, filed, published. A patent's documents belong to
-- its first accepted event, so its later ones are not looked up.
SELECT e.subject, min(coalesce(requested_on, valued_on), coalesce(valued_on, requested_on)) AS began_on, requested_on, valued_on, coalesce(v.industry, (
    SELECT industry FROM (
      SELECT d.industry, max(iif(d.type = 10, 99, d.type)) FROM document AS d
      WHERE (d.partition, d.entity) = (
        SELECT partition, "offset" FROM record WHERE outcome = 1 AND topic = 2 AND subject = e.subject
        ORDER BY topic, partition, "offset" LIMIT 1
      ) AND d.basis & :basis AND d.day <= :as_of
    )
  ), (SELECT number FROM industry WHERE code = 'UNK')) AS industry, coalesce(v.region, (
    SELECT region FROM (
      SELECT d.region, max(iif(d.type = 10, 99, d.type)) FROM document AS d
      WHERE (d.partition, d.entity) = (
        SELECT partition, "offset" FROM record WHERE outcome = 1 AND topic = 2 AND subject = e.subject
        ORDER BY topic, partition, "offset" LIMIT 1
      ) AND d.basis & :basis AND d.day <= :as_of
    )
  ), '') AS region, coalesce((
    SELECT owner_type FROM (
      SELECT d.owner_type, max(iif(d.type = 10, 99, d.type)) FROM document AS d
      WHERE (d.partition, d.entity) = (
        SELECT partition, "offset" FROM record WHERE outcome = 1 AND topic = 2 AND subject = e.subject
        ORDER BY topic, partition, "offset" LIMIT 1
      ) AND d.basis & :basis AND d.day <= :as_of AND d.owner_type IS NOT NULL
    )
  ), 'unknown') AS owner_type
FROM journey_known AS v
CROSS JOIN record AS e ON e.topic = 3 AND e.partition = v.partition AND e."offset" = v.entity -- 3: valuations
