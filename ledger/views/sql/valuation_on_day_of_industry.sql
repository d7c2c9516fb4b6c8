-- Valuations that count on a day (:as_of), of industries (:only: their numbers).
SELECT purpose, platform, industry, since, currency, mid, as_of FROM valuation
WHERE industry IN (SELECT value FROM json_each(:only)) AND since <= :as_of AND :as_of < until AND basis & :basis
LIMIT -1 -- read several times: LIMIT keeps SQLite from inlining it
