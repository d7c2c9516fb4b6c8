-- Debtors sought by their id, else their name (:only).
SELECT value AS debtor FROM json_each(:only)
