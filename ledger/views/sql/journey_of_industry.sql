-- Assets of the funnel, of industries (:only: their numbers).
SELECT * FROM journey_begun WHERE industry IN (SELECT value FROM json_each(:only))
