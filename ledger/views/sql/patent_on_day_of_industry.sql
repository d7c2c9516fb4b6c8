-- Granted patents in their state on the day (:as_of), of industries (:only: their numbers).
SELECT * FROM patent
WHERE basis & :basis AND since <= :as_of AND :as_of < until AND industry IN (SELECT value FROM json_each(:only))
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
