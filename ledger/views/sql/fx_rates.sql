-- Exchange rates. Of several of one source for one day, the last in the log counts.
SELECT rate_source AS fx_source, base, quote, day, rate
FROM (
  SELECT rate_source, base, quote, day, rate, max("offset") FROM fx_rate WHERE basis & :basis GROUP BY 1, 2, 3, 4
)
ORDER BY rate_source, base, quote, day
