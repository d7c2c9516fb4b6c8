-- Debtors asked for: those sought.
SELECT debtor FROM debtor_sought
