-- Assets of the funnel, of industries (:only: their numbers). Only for these, the other columns are computed, once (LIMIT).
SELECT * FROM journey_begun WHERE industry IN (SELECT value FROM json_each(:only)) LIMIT -1
