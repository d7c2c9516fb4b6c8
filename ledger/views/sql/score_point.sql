-- Terms of the scores, one row per patent, weight set and term that has a weight in it: value, rank, interval, weight.
SELECT subject, name, 1 AS number, 'remaining_term' AS term, 'legal' AS sub_index, left_days AS value, NULL AS n, NULL
  AS worse, NULL AS upto, life_low AS low, life_high AS high,
  w_remaining_term AS weight, legal_weight + technical_weight + economic_weight AS total
FROM score_sum WHERE w_remaining_term > 0
UNION ALL
SELECT subject, name, 2, 'claims', 'legal', claims, claims_n, claims_worse, claims_upto, claims_low, claims_high,
  w_claims, legal_weight + technical_weight + economic_weight
FROM score_sum WHERE w_claims > 0
UNION ALL
SELECT subject, name, 3, 'survived', 'legal', survived, NULL, NULL, NULL, survived_low, 1000000,
  w_survived, legal_weight + technical_weight + economic_weight
FROM score_sum WHERE w_survived > 0
UNION ALL
SELECT subject, name, 4, 'scope', 'technical', scope, scope_n, scope_worse, scope_upto, scope_low, scope_high,
  w_scope, legal_weight + technical_weight + economic_weight
FROM score_sum WHERE w_scope > 0
UNION ALL
SELECT subject, name, 5, 'backward_cites', 'technical', cited, cited_n, cited_worse, cited_upto, cited_low,
  cited_high,
  w_backward_cites, legal_weight + technical_weight + economic_weight
FROM score_sum WHERE w_backward_cites > 0
UNION ALL
SELECT subject, name, 6, 'forward_cites', 'technical', forward, forward_n, forward_worse, forward_upto, forward_low,
  forward_high,
  w_forward_cites, legal_weight + technical_weight + economic_weight
FROM score_sum WHERE w_forward_cites > 0
UNION ALL
SELECT subject, name, 7, 'family_offices', 'technical', offices, offices_n, offices_worse, offices_upto, offices_low,
  offices_high,
  w_family_offices, legal_weight + technical_weight + economic_weight
FROM score_sum WHERE w_family_offices > 0
UNION ALL
SELECT subject, name, 8, 'grant_lag', 'technical', lag, lag_n, lag_worse, lag_upto, lag_low, lag_high,
  w_grant_lag, legal_weight + technical_weight + economic_weight
FROM score_sum WHERE w_grant_lag > 0
UNION ALL
SELECT subject, name, 9, 'generality', 'technical', NULL, NULL, NULL, NULL, 0, 1000000,
  w_generality, legal_weight + technical_weight + economic_weight
FROM score_sum WHERE w_generality > 0
UNION ALL
SELECT subject, name, 10, 'renewals', 'economic', years, NULL, NULL, NULL, renewal_low, 1000000,
  w_renewals, legal_weight + technical_weight + economic_weight
FROM score_sum WHERE w_renewals > 0
UNION ALL
SELECT subject, name, 11, 'priced_deals', 'economic', priced, NULL, NULL, NULL, deal_low, 1000000,
  w_priced_deals, legal_weight + technical_weight + economic_weight
FROM score_sum WHERE w_priced_deals > 0
UNION ALL
SELECT subject, name, 12, 'award', 'economic', award, NULL, NULL, NULL, award_low, 1000000,
  w_award, legal_weight + technical_weight + economic_weight
FROM score_sum WHERE w_award > 0
