-- Assets for which a valuation was requested or completed up to a day (:as_of), with industry and region: of the valuation, else
-- of the patent; and the sort of the patent's owner. 10, 80, 90: patents granted, filed, published.
SELECT e.subject, began_on, requested_on, valued_on, coalesce(v.industry, (
    SELECT industry FROM (
      SELECT d.industry, max(iif(d.type = 10, 99, d.type)) FROM record AS p
      CROSS JOIN document AS d ON d.partition = p.partition AND d.entity = p."offset" AND d.basis & :basis AND d.day <= :as_of
      WHERE p.outcome = 1 AND p.topic = 2 AND p.subject = e.subject
    )
  ), (SELECT number FROM industry WHERE code = 'UNK')) AS industry, coalesce(v.region, (
    SELECT region FROM (
      SELECT d.region, max(iif(d.type = 10, 99, d.type)) FROM record AS p
      CROSS JOIN document AS d ON d.partition = p.partition AND d.entity = p."offset" AND d.basis & :basis AND d.day <= :as_of
      WHERE p.outcome = 1 AND p.topic = 2 AND p.subject = e.subject
    )
  ), '') AS region, coalesce((
    SELECT owner_type FROM (
      SELECT d.owner_type, max(iif(d.type = 10, 99, d.type)) FROM record AS p
      CROSS JOIN document AS d ON d.partition = p.partition AND d.entity = p."offset" AND d.basis & :basis AND d.day <= :as_of
      WHERE p.outcome = 1 AND p.topic = 2 AND p.subject = e.subject AND d.owner_type IS NOT NULL
    )
  ), 'unknown') AS owner_type
FROM journey_known AS v
CROSS JOIN record AS e ON e.topic = 3 AND e.partition = v.partition AND e."offset" = v.entity -- 3: valuations
LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining it
