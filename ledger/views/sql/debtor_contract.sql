-- Pledges in force and outstanding loans on a day (:as_of) with their debtor; a part of a pledge for each joint debtor.
SELECT debtor, name, currency, partition << 48 | entity AS pledge, part / 1000000000000 AS high,
  part % 1000000000000 AS low, NULL AS loan, NULL AS loan_high, NULL AS loan_low
FROM pledge_of_debtor
UNION ALL
SELECT debtor, name, currency, NULL, NULL, NULL, partition << 48 | entity, high, low FROM loan_of_debtor
