-- Debtors asked for: the members and the top of each group whose top `reference.control` gives a name in :only; and the
-- debtors sought, which can be groups of their own.
SELECT party AS debtor FROM party_group
WHERE head IN (SELECT parent FROM party_parent WHERE parent_name IN (SELECT value FROM json_each(:only)))
UNION SELECT parent FROM party_parent WHERE parent_name IN (SELECT value FROM json_each(:only))
UNION SELECT debtor FROM debtor_sought
