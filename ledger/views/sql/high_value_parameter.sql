-- The parameters of high-value inventions, one row per area with grants. `least_minor` is the least pledge amount in
-- minor units of its currency, rounded up.
SELECT area, years, CAST(round(years * 12) AS INTEGER) AS months, anchor, least, least_currency,
  c.number AS currency, CAST(units || substr(fraction, 1, c.decimals) AS INTEGER)
    + (CAST(substr(fraction, c.decimals + 1) AS INTEGER) > 0) AS least_minor
FROM (
  SELECT *, substr(least, 1, instr(least || '.', '.') - 1) AS units,
    substr(substr(least, instr(least || '.', '.') + 1) || '000000000000', 1, 12) AS fraction
  FROM (
    SELECT area, coalesce(max(iif(policy = 'high_value_years', value, NULL)), '10') AS years,
      coalesce(max(iif(policy = 'high_value_years', anchor, NULL)), 'grant') AS anchor,
      max(iif(policy = 'high_value_pledge', value, NULL)) AS least,
      max(iif(policy = 'high_value_pledge', currency, NULL)) AS least_currency
    FROM high_value_policy
    GROUP BY area
  )
) LEFT JOIN currency AS c ON c.code = least_currency
