-- Assets for which a valuation was requested or completed up to a day (:as_of), with industry and region: of the valuation, else
-- of the patent; and the sort of the patent's owner. A grant's word (10) goes before a publication's (90) and a filing's (80).
-- `documents` is rank and industry in five digits, and the region. A patent's documents belong to its first accepted event, so its
-- later ones are not looked up. Few documents state an owner's sort: an index has them.
SELECT subject, min(coalesce(requested_on, valued_on), coalesce(valued_on, requested_on)) AS began_on, requested_on, valued_on,
  coalesce(industry, CAST(substr(documents, 3, 3) AS INTEGER), (SELECT number FROM industry WHERE code = 'UNK')) AS industry,
  coalesce(region, substr(documents, 6), '') AS region, coalesce((
    SELECT substr(max(iif(d.type = 10, 99, d.type) || d.owner_type), 3) FROM document AS d
    WHERE (d.partition, d.entity) = (
      SELECT partition, "offset" FROM record WHERE outcome = 1 AND topic = 2 AND subject = v.subject
      ORDER BY topic, partition, "offset" LIMIT 1
    ) AND d.basis & :basis AND d.day <= :as_of AND d.owner_type IS NOT NULL
  ), 'unknown') AS owner_type
FROM (
  SELECT v.*, (
      SELECT min(r.requested_on) FROM valuation_request AS r
      WHERE r.subject = v.subject AND r.requested_on > 0 AND r.basis & :basis AND r.requested_on <= :as_of
    ) AS requested_on, iif(industry IS NULL OR region IS NULL, (
      SELECT max((iif(d.type = 10, 99, d.type) * 1000 + d.industry) || coalesce(d.region, ''))
      FROM document AS d
      WHERE (d.partition, d.entity) = (
        SELECT partition, "offset" FROM record WHERE outcome = 1 AND topic = 2 AND subject = v.subject
        ORDER BY topic, partition, "offset" LIMIT 1
      ) AND d.basis & :basis AND d.day <= :as_of
    ), NULL) AS documents
  FROM journey_known AS v
  LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining them
) AS v
