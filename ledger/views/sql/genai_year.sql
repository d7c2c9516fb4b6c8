-- Families tagged `genai` with the year of the first publication of any kind, the countries of the inventors, a JSON array of
-- arrays, and the sources of the tag.
SELECT family, min(published_on) / 10000 AS year, '[' || coalesce(group_concat(countries), '') || ']' AS countries,
  max(ipc) AS ipc, max(declared) AS declared, max(model) AS model
FROM genai_member
GROUP BY family HAVING year IS NOT NULL
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
