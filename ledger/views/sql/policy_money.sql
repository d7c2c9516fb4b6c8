-- Money values of policies in minor units of their currency: rounded down for upper limits, rounded up for lower
-- limits.
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
