-- Reasons to watch a pledge in force on a day (:as_of): the valuation of an asset is older than the policy `valuation_days`
-- allows, or the lower ends of the latest valuations, after haircuts, no longer cover the debt. `other` is the day and the
-- place of the valuation.
SELECT 'aged' AS reason, CAST(strftime('%Y%m%d', printf('%04d-%02d-%02d', valued_on / 10000, valued_on / 100 % 100,
    valued_on % 100), '+' || valid_days || ' days', '+1 day') AS INTEGER) AS since, 3 AS topic, asset AS subject, ' ' AS types,
  :as_of AS event_day, pledge, asset, currency, minor, NULL AS debt_to,
  printf('%08d ip.valuation.v1:%d=%d', completed_on, at_partition, at_offset) AS other
FROM collateral_asset
WHERE valid_days IS NOT NULL AND :as_of > CAST(strftime('%Y%m%d', printf('%04d-%02d-%02d', valued_on / 10000,
  valued_on / 100 % 100, valued_on % 100), '+' || valid_days || ' days') AS INTEGER)
UNION ALL
SELECT 'fell', completed_on, 3, pledge, ' ', :as_of, pledge, NULL, currency, minor, NULL,
  max(printf('%08d ip.valuation.v1:%d=%d', completed_on, at_partition, at_offset))
FROM collateral_asset
GROUP BY partition, entity, pledge
HAVING count(*) = count(mid) AND minor > sum(low * (1.0 - coalesce(haircut, 0)))
