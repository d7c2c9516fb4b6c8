-- Points of the scores on the day (:as_of), one row per patent, weight set and term. They add up to the score: the running
-- total of the weighted terms is rounded, and each term has what it adds to it.
SELECT subject AS patent, name AS weights, p.term, sub_index, value, n AS cohort, worse, upto - worse AS equal,
  low, high, weight, total AS weight_total,
  so_far_low / total - (so_far_low - weight * low) / total AS points_low,
  (so_far_high + total - 1) / total - (so_far_high - weight * high + total - 1) / total AS points_high,
  (SELECT e.events FROM score_events AS e WHERE e.subject = p.subject AND e.term = p.term) AS events
FROM score_point AS p
ORDER BY subject, name, number
