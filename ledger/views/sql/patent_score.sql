-- Patents granted up to the day (:as_of), one row each, with the inputs and the sub-indices of their score.
SELECT subject AS patent, office, s."right", s.industry, s.region, granted_on, filed_on, in_force,
  life AS remaining_term, claims, survived, encumbered, size AS cohort, scope, backward AS backward_cites,
  forward AS forward_cites, offices AS family_offices, lag AS grant_lag_days, years AS renewals_paid,
  with_amount AS renewals_with_amount, s.currency AS renewal_currency, s.high AS renewal_floor_high,
  s.low AS renewal_floor_low, c.decimals, priced AS priced_deals, released AS pledges_released, award,
  cap.value AS ltv_cap, round(legal, 1) AS legal, round(technical, 1) AS technical, round(economic, 1) AS economic,
  round((legal + technical + economic) / 3.0, 1) AS composite, 'ipl-equal-1' AS weights, missing
FROM patent_index AS s LEFT JOIN currency AS c ON c.number = s.currency
LEFT JOIN patent_ltv_cap AS cap ON cap.region = coalesce(s.region, '') AND cap."right" = s."right"
ORDER BY patent
