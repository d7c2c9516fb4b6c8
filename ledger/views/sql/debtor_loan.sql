-- Loans of the debtors asked for: all.
SELECT * FROM loan
