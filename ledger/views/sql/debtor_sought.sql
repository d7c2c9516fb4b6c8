-- Debtors (id, else name) that a filter seeks: none without one.
SELECT NULL AS debtor WHERE false
