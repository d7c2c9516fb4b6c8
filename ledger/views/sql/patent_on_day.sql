-- Granted patents in their state on the day (:as_of).
SELECT * FROM patent WHERE unlikely(basis & :basis) AND since <= :as_of AND :as_of < until
