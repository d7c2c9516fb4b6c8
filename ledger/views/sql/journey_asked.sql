-- Assets of the funnel: all. Its columns are read several times: LIMIT keeps SQLite from inlining it.
SELECT * FROM journey_begun LIMIT -1
