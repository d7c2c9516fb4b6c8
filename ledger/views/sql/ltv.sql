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
    ) / nullif(iif(l.currency = appraised_currency, deal_appraised, NULL), 0) AS loan_ltv
  FROM (
    SELECT pledge, registration_no, deal, region, iif(min("right") = max("right"), min("right"), 9) AS "right", -- 9: mixed
      count(*) AS assets, count(appraised) AS appraised_assets, currency, minor,
      iif(count(*) = count(appraised) AND min(asset_currency) = max(asset_currency), min(asset_currency), NULL)
        AS appraised_currency,
      iif(count(*) = count(appraised) AND min(asset_currency) = max(asset_currency),
        sum(appraised / 1000000000000) + sum(appraised % 1000000000000) / 1000000000000, NULL) AS appraised_high,
      sum(appraised % 1000000000000) % 1000000000000 AS appraised_low,
      substr(min(cap), 31) AS ltv_cap, (
        SELECT iif(count(*) = count(a.appraised) AND min(a.currency) = max(a.currency),
          sum(a.appraised / 1000000000000) * 1000000000000.0 + sum(a.appraised % 1000000000000), NULL)
        FROM pledge AS p CROSS JOIN pledge_asset AS a ON a.partition = p.partition AND a.entity = p.entity
        WHERE p.deal_id = deal AND p.basis & :basis AND a.since <= :as_of AND :as_of < a.until AND a.basis & :basis
      ) AS deal_appraised -- in the currency of `appraised`, which is a part of it
    FROM (
      SELECT p.partition, p.entity, e.subject AS pledge, p.registration_no, p.deal_id AS deal, p.region, s.currency, s.minor, d."right",
        d.appraised, d.currency AS asset_currency, (
          SELECT substr(min(ranked), 2) FROM (SELECT 1) CROSS JOIN cap_in_force AS c
          WHERE c."right" IN (0, d."right")
            AND c.region IN ('', substr(p.region, iif(p.region IN ('CN-HK', 'CN-MO', 'CN-TW'), 4, 1), 2), p.region)
        ) AS cap
      FROM pledge AS p
      JOIN pledge_state AS s ON s.partition = p.partition AND s.entity = p.entity AND s.basis & :basis
        AND s.since <= :as_of AND :as_of < s.until AND s.cancelled_on IS NULL
      JOIN record AS e ON e.outcome = 1 AND e.topic = 1 + 0 * s.partition -- 1: pledges; after pledges in force, or from a subject
        AND e.partition = s.partition AND e."offset" = s.entity
      JOIN pledge_asset AS d ON d.partition = e.partition AND d.entity = e."offset" AND d.basis & :basis
        AND d.since <= :as_of AND :as_of < d.until
      WHERE unlikely(p.basis & :basis)
    )
    GROUP BY +pledge, -- in this order loans are found from neighbour to neighbour; +: pledges are not read in it
      partition, entity, pledge, registration_no, deal, region
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
