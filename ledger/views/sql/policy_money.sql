-- The values of policies that are money, in minor units of their currency: rounded down (an amount is at most the value
-- if it is at most that) and rounded up (it is at least the value if it is at least that).
SELECT currency, value, whole AS rounded_down, whole + (rest > 0) AS rounded_up
FROM (
  SELECT p.currency, value,
    CAST(substr(value, 1, instr(value || '.', '.') - 1)
      || substr(substr(value, instr(value || '.', '.') + 1) || '0000', 1, decimals) AS INTEGER) AS whole,
    CAST(substr(value, instr(value || '.', '.') + 1 + decimals) AS INTEGER) AS rest
  FROM policy AS p CROSS JOIN currency AS c ON c.code = p.currency WHERE p.basis & :basis
  GROUP BY p.currency, value
)
GROUP BY currency, value
