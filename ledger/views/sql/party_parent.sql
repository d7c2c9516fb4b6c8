-- The parent of each controlled party on a day (:as_of). The latest first day takes precedence, then the last in the log.
SELECT party, parent, parent_name, max(printf('%08d%04d%019d', since, partition, "offset")) AS standing
FROM party_control
WHERE since <= :as_of AND :as_of < until AND basis & :basis
GROUP BY party
