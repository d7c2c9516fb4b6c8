-- Assets of the funnel, of regions (:only). Only for these, the other columns are computed, once (LIMIT).
SELECT * FROM journey_begun WHERE region IN (SELECT value FROM json_each(:only)) LIMIT -1
