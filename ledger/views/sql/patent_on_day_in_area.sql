-- Granted patents in their state on the day (:as_of), of areas (regions, countries, ALL): of their regions, those of an index, as an
-- expression has no affinity of its own.
SELECT * FROM patent
WHERE unlikely(basis & :basis) AND since <= :as_of AND :as_of < until AND coalesce(region, '') IN (SELECT +region FROM granted_area)
