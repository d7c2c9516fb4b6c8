-- Patents to score and weight sets: the weighted sums of both ends of their terms, by sub-index.
SELECT t.*, w.name, w.legal_weight, w.technical_weight, w.economic_weight,
  w.remaining_term AS w_remaining_term, w.claims AS w_claims, w.survived AS w_survived, w.scope AS w_scope,
    w.backward_cites AS w_backward_cites, w.forward_cites AS w_forward_cites, w.family_offices AS w_family_offices,
    w.grant_lag AS w_grant_lag, w.generality AS w_generality, w.renewals AS w_renewals, w.priced_deals AS
    w_priced_deals, w.award AS w_award,
  w.remaining_term * t.life_low + w.claims * t.claims_low + w.survived * t.survived_low AS legal_low,
  w.remaining_term * t.life_high + w.claims * t.claims_high + w.survived * 1000000 AS legal_high,
  w.scope * t.scope_low + w.backward_cites * t.cited_low + w.forward_cites * t.forward_low + w.family_offices *
    t.offices_low + w.grant_lag * t.lag_low AS technical_low,
  w.scope * t.scope_high + w.backward_cites * t.cited_high + w.forward_cites * t.forward_high + w.family_offices *
    t.offices_high + w.grant_lag * t.lag_high + w.generality * 1000000 AS technical_high,
  w.renewals * t.renewal_low + w.priced_deals * t.deal_low + w.award * t.award_low AS economic_low,
  w.renewals * 1000000 + w.priced_deals * 1000000 + w.award * 1000000 AS economic_high
FROM score_term AS t CROSS JOIN weight_in_force AS w
