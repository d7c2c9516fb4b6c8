-- Granted patents as they are on the day (:as_of), of industries (:only: their numbers).
SELECT * FROM patent
WHERE basis & :basis AND since <= :as_of AND :as_of < until AND industry IN (SELECT value FROM json_each(:only))
LIMIT -1 -- it is read more than once: so SQLite does not unfold it
