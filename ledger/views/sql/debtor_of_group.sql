-- Debtors asked for: the members of the groups sought, and the party at the top of each.
SELECT party AS debtor FROM party_group WHERE head IN (SELECT debtor FROM debtor_sought)
UNION SELECT debtor FROM debtor_sought
