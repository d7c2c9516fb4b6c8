-- Entities of valuations whose assets can be of industries (:only: their numbers): by the valuations, or not by them.
SELECT * FROM journey_first WHERE industry IS NULL OR industry IN (SELECT value FROM json_each(:only))
LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining it
