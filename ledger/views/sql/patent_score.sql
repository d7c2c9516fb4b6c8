-- Scores of the patents in force on the day (:as_of), one row per patent and weight set: the ends of the score and its
-- sub-indices in millionths, the lower rounded down and the upper up.
SELECT subject AS patent, name AS weights, office, "right", industry, region, filed_on / 10000 AS filing_year,
  lag_n AS cohort, legal_low / nullif(legal_weight, 0) AS legal_low,
  (legal_high + legal_weight - 1) / nullif(legal_weight, 0) AS legal_high,
  technical_low / nullif(technical_weight, 0) AS technical_low,
  (technical_high + technical_weight - 1) / nullif(technical_weight, 0) AS technical_high,
  economic_low / nullif(economic_weight, 0) AS economic_low,
  (economic_high + economic_weight - 1) / nullif(economic_weight, 0) AS economic_high,
  (legal_low + technical_low + economic_low) / (legal_weight + technical_weight + economic_weight) AS low,
  (legal_high + technical_high + economic_high + legal_weight + technical_weight + economic_weight - 1)
    / (legal_weight + technical_weight + economic_weight) AS high
FROM score_sum
ORDER BY subject, name
