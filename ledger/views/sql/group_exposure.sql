-- Exposure of a group in a currency on a day (:as_of): the pledges in force and the outstanding loans of its members.
SELECT head AS "group", coalesce((SELECT min(parent_name) FROM party_parent WHERE parent = head), sums.name) AS name,
  currency, c.decimals, members, pledges, high + low / 1000000000000 AS secured_high,
  low % 1000000000000 AS secured_low, loans, loan_high + loan_low / 1000000000000 AS outstanding_high,
  loan_low % 1000000000000 AS outstanding_low
FROM (
  SELECT head, min(name) AS name, currency, count(DISTINCT debtor) AS members, count(DISTINCT pledge) AS pledges,
    count(DISTINCT loan) AS loans, coalesce(sum(high), 0) AS high, coalesce(sum(low), 0) AS low,
    coalesce(sum(loan_high), 0) AS loan_high, coalesce(sum(loan_low), 0) AS loan_low
  FROM (
    SELECT coalesce(g.head, d.debtor) AS head, d.*
    FROM debtor_contract AS d LEFT JOIN party_group AS g ON g.party = d.debtor
  )
  GROUP BY head, currency
) AS sums LEFT JOIN currency AS c ON c.number = currency
ORDER BY head IS NULL, head, c.code
