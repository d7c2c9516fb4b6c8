-- Families tagged `genai` with the year of the first publication of any kind, and the countries of the inventors, a JSON array of
-- arrays.
SELECT family, min(published_on) / 10000 AS year, '[' || coalesce(group_concat(countries), '') || ']' AS countries
FROM genai_member
GROUP BY family HAVING year IS NOT NULL
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
