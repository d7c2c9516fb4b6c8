-- A pledge in force on a day (:as_of), with the appraised value of its assets, the outstanding loan of its deal (if in
-- one currency), and the lowest cap (policy `ltv_cap`) of its rights. The loan is compared with the assets of all
-- pledges of the deal.
SELECT pledge, registration_no, deal, region, "right", assets, appraised_assets,
  lent.currency, s.decimals AS secured_decimals, minor / 1000000000000 AS secured_high,
  minor % 1000000000000 AS secured_low,
  appraised_currency, a.decimals AS appraised_decimals, appraised_high, appraised_low,
  loan_currency, o.decimals AS loan_decimals, high + low / 1000000000000 AS outstanding_high,
  low % 1000000000000 AS outstanding_low,
  ltv, loan_ltv, ltv_cap, ltv > CAST(ltv_cap AS REAL) AS breach, loan_ltv > CAST(ltv_cap AS REAL) AS loan_breach
FROM (
  SELECT pool.*, l.currency AS loan_currency,
    disbursed_high - repaid_high - compensated_high - 2 AS high, -- the low half is never negative
    disbursed_low - repaid_low - compensated_low + 2000000000000 AS low,
    iif(pool.currency = appraised_currency, minor / nullif(appraised_high * 1000000000000.0 + appraised_low, 0), NULL)
      AS ltv,
    (
      (disbursed_high - repaid_high - compensated_high) * 1000000000000.0
        + disbursed_low - repaid_low - compensated_low
    ) / nullif((
      SELECT iif(count(*) = count(d.appraised) AND min(d.currency) = l.currency AND max(d.currency) = l.currency,
        sum(d.appraised / 1000000000000) * 1000000000000.0 + sum(d.appraised % 1000000000000), NULL)
      FROM pledge AS p CROSS JOIN pledge_asset AS d ON d.partition = p.partition AND d.entity = p.entity
      WHERE p.deal_id = deal AND p.basis & :basis AND d.since <= :as_of AND :as_of < d.until AND d.basis & :basis
    ), 0) AS loan_ltv
  FROM (
    SELECT pledge, registration_no, deal, region, iif(min("right") = max("right"), min("right"), 9) AS "right", -- 9: mixed
      count(*) AS assets, count(appraised) AS appraised_assets, currency, minor,
      iif(count(*) = count(appraised) AND min(asset_currency) = max(asset_currency), min(asset_currency), NULL)
        AS appraised_currency,
      iif(count(*) = count(appraised) AND min(asset_currency) = max(asset_currency),
        sum(appraised / 1000000000000) + sum(appraised % 1000000000000) / 1000000000000, NULL) AS appraised_high,
      sum(appraised % 1000000000000) % 1000000000000 AS appraised_low,
      substr(min(cap), 31) AS ltv_cap
    FROM (
      SELECT p.partition, p.entity, e.subject AS pledge, p.registration_no, p.deal_id AS deal, p.region, s.currency, s.minor, d."right",
        d.appraised, d.currency AS asset_currency, (
          SELECT substr(min(level || printf('%030.15f', value) || value), 2) -- the cap as a number first, for min()
          FROM (SELECT 1) CROSS JOIN policy_in_force AS c
          WHERE policy = 'ltv_cap' AND c."right" IN (0, d."right")
            AND c.region IN ('', substr(p.region, iif(p.region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), p.region)
        ) AS cap
      FROM pledge AS p
      JOIN pledge_state AS s ON s.partition = p.partition AND s.entity = p.entity AND s.basis & :basis
        AND s.since <= :as_of AND :as_of < s.until
      JOIN pledge_asset AS d ON d.partition = p.partition AND d.entity = p.entity AND d.basis & :basis
        AND d.since <= :as_of AND :as_of < d.until
      JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * d.partition -- 1: pledges; after assets in force, or from a subject
        AND e.partition = d.partition AND e."offset" = d.entity
      WHERE unlikely(p.basis & :basis)
    )
    GROUP BY partition, entity, pledge, registration_no, deal, region
  ) AS pool
  LEFT JOIN record AS e ON e.outcome = 1 AND e.topic = 5 AND e.subject = deal AND 1 = ( -- 5: loans
    SELECT count(*) FROM loan AS o WHERE o.partition = e.partition AND o.entity = e."offset" AND o.basis & :basis
      AND o.since <= :as_of AND :as_of < o.until
  )
  LEFT JOIN loan AS l ON l.partition = e.partition AND l.entity = e."offset" AND l.basis & :basis
    AND l.since <= :as_of AND :as_of < l.until
) AS lent
LEFT JOIN currency AS s ON s.number = lent.currency
LEFT JOIN currency AS a ON a.number = appraised_currency
LEFT JOIN currency AS o ON o.number = loan_currency
ORDER BY pledge
