-- Assets of the funnel, of regions (:only).
SELECT * FROM journey_begun WHERE region IN (SELECT value FROM json_each(:only))
