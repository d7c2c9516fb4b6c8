-- Registrations of pledges with their debtors: all.
SELECT * FROM registered_debtor
