-- Open licences in force on a day (:as_of), an asset each. 4: deals, 260: open_licence.declared. SQLite starts from the licences or
-- from an asset, not from all records of the topic.
SELECT e.subject AS offer, a.id, CAST(r.facts AS TEXT) AS facts, d.recorded_on, d.region, d.fee, d.currency, d.minor,
  d.royalty_bp, d.partition, d."offset"
FROM deal AS d
JOIN deal_asset AS a ON a.partition = d.partition AND a.entity = d.entity AND a.type = 260 AND a.basis & :basis
CROSS JOIN record AS e ON e.topic = 4 AND e.partition = d.partition AND e."offset" = d.entity
CROSS JOIN record AS r ON r.topic = 4 AND r.partition = d.partition AND r."offset" = d."offset"
WHERE d.type = 260 AND unlikely(d.basis & :basis) AND d.since <= :as_of AND :as_of < d.until
  AND (d.ended_on IS NULL OR :as_of < d.ended_on) AND (d.term_to IS NULL OR :as_of <= d.term_to)
