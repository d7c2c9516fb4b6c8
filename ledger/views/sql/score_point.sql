-- Terms of the scores, one row per patent, weight set and term that has a weight in it: value, rank, interval, weight, and
-- the weighted sums of both ends up to this term.
SELECT * FROM (
  SELECT subject, name, number, term, iif(number < 4, 'legal', iif(number < 10, 'technical', 'economic')) AS sub_index,
    CASE number WHEN 1 THEN left_days WHEN 2 THEN claims WHEN 3 THEN survived WHEN 4 THEN scope WHEN 5 THEN cited WHEN
      6 THEN forward WHEN 7 THEN offices WHEN 8 THEN lag WHEN 10 THEN years WHEN 11 THEN priced WHEN 12 THEN award END
      AS value,
    CASE number WHEN 2 THEN claims_n WHEN 4 THEN scope_n WHEN 5 THEN cited_n WHEN 6 THEN forward_n WHEN 7 THEN
      offices_n WHEN 8 THEN lag_n END AS n,
    CASE number WHEN 2 THEN claims_worse WHEN 4 THEN scope_worse WHEN 5 THEN cited_worse WHEN 6 THEN forward_worse
      WHEN 7 THEN offices_worse WHEN 8 THEN lag_worse END AS worse,
    CASE number WHEN 2 THEN claims_upto WHEN 4 THEN scope_upto WHEN 5 THEN cited_upto WHEN 6 THEN forward_upto WHEN 7
      THEN offices_upto WHEN 8 THEN lag_upto END AS upto,
    CASE number WHEN 1 THEN life_low WHEN 2 THEN claims_low WHEN 3 THEN survived_low WHEN 4 THEN scope_low WHEN 5 THEN
      cited_low WHEN 6 THEN forward_low WHEN 7 THEN offices_low WHEN 8 THEN lag_low WHEN 9 THEN 0 WHEN 10 THEN
      renewal_low WHEN 11 THEN deal_low WHEN 12 THEN award_low END AS low,
    CASE number WHEN 1 THEN life_high WHEN 2 THEN claims_high WHEN 4 THEN scope_high WHEN 5 THEN cited_high WHEN 6
      THEN forward_high WHEN 7 THEN offices_high WHEN 8 THEN lag_high ELSE 1000000 END AS high,
    CASE number WHEN 1 THEN w_remaining_term WHEN 2 THEN w_claims WHEN 3 THEN w_survived WHEN 4 THEN w_scope WHEN 5
      THEN w_backward_cites WHEN 6 THEN w_forward_cites WHEN 7 THEN w_family_offices WHEN 8 THEN w_grant_lag WHEN 9
      THEN w_generality WHEN 10 THEN w_renewals WHEN 11 THEN w_priced_deals WHEN 12 THEN w_award END AS weight,
    legal_weight + technical_weight + economic_weight AS total,
    iif(number > 3, legal_low, 0) + iif(number > 9, technical_low, 0) + CASE number
      WHEN 1 THEN w_remaining_term * life_low WHEN 2 THEN w_remaining_term * life_low + w_claims * claims_low
      WHEN 3 THEN legal_low WHEN 4 THEN w_scope * scope_low WHEN 5 THEN w_scope * scope_low + w_backward_cites * cited_low
      WHEN 6 THEN w_scope * scope_low + w_backward_cites * cited_low + w_forward_cites * forward_low
      WHEN 7 THEN technical_low - w_grant_lag * lag_low WHEN 8 THEN technical_low WHEN 9 THEN technical_low
      WHEN 10 THEN w_renewals * renewal_low WHEN 11 THEN economic_low - w_award * award_low ELSE economic_low END AS so_far_low,
    iif(number > 3, legal_high, 0) + iif(number > 9, technical_high, 0) + CASE number
      WHEN 1 THEN w_remaining_term * life_high WHEN 2 THEN w_remaining_term * life_high + w_claims * claims_high
      WHEN 3 THEN legal_high WHEN 4 THEN w_scope * scope_high
      WHEN 5 THEN w_scope * scope_high + w_backward_cites * cited_high
      WHEN 6 THEN w_scope * scope_high + w_backward_cites * cited_high + w_forward_cites * forward_high
      WHEN 7 THEN technical_high - w_grant_lag * lag_high - w_generality * 1000000
      WHEN 8 THEN technical_high - w_generality * 1000000 WHEN 9 THEN technical_high
      WHEN 10 THEN w_renewals * 1000000 WHEN 11 THEN economic_high - w_award * 1000000 ELSE economic_high END AS so_far_high
  FROM score_sum CROSS JOIN (SELECT key + 1 AS number, value AS term FROM json_each('["remaining_term", "claims",
    "survived", "scope", "backward_cites", "forward_cites", "family_offices", "grant_lag", "generality", "renewals",
    "priced_deals", "award"]')) AS k
)
WHERE weight > 0
