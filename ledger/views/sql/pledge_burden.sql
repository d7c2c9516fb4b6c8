-- Assets of pledges registered up to the day (:as_of), one row an asset: whether it is in a pool on the day, and how many
-- pledges ended for it (by their cancellation or its release) without a default or realisation.
SELECT id, max(held) AS held, sum(NOT held AND NOT EXISTS (
    SELECT 1 FROM pledge_state AS s
    WHERE s.partition = a.partition AND s.entity = a.entity AND s.basis & :basis AND s.since <= :as_of
      AND :as_of < s.until AND (s.defaulted_on IS NOT NULL OR s.realised_on IS NOT NULL)
  )) AS released
FROM (
  SELECT id, partition, entity, max(:as_of < until) AS held
  FROM pledge_asset
  WHERE basis & :basis AND since <= :as_of
  GROUP BY id, partition, entity
) AS a
GROUP BY id
