-- Registrations of pledges of the debtors asked for: all.
SELECT * FROM registered_debtor
