-- Sets of weights in force on the day (:as_of), one row each.
SELECT w.name AS weights, w.purpose, w.publisher, w.document, w.since AS valid_from, w.valid_to, w.remaining_term, w.claims,
  w.survived, w.scope, w.backward_cites, w.forward_cites, w.family_offices, w.grant_lag, w.generality, w.renewals,
  w.priced_deals, w.award, r.id
FROM weight_in_force AS w
LEFT JOIN record AS r ON r.topic = 8 AND r.partition = w.partition AND r."offset" = w."offset" -- 8: reference data
ORDER BY w.name
