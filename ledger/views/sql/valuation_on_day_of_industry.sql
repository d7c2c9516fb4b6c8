-- Valuations that count on a day (:as_of), of industries (:only: their numbers).
SELECT * FROM valuation
WHERE industry IN (SELECT value FROM json_each(:only)) AND since <= :as_of AND :as_of < until AND basis & :basis
