-- Entities of valuations whose assets can be of regions (:only): by the valuations, or not by them.
SELECT * FROM journey_first WHERE region IS NULL OR region IN (SELECT value FROM json_each(:only))
LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining it
