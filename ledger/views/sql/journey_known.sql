-- Entities of valuations: all.
SELECT * FROM journey_first
LIMIT -1 -- columns read several times: LIMIT keeps SQLite from inlining it
