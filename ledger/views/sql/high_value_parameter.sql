-- The parameters of high-value inventions, one row per area. `least_minor` is the least pledge amount in
-- minor units of its currency, rounded up. `kept_since` is the first day from which a right has not been maintained for more than
-- the years on the day (:as_of); it compares correctly even if it is not a date.
SELECT area, years, anchor, least, least_currency, c.number AS currency,
  CAST(units || substr(fraction, 1, c.decimals) AS INTEGER)
    + (CAST(substr(fraction, c.decimals + 1) AS INTEGER) > 0) AS least_minor,
  month / 12 * 10000 + (month % 12 + 1) * 100 + :as_of % 100 AS kept_since
FROM (
  SELECT *, substr(least, 1, instr(least || '.', '.') - 1) AS units,
    substr(substr(least, instr(least || '.', '.') + 1) || '000000000000', 1, 12) AS fraction,
    max(:as_of / 10000 * 12 + :as_of / 100 % 100 - 1 - CAST(round(years * 12) AS INTEGER), 0) AS month
  FROM (
    SELECT area, coalesce(max(iif(policy = 'high_value_years', value, NULL)), '10') AS years,
      coalesce(max(iif(policy = 'high_value_years', anchor, NULL)), 'grant') AS anchor,
      max(iif(policy = 'high_value_pledge', value, NULL)) AS least,
      max(iif(policy = 'high_value_pledge', currency, NULL)) AS least_currency
    FROM high_value_policy
    GROUP BY area
  )
) LEFT JOIN currency AS c ON c.code = least_currency
