-- Debtors sought by a name (:only) that a pledge or a loan gives them. Joint pledgors are at '' in pledge_by_debtor. A text
-- that has neither the only name sought nor an escape need not be parsed.
SELECT coalesce(json_extract(debtors, '$[0].id'), json_extract(debtors, '$[0].name')) AS debtor
FROM registered_debtor
WHERE partition >= 0
  AND (json_array_length(:only) > 1 OR instr(debtors, json_extract(:only, '$[0]')) OR instr(debtors, '\'))
  AND json_extract(debtors, '$[0].name') IN (SELECT value FROM json_each(:only))
UNION
SELECT coalesce(json_extract(party.value, '$.id'), json_extract(party.value, '$.name'))
FROM pledge CROSS JOIN json_each(pledgors) AS party
WHERE coalesce(debtor, pledgors) IS NOT NULL AND iif(debtor IS NULL AND json_array_length(pledgors) > 1, '',
    coalesce(json_extract(coalesce(debtor, pledgors), '$[0].id'), json_extract(coalesce(debtor, pledgors), '$[0].name')))
  = '' AND json_extract(party.value, '$.name') IN (SELECT value FROM json_each(:only))
UNION
SELECT coalesce(json_extract(borrower, '$[0].id'), json_extract(borrower, '$[0].name'))
FROM loan_payment
WHERE partition >= 0
  AND (json_array_length(:only) > 1 OR instr(borrower, json_extract(:only, '$[0]')) OR instr(borrower, '\'))
  AND json_extract(borrower, '$[0].name') IN (SELECT value FROM json_each(:only))
