-- Pledges in force on a day (:as_of): the debt and the latest valuations of their assets, on the middle, on the lower end
-- after haircuts, and after a fall of prices by 30 and 60 percent.
SELECT pledge, region, "right", assets, valued, currency, decimals, minor / 1000000000000 AS secured_high,
  minor % 1000000000000 AS secured_low, mid_high, mid_low, low_high, low_low, valued_on, lendable,
  minor / nullif(mid_high * 1000000000000.0 + mid_low, 0) AS ltv_mid, minor / nullif(lendable, 0) AS ltv_low,
  minor / nullif(0.7 * lendable, 0) AS ltv_30, minor / nullif(0.4 * lendable, 0) AS ltv_60, ltv_cap,
  minor > ltv_cap * lendable AS breach, minor > ltv_cap * 0.7 * lendable AS breach_30,
  minor > ltv_cap * 0.4 * lendable AS breach_60
FROM (
  SELECT pledge, region, iif(min("right") = max("right"), min("right"), 9) AS "right", -- 9: mixed
    count(*) AS assets, count(mid) AS valued, currency, minor, min(valued_on) AS valued_on,
    iif(count(*) = count(mid), sum(mid / 1000000000000) + sum(mid % 1000000000000) / 1000000000000, NULL) AS mid_high,
    sum(mid % 1000000000000) % 1000000000000 AS mid_low,
    iif(count(*) = count(mid), sum(low / 1000000000000) + sum(low % 1000000000000) / 1000000000000, NULL) AS low_high,
    sum(low % 1000000000000) % 1000000000000 AS low_low,
    iif(count(*) = count(mid), sum(low * (1.0 - coalesce(haircut, 0))), NULL) AS lendable, substr(min(cap), 31) AS ltv_cap
  FROM collateral_asset
  GROUP BY partition, entity, pledge, region
)
LEFT JOIN currency ON number = currency
ORDER BY pledge
