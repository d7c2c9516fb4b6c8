-- Granted patents in their state on the day (:as_of), of areas (:only: regions, countries, ALL). They are found by
-- patent_by_region: `since > 0` is its condition, and + removes the column's affinity, which an expression does not have.
-- Those of ALL are read in the order of their key: by area, each would be looked up.
SELECT * FROM patent
WHERE instr(:only, '"ALL"') = 0 AND unlikely(basis & :basis) AND since > 0 AND since <= :as_of AND :as_of < until
  AND coalesce(region, '') IN (
    SELECT +t.region FROM json_each(:only) AS area CROSS JOIN total AS t -- 1: grants; 0: all industries
      ON t.kind = 1 AND t.industry = 0
        AND area.value IN (t.region, substr(t.region, iif(t.region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2))
  )
UNION ALL
SELECT * FROM patent
WHERE instr(:only, '"ALL"') AND unlikely(basis & :basis) AND since <= :as_of AND :as_of < until
