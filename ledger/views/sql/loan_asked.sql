-- Loans as they are on a day (:as_of).
SELECT * FROM loan WHERE since <= :as_of AND :as_of < until AND basis & :basis
