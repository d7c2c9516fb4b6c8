-- Valuations that count on a day (:as_of).
SELECT * FROM valuation WHERE since <= :as_of AND :as_of < until AND basis & :basis
